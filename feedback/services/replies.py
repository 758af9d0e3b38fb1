"""Putting words to the citizen into the outbox: one road for acknowledgements, answers and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.message import Purpose
from feedback.domain.events import Task
from feedback.services.app import App
from feedback.store import Transaction
from feedback.store.tables import Message, Ticket

PORTAL = "web"


def queue(
    app: App,
    tx: Transaction,
    ticket: Ticket,
    *,
    purpose: Purpose,
    text: str,
    dedup_key: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> Message:
    """Write the outgoing message and its outbox row. On a channel without text it becomes a call-back for a person."""
    info = app.adapters[ticket.channel].info if ticket.channel in app.adapters else None
    can_reply = info is not None and info.can_reply
    message = Message(
        ticket_id=ticket.id,
        direction="out",
        purpose=purpose,
        author_id=tx.actor.user_id,
        author_name=tx.actor.name,
        subject=_subject(ticket, purpose),
        text=text,
        hints=dict(hints or {}),
        delivery="waiting" if can_reply else "callback",
        created_at=tx.now,
    )
    tx.session.add(message)
    tx.session.flush()
    tx.enqueue(
        Task.DELIVER,
        ticket_id=ticket.id,
        message_id=message.id,
        dedup_key=dedup_key or f"reply:{message.id}",
        state="waiting" if can_reply else "manual",
    )
    return message


def _subject(ticket: Ticket, purpose: Purpose) -> str:
    title = "Đã tiếp nhận" if purpose is Purpose.ACKNOWLEDGEMENT else "Trả lời phản ánh"
    return f"{title} [{ticket.code}]"


def follow_url(app: App, ticket: Ticket) -> str | None:
    """Where the citizen can look the ticket up; None where nobody knows a phone or email to prove it by."""
    if ticket.sealed_at is not None:
        return app.follow_url if ticket.channel == PORTAL else None
    contact = ticket.contact
    provable = contact.phone or contact.email or ticket.channel == "email"
    return app.follow_url if provable else None
