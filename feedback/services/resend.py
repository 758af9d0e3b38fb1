"""What a person does about a message that did not go out: send again, or record that the citizen was telephoned."""

from __future__ import annotations

from feedback.domain.errors import IllegalChange, NotFound
from feedback.domain.events import AuditAction, Task
from feedback.domain.permissions import Action, Actor, allowed
from feedback.services.app import App
from feedback.services.change import facts
from feedback.store import Transaction, outbox, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import Message, OutboxRow, Ticket


def again(app: App, actor: Actor, code: str, message_id: int) -> None:
    """Put a failed or uncertain message back into the outbox. Raises NotFound, NotAllowed, IllegalChange."""
    with app.store.transaction(actor) as tx:
        ticket, message, row = _find(tx, actor, code, message_id)
        if row.state not in ("dead", "unknown") or ticket.erased_at is not None:
            raise IllegalChange
        outbox.revive(row, tx.now)
        message.delivery, ticket.delivery_problem = "waiting", False
        tx.tasks.add(Task.DELIVER)
        tx.audit(ticket_chain(ticket.id), AuditAction.REPLY_RESENT, after={"message": message.id})
        tx.commit()


def telephoned(app: App, actor: Actor, code: str, message_id: int) -> None:
    """The citizen was called and told. Raises NotFound, NotAllowed, IllegalChange."""
    with app.store.transaction(actor) as tx:
        ticket, message, row = _find(tx, actor, code, message_id)
        if row.state not in ("manual", "dead", "unknown"):
            raise IllegalChange
        outbox.settle(row, tx.now)
        message.delivery, message.sent_at, ticket.delivery_problem = "sent", tx.now, False
        tx.audit(
            ticket_chain(ticket.id),
            AuditAction.REPLY_SENT,
            reason="telephone",
            after={"message": message.id},
        )
        tx.commit()


def _find(tx: Transaction, actor: Actor, code: str, message_id: int) -> tuple[Ticket, Message, OutboxRow]:
    # Row before ticket, as delivery locks them: the other way round the two could wait for each other.
    row = outbox.row_of_message(tx.session, message_id)
    ticket = tickets.locked_by_id(tx.session, row.ticket_id) if row else None
    if (
        row is None
        or ticket is None
        or ticket.code != code
        or not allowed(actor, Action.RESEND, facts(ticket))
    ):
        raise NotFound
    return ticket, tx.session.get_one(Message, message_id), row
