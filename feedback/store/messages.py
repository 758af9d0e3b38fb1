"""Messages found by what providers say about them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.store.tables import Message, Ticket


def sent(session: Session, code: str, message_id: int) -> tuple[Message, Ticket] | None:
    """The outgoing message `message_id` of the ticket with this code, both locked."""
    query = (
        select(Message, Ticket)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Ticket.code == code, Message.id == message_id, Message.direction == "out")
        .with_for_update()
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None
