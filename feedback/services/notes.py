"""Words between members of staff, kept in the conversation: retention finds all free text in one place."""

from __future__ import annotations

from feedback.store import Transaction
from feedback.store.tables import Message, Ticket


def write(tx: Transaction, ticket: Ticket, text: str) -> Message:
    """An internal note of the actor. It never reaches the citizen."""
    note = Message(
        ticket_id=ticket.id,
        direction="note",
        author_id=tx.actor.user_id,
        author_name=tx.actor.name,
        text=text,
        created_at=tx.now,
    )
    tx.session.add(note)
    tx.session.flush()
    return note
