"""Requests of persons and legal holds: found, locked, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from feedback.domain.kinds import Kind, Queue
from feedback.store.retention import ENDED
from feedback.store.tables import (
    Attachment,
    Contact,
    Erasure,
    LegalHold,
    Message,
    RawEvent,
    RightsRequest,
    Ticket,
)

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Affected:
    """What a request concerns, in numbers only."""

    tickets: int
    running: int
    messages: int
    attachments: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as the lists show it; `code` None where everything of a person is held."""

    hold: LegalHold
    code: str | None


def is_denunciation() -> ColumnElement[bool]:
    """Condition on `Ticket`: what nobody but the denunciation officer may know of."""
    return or_(Ticket.kind == Kind.DENUNCIATION, Ticket.queue == Queue.DENUNCIATION)


def request_locked(session: Session, request_id: int) -> RightsRequest | None:
    return session.get(RightsRequest, request_id, with_for_update=True, populate_existing=True)


def request(session: Session, request_id: int) -> RightsRequest | None:
    return session.get(RightsRequest, request_id)


def open_request(session: Session, contact_id: int, ticket_id: int | None, kind: str) -> RightsRequest | None:
    """The request of this kind that still waits, for this ticket or for everything of the contact."""
    query = select(RightsRequest).where(
        RightsRequest.contact_id == contact_id,
        RightsRequest.kind == kind,
        RightsRequest.state.in_(("asked", "granted")),
        or_(RightsRequest.ticket_id.is_not_distinct_from(ticket_id), RightsRequest.ticket_id.is_(None)),
    )
    return session.scalars(query.limit(1)).first()


def requests_of(session: Session, contact_id: int) -> Sequence[RightsRequest]:
    """What the person has asked so far, the newest first."""
    query = select(RightsRequest).where(RightsRequest.contact_id == contact_id)
    return session.scalars(query.order_by(RightsRequest.id.desc()).limit(SHOWN)).all()


def waiting(session: Session) -> Sequence[RightsRequest]:
    """Every request that somebody owes an answer to, by deadline."""
    query = select(RightsRequest).where(RightsRequest.state.in_(("asked", "granted")))
    return session.scalars(query.order_by(RightsRequest.answer_due_at, RightsRequest.id).limit(SHOWN)).all()


def settled(session: Session) -> Sequence[RightsRequest]:
    """The newest decisions."""
    query = select(RightsRequest).where(RightsRequest.state.in_(("done", "refused")))
    return session.scalars(query.order_by(RightsRequest.decided_at.desc()).limit(SHOWN)).all()


def affected(session: Session, concerned: Sequence[int]) -> Affected:
    """These tickets in numbers. A denunciation is not counted: it would be told by its number."""
    mine = and_(Ticket.id.in_(concerned), not_(is_denunciation()))
    messages = select(Message.id).join(Ticket, Ticket.id == Message.ticket_id).where(mine)
    raw = select(Message.raw_event_id).join(Ticket, Ticket.id == Message.ticket_id).where(mine)
    return Affected(
        tickets=_count(session, Ticket, mine),
        running=_count(session, Ticket, mine, Ticket.state.not_in(ENDED)),
        messages=_count(session, Message, Message.id.in_(messages)),
        attachments=_count(session, Attachment, Attachment.message_id.in_(messages)),
        deliveries=_count(session, RawEvent, RawEvent.id.in_(raw), RawEvent.emptied_at.is_(None)),
    )


def contact_by_address(session: Session, channel: str, account: str, address_hash: str) -> Contact | None:
    query = select(Contact).where(
        Contact.channel == channel, Contact.account == account, Contact.address_hash == address_hash
    )
    return session.scalars(query.with_for_update()).one_or_none()


def contact(session: Session, contact_id: int) -> Contact | None:
    return session.get(Contact, contact_id)


def holds_of(session: Session, ticket: Ticket) -> Sequence[LegalHold]:
    """The holds in force on a ticket, its writer's included."""
    query = select(LegalHold).where(
        LegalHold.lifted_at.is_(None),
        or_(LegalHold.ticket_id == ticket.id, LegalHold.contact_id == ticket.contact_id),
    )
    return session.scalars(query.order_by(LegalHold.id)).all()


def hold_locked(session: Session, hold_id: int) -> LegalHold | None:
    return session.get(LegalHold, hold_id, with_for_update=True, populate_existing=True)


def holds(session: Session) -> Sequence[HoldLine]:
    """Holds in force on tickets that the privacy officer may know of."""
    query = (
        select(LegalHold, Ticket.code)
        .outerjoin(Ticket, Ticket.id == LegalHold.ticket_id)
        .where(
            LegalHold.lifted_at.is_(None),
            or_(Ticket.id.is_(None), not_(or_(Ticket.restricted, is_denunciation()))),
        )
    )
    return [HoldLine(*row) for row in session.execute(query.order_by(LegalHold.id.desc()).limit(SHOWN))]


def register(session: Session, since: datetime, until: datetime, limit: int) -> Sequence[Erasure]:
    """Lines of the register of deletions in this time, the newest first.

    Those of denunciations stand in the table, and are shown to nobody: a line would tell which ticket was one.
    """
    query = select(Erasure).where(
        Erasure.at >= since, Erasure.at < until, Erasure.rule.is_distinct_from(f"ticket.{Kind.DENUNCIATION}")
    )
    return session.scalars(query.order_by(Erasure.id.desc()).limit(limit)).all()


def newest_ticket(session: Session, contact_id: int) -> Ticket | None:
    """The ticket through which the person can be told something."""
    query = select(Ticket).where(Ticket.contact_id == contact_id, not_(is_denunciation()))
    return session.scalars(query.order_by(Ticket.id.desc()).limit(1)).first()


def tickets_to_show(session: Session, contact_id: int) -> Sequence[Ticket]:
    """The person's tickets for handing over, the newest first; never a denunciation."""
    query = select(Ticket).where(
        Ticket.contact_id == contact_id, Ticket.erased_at.is_(None), not_(is_denunciation())
    )
    return session.scalars(query.order_by(Ticket.id.desc()).limit(SHOWN)).all()


def _count(session: Session, table: type[object], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
