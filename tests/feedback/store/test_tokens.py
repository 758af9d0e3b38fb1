"""Single-use tokens: spent once over all processes, durable before use, unreadable at rest."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography.fernet import Fernet

from channels.errors import DeliveryFailed
from channels.port import TokenPair
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.engine import connect
from feedback.store.tokens import StoredTokens
from tests.servers import DatabaseUrls

SOON = datetime(2026, 11, 23, tzinfo=UTC)


class Provider:
    """Gives a new pair for each refresh token, once."""

    def __init__(self, *valid: str) -> None:
        self.valid = set(valid)
        self.calls = 0

    def __call__(self, refresh_token: str) -> TokenPair:
        self.calls += 1
        time.sleep(0.05)
        if refresh_token not in self.valid:
            raise DeliveryFailed("invalid refresh token", hold=True)
        self.valid = {f"refresh-{self.calls}"}
        return TokenPair(f"access-{self.calls}", f"refresh-{self.calls}", SOON + timedelta(hours=self.calls))


@pytest.fixture
def tokens(app: App, settings: Settings) -> StoredTokens:
    return StoredTokens(app.store.engine, settings.data_keys, first="first")


def test_the_first_token_is_used_once_and_then_the_stored_ones(tokens: StoredTokens) -> None:
    provider = Provider("first")
    spent = tokens.current("oa")
    assert spent is not None
    pair = tokens.refresh("oa", spent.access_token, provider)
    assert tokens.current("oa") == pair
    assert tokens.refresh("oa", pair.access_token, provider).access_token == "access-2"


def test_eight_at_once_spend_one_token(tokens: StoredTokens) -> None:
    provider = Provider("first")
    pair = tokens.refresh("oa", "none", provider)
    found: list[TokenPair] = []
    threads = [
        threading.Thread(target=lambda: found.append(tokens.refresh("oa", pair.access_token, provider)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.access_token for each in found} == {"access-2"}
    assert provider.calls == 2


def test_a_refused_refresh_keeps_what_was_there(tokens: StoredTokens) -> None:
    pair = tokens.refresh("oa", "none", Provider("first"))
    with pytest.raises(DeliveryFailed):
        tokens.refresh("oa", pair.access_token, Provider("another"))
    assert tokens.current("oa") == pair


def test_nothing_readable_lies_in_the_database(tokens: StoredTokens, database_urls: DatabaseUrls) -> None:
    tokens.refresh("oa", "none", Provider("first"))
    with psycopg.connect(database_urls.superuser) as connection:
        (row,) = connection.execute("SELECT access_token, refresh_token FROM channel_token").fetchall()
    assert all(b"access" not in value and b"refresh" not in value for value in row)


def test_without_a_token_to_begin_with_it_says_so(app: App, settings: Settings) -> None:
    tokens = StoredTokens(app.store.engine, settings.data_keys)
    assert tokens.current("oa") is None
    with pytest.raises(LookupError, match="FEEDBACK_ZALO_REFRESH_TOKEN"):
        tokens.refresh("oa", "none", Provider())


def test_without_the_database_a_delivery_fails_and_may_be_tried_again(settings: Settings) -> None:
    away = StoredTokens(connect("postgresql:///x?host=/nowhere"), settings.data_keys, "first")
    with pytest.raises(DeliveryFailed) as failure:
        away.current("oa")
    assert (failure.value.code, failure.value.unknown, failure.value.permanent) == ("database", False, False)


def test_with_another_key_the_channel_waits_for_a_person(tokens: StoredTokens, app: App) -> None:
    tokens.refresh("oa", "none", Provider("first"))
    stranger = StoredTokens(app.store.engine, (Fernet.generate_key().decode(),))
    with pytest.raises(DeliveryFailed) as failure:
        stranger.current("oa")
    assert (failure.value.code, failure.value.hold) == ("data_key", True)
