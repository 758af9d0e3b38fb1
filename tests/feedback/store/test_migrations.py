"""The schema goes up, down and up again, with data, and is what the code says."""

from __future__ import annotations

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import migrate
from feedback.store.engine import connect
from feedback.store.tables import Base
from tests.feedback.matters import routed, ticket
from tests.servers import DatabaseUrls


def test_the_newest_schema_is_what_the_tables_say(database_urls: DatabaseUrls) -> None:
    engine = connect(database_urls.owner, role=None, pool_size=1)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_down_and_up_again(database_urls: DatabaseUrls) -> None:
    assert migrate.current(database_urls.owner) == migrate.head()
    migrate.downgrade(database_urls.owner, "base")
    with psycopg.connect(database_urls.owner) as connection:
        left = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert [name for (name,) in left] == ["alembic_version"]
    migrate.upgrade(database_urls.owner)
    assert migrate.current(database_urls.owner) == migrate.head()


def test_data_survives_a_step_down_and_up(app: App, settings: Settings, database_urls: DatabaseUrls) -> None:
    code = routed(app, settings)
    app.store.engine.dispose()
    migrate.downgrade(database_urls.owner, "0001")
    migrate.upgrade(database_urls.owner)
    assert ticket(app, code).state == "open"


def test_reference_data_is_complete(database_urls: DatabaseUrls) -> None:
    with psycopg.connect(database_urls.app) as connection:
        wards = connection.execute("SELECT count(*), min(name) FROM ward").fetchone()
        fields = connection.execute("SELECT count(*) FROM field").fetchone()
    assert wards is not None
    assert wards[0] == 126
    assert fields == (22,)
