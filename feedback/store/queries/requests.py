"""Requests for more time that wait for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.domain.permissions import Actor
from feedback.store.queries.reach import within_reach
from feedback.store.tables import ExtensionRow, Message, Ticket, User, Ward

MOST = 100


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """`note` is empty where the words lie under seal."""

    ticket: Ticket
    row: ExtensionRow
    ward: str | None
    asked_by: str | None
    note: str


def waiting(session: Session, actor: Actor) -> Sequence[OpenRequest]:
    """What the actor may see of them, the nearest deadline first, at most `MOST`."""
    query = (
        select(Ticket, ExtensionRow, Ward.name, User.name, Message.text)
        .join(ExtensionRow, ExtensionRow.ticket_id == Ticket.id)
        .outerjoin(Ward, Ward.code == Ticket.ward_code)
        .outerjoin(User, User.id == ExtensionRow.asked_by)
        .outerjoin(Message, Message.id == ExtensionRow.note_id)
        .where(within_reach(actor), ExtensionRow.decided_at.is_(None))
        .order_by(Ticket.answer_due_at, Ticket.id)
        .limit(MOST)
    )
    return [OpenRequest(*row[:4], row[4] or "") for row in session.execute(query)]
