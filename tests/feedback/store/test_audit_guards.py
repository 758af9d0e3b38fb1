"""What the database itself refuses, whoever asks: the application's role, the owner, a late or a forged row."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest

from feedback.domain.sealing import GENESIS
from feedback.services.app import App
from feedback.settings import Settings
from tests.feedback.store.sealed import TABLES, Past
from tests.servers import DatabaseUrls

ROW: LiteralString = """
INSERT INTO audit_event (chain, seq, at, actor, action, before, after, prev_hash, hash)
VALUES (%s, %s, now() - %s::interval, 'Lan', 'closed', '{}', '{}', %s, %s)
"""


@pytest.fixture
def past(app: App, settings: Settings) -> Past:
    found = Past(app, settings)
    found.live()
    found.seal()
    return found


@pytest.fixture
def application(past: Past, database_urls: DatabaseUrls) -> psycopg.Connection:
    """As a process of the service connects."""
    return psycopg.connect(database_urls.app, autocommit=True, options="-c role=feedback_app")


FORBIDDEN = [
    *(
        f"UPDATE {table} SET {column} = {column}"
        for table, column in zip(TABLES, ("actor", "seq", "day", "root"), strict=True)
    ),
    *(f"DELETE FROM {table}" for table in TABLES),
    *(f"TRUNCATE {table}" for table in TABLES),
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES),
    "INSERT INTO audit_head VALUES ('made:up', 1, 'x')",
    "INSERT INTO audit_day VALUES ('2020-01-01', now())",
    "INSERT INTO audit_seal SELECT * FROM audit_seal",
    "BEGIN; LOCK TABLE audit_event IN SHARE MODE",
    "DROP TRIGGER audit_event_link ON audit_event",
    "CREATE OR REPLACE FUNCTION audit_event_link() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "SET ROLE feedback_owner",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_read_and_add_and_nothing_else(
    application: psycopg.Connection, statement: LiteralString
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_even_the_owner_is_stopped_by_a_guard(past: Past, database_urls: DatabaseUrls, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with (
            psycopg.connect(database_urls.owner) as owner,
            pytest.raises(psycopg.errors.RaiseException, match="append-only"),
        ):
            owner.execute(statement)  # type: ignore[arg-type]


def test_even_the_owner_moves_no_head_by_hand(past: Past, database_urls: DatabaseUrls) -> None:
    for statement in ("UPDATE audit_head SET seq = 1", "INSERT INTO audit_head VALUES ('made:up', 1, 'x')"):
        with (
            psycopg.connect(database_urls.owner) as owner,
            pytest.raises(psycopg.errors.RaiseException, match="append-only"),
        ):
            owner.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chain", "seq", "prev_hash"),
    [
        ("ticket:5", 1, GENESIS),
        ("ticket:5", 2, GENESIS),
        ("ticket:5", 3, "f" * 64),
        ("ticket:5", 4, "f" * 64),
        ("made:up", 2, GENESIS),
        ("made:up", 1, "f" * 64),
        ("made:up", 0, GENESIS),
    ],
)
def test_a_row_that_does_not_continue_its_chain_is_refused(
    application: psycopg.Connection, chain: str, seq: int, prev_hash: str
) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        application.execute(ROW, (chain, seq, "0 days", prev_hash, "e" * 64))


def test_a_row_for_a_sealed_day_is_refused_and_may_be_tried_again_as_of_now(
    application: psycopg.Connection,
) -> None:
    for days in ("1 day", "3 days", "400 days"):
        with pytest.raises(psycopg.errors.SerializationFailure, match="is closed"):
            application.execute(ROW, ("made:up", 1, days, GENESIS, "e" * 64))
    application.execute(ROW, ("made:up", 1, "0 days", GENESIS, "e" * 64))


def test_a_snapshot_from_before_the_closing_is_no_way_in(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    past = Past(app, settings)
    past.live()
    with psycopg.connect(database_urls.app, options="-c role=feedback_app") as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert old.execute("SELECT count(*) FROM audit_day").fetchone() == (0,)
        past.seal()
        assert old.execute("SELECT count(*) FROM audit_day").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InvalidTransactionState, match="READ COMMITTED"):
            old.execute(ROW, ("made:up", 1, "1 day", GENESIS, "e" * 64))


SEAL_CALL: LiteralString = "SELECT seal_audit_day(%s, %s, NULL, NULL, 'r', 'p', 1, 'k', 's', now())"


def test_a_seal_can_be_written_in_order_only(past: Past, application: psycopg.Connection) -> None:
    for day, why in (
        (past.day(0), "is not closed"),
        (past.day(1), "does not follow"),
        (past.day(9), "does not follow"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match=why):
            application.execute(SEAL_CALL, (day, 0))
    with pytest.raises(psycopg.errors.CheckViolation, match="not over yet"):
        application.execute("SELECT close_audit_day(%s)", (past.day(0),))


def test_a_seal_over_another_number_of_rows_is_refused(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    past = Past(app, settings)
    past.live()
    with psycopg.connect(database_urls.app, autocommit=True, options="-c role=feedback_app") as application:
        application.execute("SELECT close_audit_day(%s)", (past.day(1),))
        with pytest.raises(psycopg.errors.CheckViolation, match="has 4 rows, not 3"):
            application.execute(SEAL_CALL, (past.day(4), 3))


def test_a_table_of_the_same_name_in_front_deceives_no_function(application: psycopg.Connection) -> None:
    application.execute("CREATE TEMP TABLE audit_day (day date, closed_at timestamptz)")
    application.execute("CREATE TEMP TABLE audit_head (chain text, seq int, hash text)")
    with pytest.raises(psycopg.errors.SerializationFailure, match="is closed"):
        application.execute(ROW, ("made:up", 1, "1 day", GENESIS, "e" * 64))
