"""Which running ticket a new message belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from feedback.store.tables import Contact, Message, Ticket

RUNNING = ("new", "review", "open", "answered")


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose running ticket is looked for. `contact_id` is None for somebody known by a ticket under seal only.

    `email` is set for mail: the address that a ticket's contact may have left elsewhere. `under_seal` are this writer's
    tickets in the restricted store, `talking` those of them in the conversation at hand.
    """

    contact_id: int | None
    email: str | None = None
    under_seal: Sequence[int] = ()
    talking: Sequence[int] = ()


def running_ticket(
    session: Session, *, writer: Writer, conversation: str, refs: Sequence[str]
) -> Ticket | None:
    """The newest running ticket of this writer that the message answers, locked; None where it opens a new matter.

    Codes and message ids are known to more people than the writer (a forwarded mail, a paper on a wall), so they
    count for the ticket's own contact only, or for a mail from the address that the ticket's contact left.
    """
    mine = Ticket.contact_id == writer.contact_id if writer.contact_id is not None else false()
    if refs:
        named = _newest(
            session,
            or_(mine, _same_address(writer.email), *_one_of(writer.under_seal)),
            or_(Ticket.code.in_(refs), Ticket.id.in_(_answered(refs))),
        )
        if named is not None:
            return named
    return _newest(session, or_(and_(mine, Ticket.conversation == conversation), *_one_of(writer.talking)))


def _same_address(email: str | None) -> ColumnElement[bool]:
    return Ticket.contact_id.in_(select(Contact.id).where(Contact.email == email)) if email else false()


def _one_of(ids: Sequence[int]) -> list[ColumnElement[bool]]:
    """No condition at all where there is none: nearly nobody has a ticket under seal."""
    return [Ticket.id.in_(ids)] if ids else []


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
