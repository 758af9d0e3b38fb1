"""Messages found by what the provider calls them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.store.tables import Message, Ticket


def sent_as(session: Session, channel: str, provider_id: str) -> tuple[Message, Ticket] | None:
    """The outgoing message that the provider knows as `provider_id`, with its ticket, locked."""
    query = (
        select(Message, Ticket)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Message.provider_id == provider_id, Message.direction == "out")
        .limit(1)
        .with_for_update()
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None
