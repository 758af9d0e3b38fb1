"""What runs with the owner's rights does for the application's role only what it was made for."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.desk_town import Town
from tests.servers import DatabaseUrls


@pytest.fixture
def read(settings: Settings, app: App) -> int:
    """The id of a ticket with a prediction that names its evidence."""
    town = Town(app, create_app(settings, "desk", app))
    return town.look(town.ticket(evidence=[("Hố ga", "danger")])).id


@pytest.fixture
def as_app(database_urls: DatabaseUrls) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_urls.app, autocommit=True) as connection:
        connection.execute("SET ROLE feedback_app")
        yield connection


def evidence(connection: psycopg.Connection) -> object:
    found = connection.execute("SELECT result -> 'evidence' FROM prediction").fetchone()
    return found and found[0]


def test_a_temporary_table_does_not_stand_for_the_tickets(read: int, as_app: psycopg.Connection) -> None:
    as_app.execute("CREATE TEMPORARY TABLE ticket (id bigint, erased_at timestamptz)")
    as_app.execute("GRANT SELECT ON pg_temp.ticket TO PUBLIC")
    as_app.execute("INSERT INTO pg_temp.ticket VALUES (%s, now())", (read,))
    with pytest.raises(psycopg.errors.RaiseException, match="not erased"):
        as_app.execute("SELECT erase_prediction_texts(%s)", (read,))
    assert evidence(as_app)


def test_a_prediction_is_blanked_only_when_it_lies_under_seal(read: int, as_app: psycopg.Connection) -> None:
    as_app.execute(
        "INSERT INTO seal_trace (ticket_id, writer_hash, conversation_hash, proofs) VALUES (%s, 'a', 'b', '[]')",
        (read,),
    )
    as_app.execute("SELECT seal_predictions(%s)", (read,))
    assert evidence(as_app)


def test_every_function_with_the_owners_rights_looks_for_temporary_tables_last(
    as_app: psycopg.Connection,
) -> None:
    rows = as_app.execute(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(rows) >= 6
    for name, settings in rows:
        assert "search_path=pg_catalog, pg_temp" in (settings or []), name
