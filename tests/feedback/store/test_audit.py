"""The trail holds, and says where it does not."""

from __future__ import annotations

import psycopg
import pytest

from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import audit
from tests.feedback.matters import routed
from tests.servers import DatabaseUrls


@pytest.fixture
def two_tickets(app: App, settings: Settings) -> tuple[str, str]:
    return routed(app, settings), routed(app, settings)


def verify(app: App) -> audit.Verified:
    with app.store.reading() as session:
        return audit.verify(session)


def tamper(urls: DatabaseUrls, statement: str) -> None:
    """What somebody with the superuser's password could do."""
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_guard")
        connection.execute(statement)


def test_an_untouched_trail_holds(app: App, two_tickets: tuple[str, str]) -> None:
    result = verify(app)
    assert result.broken is None
    assert (result.rows, result.chains) == (4, 2)


@pytest.mark.parametrize(
    ("statement", "chain", "seq"),
    [
        ("UPDATE audit_event SET actor = 'x' WHERE chain = 'ticket:2' AND seq = 1", "ticket:2", 1),
        ("UPDATE audit_event SET after = '{}' WHERE chain = 'ticket:1' AND seq = 2", "ticket:1", 2),
        (
            "UPDATE audit_event SET at = at + interval '1 us' WHERE chain = 'ticket:2' AND seq = 2",
            "ticket:2",
            2,
        ),
        ("DELETE FROM audit_event WHERE chain = 'ticket:1' AND seq = 1", "ticket:1", 2),
        ("DELETE FROM audit_event WHERE chain = 'ticket:2' AND seq = 2", "ticket:2", 2),
        ("DELETE FROM audit_event WHERE chain = 'ticket:1'", "ticket:1", 1),
        (
            "INSERT INTO audit_event (chain, seq, at, actor, action, before, after, prev_hash, hash)"
            " SELECT chain, 3, at, actor, action, before, after, hash, hash FROM audit_event"
            " WHERE chain = 'ticket:1' AND seq = 2",
            "ticket:1",
            3,
        ),
    ],
)
def test_the_first_broken_row_is_named(
    app: App,
    database_urls: DatabaseUrls,
    two_tickets: tuple[str, str],
    statement: str,
    chain: str,
    seq: int,
) -> None:
    tamper(database_urls, statement)
    broken = verify(app).broken
    assert broken is not None
    assert (broken.chain, broken.seq) == (chain, seq)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_the_application_may_only_add(
    app: App, database_urls: DatabaseUrls, two_tickets: tuple[str, str], statement: str
) -> None:
    with psycopg.connect(database_urls.app, autocommit=True) as connection:
        connection.execute("SET ROLE feedback_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)  # type: ignore[arg-type]


def test_even_the_owner_is_stopped_by_the_guard(
    database_urls: DatabaseUrls, two_tickets: tuple[str, str]
) -> None:
    with (
        psycopg.connect(database_urls.owner, autocommit=True) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        connection.execute("UPDATE audit_event SET actor = 'x'")
