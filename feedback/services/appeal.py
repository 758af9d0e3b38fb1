"""The citizen asks the Centre to look at what was answered: whoever answered does not judge the own answer again."""

from __future__ import annotations

from feedback.domain.errors import IllegalChange
from feedback.domain.events import AuditAction, Task
from feedback.domain.kinds import Queue
from feedback.domain.permissions import Action, Actor
from feedback.domain.routing import Because
from feedback.services import deadlines
from feedback.services.answer import checked
from feedback.services.app import App
from feedback.services.change import changing
from feedback.store.tables import Message


def submit(app: App, code: str, text: str) -> None:
    """A proven citizen appeals with a reason; the Centre's dispatcher decides, and a new term begins.

    Possible once for each answer, rejection or closing: the appeal itself makes the matter wait for the next one.
    Raises InvalidInput (no reason), NotFound, IllegalChange (nothing to appeal against, a legal road of its own).
    """
    words = checked(text)
    with changing(app, Actor.citizen(), Action.APPEAL, code) as change:
        ticket = change.ticket
        if ticket.restricted:
            raise IllegalChange
        ticket.reopened += 1
        ticket.reopened_at = ticket.last_citizen_at = change.tx.now
        ticket.closed_at = ticket.assigned_to = None
        ticket.queue, ticket.review_reasons = Queue.DISPATCHER, [Because.APPEALED]
        message = Message(
            ticket_id=ticket.id, direction="in", purpose="appeal", text=words, created_at=change.tx.now
        )
        change.tx.session.add(message)
        change.tx.session.flush()
        change.tx.enqueue(
            Task.TRIAGE, ticket_id=ticket.id, message_id=message.id, dedup_key=f"triage:{message.id}"
        )
        deadlines.judge(app, change.tx, ticket)
        change.audit(AuditAction.APPEALED, after={"message": message.id})
