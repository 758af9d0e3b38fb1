"""Which running ticket a new message belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from feedback.store.tables import Message, Ticket

RUNNING = ("new", "review", "open", "answered")


def running_ticket(
    session: Session, *, contact_id: int, channel: str, conversation: str, refs: Sequence[str]
) -> Ticket | None:
    """The newest running ticket of this contact that the message answers, locked; None where it opens a new matter.

    Codes and message ids are known to more people than the contact (a forwarded mail, a paper on a wall), and a
    sender address is the only proof a mail carries: nobody else's message joins a ticket.
    """
    mine = Ticket.contact_id == contact_id
    if refs:
        named = _newest(session, mine, or_(Ticket.code.in_(refs), _answers_ours(channel, refs)))
        if named is not None:
            return named
    return _newest(session, mine, Ticket.conversation == conversation)


def running_by_code(session: Session, codes: Sequence[str]) -> Ticket | None:
    """The running ticket with one of these codes, locked, whoever opened it: the caller has its proof."""
    return _newest(session, Ticket.code.in_(codes))


def _answers_ours(channel: str, refs: Sequence[str]) -> ColumnElement[bool]:
    ours = select(Message.ticket_id).where(Message.provider_id.in_(refs), Message.direction == "out")
    return (Ticket.channel == channel) & Ticket.id.in_(ours)


def _newest(session: Session, *conditions: ColumnElement[bool]) -> Ticket | None:
    query = (
        select(Ticket)
        .where(or_(*(Ticket.state == state for state in RUNNING)), *conditions)
        .order_by(Ticket.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalars(query).first()
