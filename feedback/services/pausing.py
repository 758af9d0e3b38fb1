"""The clock of a ticket stands still, and goes on."""

from __future__ import annotations

from feedback.domain.events import AuditAction
from feedback.services import deadlines
from feedback.services.app import App
from feedback.services.change import Change
from feedback.store import Transaction, pauses
from feedback.store.tables import PauseRow, Ticket

WAITING_CITIZEN = "waiting_citizen"
"""The one reason that ends when the citizen writes."""


def end_running(app: App, tx: Transaction, ticket: Ticket) -> PauseRow | None:
    """End the running pause, at its bound where that has passed, and count the deadline anew. The caller says why.

    Returns the pause, or None where the clock was running.
    """
    row = pauses.running(tx.session, ticket)
    ticket.paused_until = None
    if row is None:
        return None
    row.ended_at = min(max(tx.now, row.started_at), row.until)
    tx.session.flush()
    deadlines.judge(app, tx, ticket)
    return row


def answered_by_citizen(app: App, change: Change) -> None:
    """The citizen wrote: a pause that waited for that ends. Any other pause goes on."""
    running = pauses.running(change.tx.session, change.ticket)
    if running is not None and running.reason == WAITING_CITIZEN:
        end_running(app, change.tx, change.ticket)
        change.audit(AuditAction.RESUMED, reason="citizen")
