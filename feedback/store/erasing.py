"""Emptying what is personal, row by row; what stays are ids, instants, places of work and numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, text, update
from sqlalchemy.orm import Session

from feedback.store.tables import (
    Attachment,
    Contact,
    DeliveryAttempt,
    LegalHold,
    Message,
    OutboxRow,
    RawEvent,
    RightsRequest,
    Ticket,
)

_BLANK_PREDICTIONS = text("SELECT erase_prediction_texts(:ticket)")
WAITING = ("waiting", "claimed")


def held() -> ColumnElement[bool]:
    """Condition on `Ticket`: somebody ordered it, or everything of its contact, to be kept."""
    return exists().where(
        LegalHold.lifted_at.is_(None),
        or_(LegalHold.ticket_id == Ticket.id, LegalHold.contact_id == Ticket.contact_id),
    )


def busy() -> ColumnElement[bool]:
    """Condition on `Ticket`: a message of it waits to be read or sent."""
    return exists().where(OutboxRow.ticket_id == Ticket.id, OutboxRow.state.in_(WAITING))


def locked_contact(session: Session, contact_id: int) -> Contact | None:
    """The contact, locked. Intake locks it first as well, so nothing joins a ticket while it is being emptied.

    Its key is left to others: whoever changes a ticket of this contact twice asks whether the contact is still there.
    """
    query = select(Contact).where(Contact.id == contact_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def tickets_of(session: Session, contact_id: int) -> Sequence[Ticket]:
    """Every ticket of the contact that still holds something, locked in one order."""
    query = select(Ticket).where(Ticket.contact_id == contact_id, Ticket.erased_at.is_(None))
    query = query.order_by(Ticket.id).with_for_update(of=Ticket)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def is_held(session: Session, ticket_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Ticket.id == ticket_id, held()))))


def contact_is_held(session: Session, contact_id: int) -> bool:
    """Whether the contact itself or any of its tickets must be kept."""
    own = exists().where(LegalHold.contact_id == contact_id, LegalHold.lifted_at.is_(None))
    return bool(session.scalar(select(or_(own, exists().where(Ticket.contact_id == contact_id, held())))))


def is_busy(session: Session, ticket_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Ticket.id == ticket_id, busy()))))


def needed_still(session: Session, contact_id: int) -> bool:
    """Whether a ticket that is not erased, or a request that is not settled, still refers to the contact."""
    ticket = exists().where(Ticket.contact_id == contact_id, Ticket.erased_at.is_(None))
    request = exists().where(
        RightsRequest.contact_id == contact_id, RightsRequest.state.in_(("asked", "granted"))
    )
    return bool(session.scalar(select(or_(ticket, request))))


def empty_raw_of(session: Session, ticket_id: int, now: datetime) -> int:
    """Empty the deliveries behind the ticket's messages; how many."""
    query = select(RawEvent).where(
        RawEvent.id.in_(select(Message.raw_event_id).where(Message.ticket_id == ticket_id)),
        RawEvent.emptied_at.is_(None),
    )
    rows = session.scalars(query.order_by(RawEvent.id).with_for_update()).all()
    for row in rows:
        empty_raw(row, now)
    return len(rows)


def empty_raw(row: RawEvent, now: datetime) -> None:
    """Take body and headers away; digest and size stay. A body always holds ids nobody can guess."""
    row.body_sha256, row.body_size = hashlib.sha256(row.body).hexdigest(), len(row.body)
    row.body, row.headers, row.emptied_at = b"", {}, now


def detach_files(session: Session, ticket_id: int) -> int:
    """Names, addresses and bytes of the ticket's attachments; how many had any."""
    mine = select(Message.id).where(Message.ticket_id == ticket_id)
    told = or_(Attachment.name.is_not(None), Attachment.url.is_not(None), Attachment.blob_id.is_not(None))
    query = update(Attachment).where(Attachment.message_id.in_(mine), told)
    return len(
        session.execute(query.values(name=None, url=None, blob_id=None).returning(Attachment.id)).all()
    )


def detach_uploads(session: Session, ticket_id: int) -> int:
    """The bytes of the ticket's uploads only; how many."""
    mine = select(Message.id).where(Message.ticket_id == ticket_id)
    query = update(Attachment).where(Attachment.message_id.in_(mine), Attachment.blob_id.is_not(None))
    return len(session.execute(query.values(name=None, blob_id=None).returning(Attachment.id)).all())


def forget_refusals(session: Session, ticket_id: int) -> None:
    """What providers said about failed deliveries often quotes the address."""
    outbox = select(OutboxRow.id).where(OutboxRow.ticket_id == ticket_id)
    session.execute(update(OutboxRow).where(OutboxRow.ticket_id == ticket_id).values(last_error=None))
    session.execute(update(DeliveryAttempt).where(DeliveryAttempt.outbox_id.in_(outbox)).values(reason=None))


def blank_predictions(session: Session, ticket_id: int) -> int:
    """What the classifier quoted of an erased ticket, by a function of the owner; how many readings."""
    return int(session.execute(_BLANK_PREDICTIONS, {"ticket": ticket_id}).scalar_one())


def raw_locked(session: Session, raw_id: int) -> RawEvent | None:
    return session.get(RawEvent, raw_id, with_for_update=True, populate_existing=True)


def contact_of(session: Session, ticket_id: int) -> int | None:
    return session.scalar(select(Ticket.contact_id).where(Ticket.id == ticket_id))


def contact_of_raw(session: Session, raw_id: int) -> int | None:
    query = select(Ticket.contact_id).join(Message, Message.ticket_id == Ticket.id)
    return session.scalars(query.where(Message.raw_event_id == raw_id).limit(1)).first()


def last_words_over(session: Session, patience: datetime) -> Sequence[int]:
    """Ids of granted requests whose last word was sent, given up, or has waited since before `patience`."""
    waiting = exists().where(OutboxRow.message_id == RightsRequest.last_word_id, OutboxRow.state.in_(WAITING))
    query = select(RightsRequest.id).where(
        RightsRequest.state == "granted", or_(~waiting, RightsRequest.decided_at < patience)
    )
    return session.scalars(query.order_by(RightsRequest.id)).all()
