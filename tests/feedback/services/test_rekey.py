"""The key of the restricted store can be changed, in steps; a lost key is told, and nothing is destroyed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest
from cryptography.fernet import Fernet

from feedback.domain.errors import SealedUnreadable
from feedback.services import read, rekey
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.sealed import Box
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import THU
from tests.servers import DatabaseUrls

NEW = Fernet.generate_key().decode()


def with_keys(app: App, *keys: str) -> App:
    return replace(app, box=Box(keys))


def test_everything_opens_with_the_new_key_alone_afterwards(app: App, settings: Settings) -> None:
    codes = [routed(app, settings, reading(kind="denunciation")) for _ in range(3)]
    old = settings.denunciation_keys
    both = with_keys(app, NEW, *old)
    total = rekey.waiting(both)
    assert total >= 3 * 3
    assert sum(step.done for step in rekey.steps(both, batch=2)) == total
    assert rekey.waiting(both) == 0
    for code in codes:
        assert read.open_ticket(with_keys(app, NEW), THU, code).messages[0].text.startswith("Rác ba ngày")
        with pytest.raises(SealedUnreadable):
            read.open_ticket(app, THU, code)


def test_begun_again_it_goes_on_where_it_stopped(app: App, settings: Settings) -> None:
    for _ in range(2):
        routed(app, settings, reading(kind="denunciation"))
    both = with_keys(app, NEW, *settings.denunciation_keys)
    total = rekey.waiting(both)
    first = next(rekey.steps(both, batch=2))
    assert first.done == 2
    assert rekey.waiting(both) == total - 2
    assert sum(step.done for step in rekey.steps(both, batch=100)) == total - 2


def test_without_the_old_key_pieces_are_named_and_left_as_they_are(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    lost = with_keys(app, NEW)
    unreadable = [place for step in rekey.steps(lost, batch=2) for place in step.unreadable]
    assert ("ticket", ticket(app, code).id) in unreadable
    assert read.open_ticket(app, THU, code).messages[0].text.startswith("Rác ba ngày")
    assert rekey.key_fits(lost) is False
    assert rekey.key_fits(app) is True


def test_an_empty_store_fits_every_key(app: App) -> None:
    assert rekey.key_fits(app) is None


def test_what_was_received_before_there_was_a_store_is_put_under_seal(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = routed(app, settings)
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute(
            "UPDATE ticket SET kind = 'denunciation', queue = 'denunciation', restricted = true"
        )
    assert rekey.seal_all(app) == 1
    assert rekey.seal_all(app) == 0
    assert ticket(app, code).sealed_at is not None
    assert read.open_ticket(app, THU, code).messages[0].text.startswith("Rác ba ngày")


def test_the_command_tells_its_progress(app: App, settings: Settings, environ: dict[str, str]) -> None:
    routed(app, settings, reading(kind="denunciation"))
    keys = ",".join((NEW, *settings.denunciation_keys))
    done = subprocess.run(
        [sys.executable, "-m", "feedback.cli", "denunciations", "rekey"],
        env={**environ, "FEEDBACK_DENUNCIATION_KEY": keys},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "pieces encrypted with the newest key, 0 not readable" in done.stdout
    assert " of " in done.stderr
    lost = subprocess.run(
        [sys.executable, "-m", "feedback.cli", "denunciations", "rekey"],
        env={**environ, "FEEDBACK_DENUNCIATION_KEY": Fernet.generate_key().decode()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert lost.returncode == 1
    assert "keep the old keys" in lost.stderr
