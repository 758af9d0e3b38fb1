"""The root fixtures keep what they promise."""

from __future__ import annotations

import time

import psycopg
import pytest
import redis

from feedback.embedded import postgres
from feedback.settings import Settings
from tests.servers import DatabaseUrls, fresh_database


def test_each_test_gets_its_own_database(
    cluster: postgres.Postgres, template: str, database_urls: DatabaseUrls
) -> None:
    with psycopg.connect(database_urls.owner) as connection:
        connection.execute("CREATE TABLE mine (id int)")
        connection.commit()
    for other in fresh_database(cluster, template):
        with psycopg.connect(other.owner) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)


def test_the_application_may_not_touch_the_audit(database_urls: DatabaseUrls) -> None:
    with (
        psycopg.connect(database_urls.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM audit_event")


def test_a_copy_is_made_quickly(cluster: postgres.Postgres, template: str) -> None:
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        for _urls in fresh_database(cluster, template):
            taken.append(time.perf_counter() - started)
    assert min(taken) < 0.2, taken


def test_the_logical_database_of_valkey_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "over")


def test_settings_lead_to_this_database(settings: Settings, database_urls: DatabaseUrls) -> None:
    assert settings.database_url == database_urls.app
