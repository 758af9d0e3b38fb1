"""A service of revision 0004 with tickets in every state is brought up to date, and works on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from feedback import bootstrap
from feedback.domain.permissions import Actor
from feedback.domain.sealing import last_ended
from feedback.services import answer, escalate, explain, pausing, recompute, rekey, seal_trail
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import audit, migrate
from feedback.store.tables import Escalation, Ticket
from tests.feedback.matters import ticket
from tests.feedback.people import LAN
from tests.feedback.watch import Watch, at, watched
from tests.servers import DatabaseUrls

KEPT = Path(__file__).parent / "revision_0004.sql"
CLOSED, OPEN, TRANSFERRED, IN_REVIEW = "HN-26-F4PV-CY", "HN-26-CX4H-3J", "HN-26-72EP-V7", "HN-26-YHA3-5Y"
DENOUNCED, REJECTED, ANSWERED = "HN-26-HXJ5-WH", "HN-26-5EWJ-4E", "HN-26-V46R-R5"
UNREAD, COMPLEX = "HN-26-TVX6-EA", "HN-26-RHXJ-86"
OPERATOR = Actor.system("command line")


@pytest.fixture
def app(settings: Settings, database_urls: DatabaseUrls) -> Iterator[App]:
    """The service on the upgraded database."""
    migrate.downgrade(database_urls.owner, "0004")
    with psycopg.connect(database_urls.owner) as connection:
        connection.execute(KEPT.read_bytes())
    migrate.upgrade(database_urls.owner)
    built = bootstrap.build(settings)
    yield built
    built.store.engine.dispose()


def findings(app: App) -> list[str]:
    with app.store.reading() as session:
        return [finding.sentence() for finding in audit.verify(session).findings]


def recomputed(app: App) -> recompute.Outcome:
    return recompute.run(app, OPERATOR, recompute.scope_of(*recompute.EVER))


def test_the_trail_still_holds(app: App) -> None:
    assert findings(app) == []


def test_old_rows_disagree_with_nothing_and_what_they_do_not_tell_is_said_to_be_unknown(app: App) -> None:
    outcome = recomputed(app)
    assert outcome.disagreements == []
    assert (outcome.tickets, outcome.agreeing, outcome.unknown) == (10, 1, 9)
    assert outcome.holds


@pytest.mark.parametrize("code", [CLOSED, OPEN, TRANSFERRED, IN_REVIEW, REJECTED, ANSWERED, COMPLEX])
def test_an_old_ticket_is_explained_and_said_to_be_old(app: App, code: str) -> None:
    found = explain.open_ticket(app, OPERATOR, code)
    assert found.old
    assert found.disagreements == {}
    first = found.rounds[0].timeline
    assert found.reported in (None, first.counted)


def test_the_clock_tells_of_every_old_ticket_that_waits_once(app: App) -> None:
    counts = escalate.run(app)
    assert counts.failed == 0
    assert counts.steps > 0
    assert escalate.run(app).steps == 0
    with app.store.reading() as session:
        told = {row.ticket_id for row in session.query(Escalation)}
    waiting = (OPEN, TRANSFERRED, IN_REVIEW, COMPLEX, UNREAD)
    assert {ticket(app, code).id for code in waiting} <= told
    assert findings(app) == []


def test_what_the_tickets_were_judged_by_is_there(app: App) -> None:
    with app.store.reading() as session:
        judged = [row for row in session.query(Ticket) if row.rule_version and row.calendar_version]
        assert len(judged) == 9
        for row in judged:
            assert app.rules.terms(session, row.rule_version or "").version == row.rule_version
            days = app.rules.calendar(session, row.calendar_version or "")
            assert days.version == row.calendar_version


def test_an_old_ticket_is_answered_by_the_terms_it_was_received_under(app: App) -> None:
    was = ticket(app, COMPLEX)
    answer.submit(app, LAN, COMPLEX, was.version, "Đã xử lý.")
    now = ticket(app, COMPLEX)
    assert (now.answer_due_at, now.rule_version) == (was.answer_due_at, was.rule_version)
    assert recomputed(app).disagreements == []
    assert findings(app) == []


def test_an_old_ticket_can_be_paused(app: App) -> None:
    """The old table of terms knew no bounds of pauses."""
    then = watched(app, Watch(at("2026-10-23T09:00")))
    was = ticket(app, COMPLEX)
    pausing.pause(then, LAN, COMPLEX, was.version, "waiting_agency", "Công ty Môi trường đô thị")
    now = ticket(app, COMPLEX)
    assert was.answer_due_at is not None
    assert now.answer_due_at is not None
    assert now.answer_due_at > was.answer_due_at
    assert recomputed(app).disagreements == []
    assert findings(app) == []


def test_an_old_denunciation_is_put_under_seal(app: App) -> None:
    assert rekey.seal_all(app) == 1
    assert rekey.seal_all(app) == 0
    assert ticket(app, DENOUNCED).summary == ""
    assert recomputed(app).disagreements == []
    assert findings(app) == []


def test_the_days_before_the_upgrade_are_sealed_as_well(app: App) -> None:
    assert app.signer is not None
    seals = seal_trail.seal_until(app.store, app.signer, last_ended(app.store.now()))
    assert str(seals[0].statement.day) == "2026-10-05"
    assert sum(seal.statement.rows for seal in seals) == 32
