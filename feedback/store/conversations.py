"""Which running ticket a new message belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from feedback.store.tables import Contact, Message, Ticket

RUNNING = ("new", "review", "open", "answered")


def running_ticket(
    session: Session, *, contact_id: int, conversation: str, refs: Sequence[str], email: str | None
) -> Ticket | None:
    """The newest running ticket of this writer that the message answers, locked; None where it opens a new matter.

    Codes and message ids are known to more people than the writer (a forwarded mail, a paper on a wall), so they
    count for the ticket's own contact only, or for a mail from the address that the ticket's contact left.
    """
    mine = Ticket.contact_id == contact_id
    if refs:
        same_address = (
            select(Contact.id).where(Contact.email == email) if email else select(Contact.id).where(false())
        )
        named = _newest(
            session,
            or_(mine, Ticket.contact_id.in_(same_address)),
            or_(Ticket.code.in_(refs), Ticket.id.in_(_answered(refs))),
        )
        if named is not None:
            return named
    return _newest(session, mine, Ticket.conversation == conversation)


def running_by_code(session: Session, codes: Sequence[str]) -> Ticket | None:
    """The running ticket with one of these codes, locked, whoever opened it: the caller has its proof."""
    return _newest(session, Ticket.code.in_(codes))


def _answered(refs: Sequence[str]) -> Select[int]:
    return select(Message.ticket_id).where(Message.provider_id.in_(refs), Message.direction == "out")


def _newest(session: Session, *conditions: ColumnElement[bool]) -> Ticket | None:
    query = (
        select(Ticket)
        .where(or_(*(Ticket.state == state for state in RUNNING)), *conditions)
        .order_by(Ticket.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalars(query).first()
