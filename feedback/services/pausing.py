"""The clock of a ticket stands still, for a reason and within a bound, and goes on."""

from __future__ import annotations

import logging
from datetime import datetime

from channels.message import Purpose
from channels.text import clean
from feedback.domain import grace, reasons, texts
from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Level
from feedback.domain.permissions import Action, Actor
from feedback.domain.reasons import Reason
from feedback.services import deadlines, notes, offices, replies
from feedback.services.app import App
from feedback.services.change import Change, changing
from feedback.store import Transaction, pauses, tickets
from feedback.store.faults import DatabaseFault
from feedback.store.tables import Message, PauseRow, Ticket

log = logging.getLogger(__name__)

WAITING_CITIZEN = "waiting_citizen"
"""The one reason that ends when the citizen writes."""
CLOCK = Actor.system("clock")
MAX_NOTE = 1_000
BATCH = 500


def pause(
    app: App,
    actor: Actor,
    code: str,
    version: int,
    reason_id: str,
    note: str,
    until: datetime | None = None,
) -> None:
    """Let the clock stand still until `until`, or as long as the reason allows, and tell the citizen once.

    While waiting for the citizen `note` is the question they are sent; while waiting for an agency it is its name.
    Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange.
    """
    reason, words = reasons.reason(Action.PAUSE, reason_id, note), explained(note)
    with changing(app, actor, Action.PAUSE, code, version) as change:
        tx, ticket = change.tx, change.ticket
        _end_passed(app, change)
        basis = deadlines.basis_of(app, tx.session, ticket)
        end = grace.pause_end(basis.terms, deadlines.owed(basis, tx.session, ticket, tx.now), reason, until)
        row = PauseRow(
            ticket_id=ticket.id, round=ticket.reopened, reason=reason.id, started_at=tx.now, until=end
        )
        tx.session.add(row)
        tx.session.flush()
        ticket.paused_until = end
        deadlines.judge(app, tx, ticket)
        row.message_id = _tell(app, tx, ticket, row, reason, words).id
        change.audit(AuditAction.PAUSED, reason=reason.id, after={"pause": row.id, "message": row.message_id})


def resume(app: App, actor: Actor, code: str, version: int) -> None:
    """Let the clock go on by hand. Raises StaleVersion, NotAllowed, IllegalChange."""
    with changing(app, actor, Action.RESUME, code, version) as change:
        row = end_running(app, change.tx, change.ticket)
        if row is None:
            raise IllegalChange("Thời hạn không tạm dừng.")
        _audit_end(change, row, "by_hand")


def answered_by_citizen(app: App, change: Change) -> None:
    """The citizen wrote: a pause that waited for that ends. Any other pause goes on."""
    running = pauses.running(change.tx.session, change.ticket)
    if running is not None and running.reason == WAITING_CITIZEN:
        end_running(app, change.tx, change.ticket)
        _audit_end(change, running, "citizen")


def end_where_moved(app: App, change: Change) -> None:
    """A pause belongs to the desk that asked for it, and an urgent matter has none: it ends where the ticket was moved
    to another desk, or found urgent. The row of the change tells it."""
    ticket, told = change.ticket, change.told
    moved = (ticket.queue, ticket.ward_code) != (told["queue"], told["ward_code"])
    if moved or ticket.level == Level.URGENT:
        end_running(app, change.tx, ticket)


def end_running(app: App, tx: Transaction, ticket: Ticket) -> PauseRow | None:
    """End the running pause, at its bound where that has passed, and count the deadline anew. The caller says why.

    Returns the pause, or None where the clock was running.
    """
    if ticket.paused_until is None:
        return None
    row = pauses.running(tx.session, ticket)
    ticket.paused_until = None
    if row is None:
        return None
    row.ended_at = min(max(tx.now, row.started_at), row.until)
    tx.session.flush()
    deadlines.judge(app, tx, ticket)
    return row


def end_passed(app: App) -> int:
    """Write down the end of every pause whose bound has passed; returns how many. No deadline changes by it.

    One ticket that cannot be judged holds up no other.
    """
    with app.store.reading() as session:
        ids = pauses.passed(session, app.store.now(), BATCH)
    ended = 0
    for ticket_id in ids:
        try:
            ended += _end_passed_of(app, ticket_id)
        except DatabaseFault:
            raise
        except Exception:
            # Whatever is wrong with one ticket, the pauses of all others must end on time.
            log.exception("pause not ended", extra={"ticket": ticket_id})
    return ended


def explained(note: str) -> str:
    """The note cleaned as at every border. Raises InvalidInput when it is too long."""
    words = clean(note)
    if len(words) > MAX_NOTE:
        raise InvalidInput("Nội dung dài quá 1.000 ký tự.", field="note")
    return words


def _end_passed_of(app: App, ticket_id: int) -> bool:
    """The version stays: an officer who is writing an answer is not told that the page is out of date."""
    with app.store.transaction(CLOCK) as tx:
        ended = _end_passed(app, Change.of(tx, tickets.locked_by_id(tx.session, ticket_id)))
        tx.commit()
    return ended


def _end_passed(app: App, change: Change) -> bool:
    running = pauses.running(change.tx.session, change.ticket)
    if running is None or running.until > change.tx.now:
        return False
    end_running(app, change.tx, change.ticket)
    _audit_end(change, running, "bound")
    return True


def _audit_end(change: Change, row: PauseRow, how: str) -> None:
    how = "bound" if row.ended_at == row.until else how
    change.audit(AuditAction.RESUMED, reason=how, after={"pause": row.id})


def _tell(app: App, tx: Transaction, ticket: Ticket, row: PauseRow, reason: Reason, words: str) -> Message:
    follow = replies.follow_url(app, ticket)
    if reason.id == WAITING_CITIZEN:
        office = offices.title(tx, ticket)
        text = texts.question(ticket.code, words, office, row.until, follow, neutral=ticket.restricted)
    else:
        notes.write(tx, ticket, words)
        text = texts.pausing(
            ticket.code, reason, words, row.until, ticket.answer_due_at, neutral=ticket.restricted
        )
    return replies.queue(app, tx, ticket, purpose=Purpose.NOTICE, text=text, dedup_key=f"pause:{row.id}")
