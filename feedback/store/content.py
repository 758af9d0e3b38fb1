"""Everything in the ordinary tables that tells what a ticket says or who wrote it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from feedback.store.tables import (
    Attachment,
    Blob,
    Contact,
    Message,
    PredictionRow,
    RawEvent,
    RightsRequest,
    Ticket,
)


def plain_messages(session: Session, ticket_id: int) -> Sequence[Message]:
    """Messages that do not lie under seal yet, oldest first."""
    query = select(Message).where(Message.ticket_id == ticket_id, Message.sealed.is_(False))
    return session.scalars(query.order_by(Message.id)).all()


def messages(session: Session, ticket_id: int) -> dict[int, Message]:
    rows = session.scalars(select(Message).where(Message.ticket_id == ticket_id))
    return {row.id: row for row in rows}


def delivery(session: Session, message: Message) -> RawEvent | None:
    """The bytes the message was read from."""
    return session.get(RawEvent, message.raw_event_id) if message.raw_event_id else None


def deliveries(session: Session, messages: Sequence[Message]) -> dict[int, RawEvent]:
    """The bytes the messages were read from, by id."""
    ids = [message.raw_event_id for message in messages if message.raw_event_id is not None]
    rows = session.scalars(select(RawEvent).where(RawEvent.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def files(session: Session, messages: Sequence[Message]) -> Sequence[tuple[Attachment, Blob | None]]:
    """What came with the messages, with the bytes that are kept here."""
    ids = [message.id for message in messages]
    query = select(Attachment, Blob).outerjoin(Blob, Blob.id == Attachment.blob_id)
    rows = session.execute(query.where(Attachment.message_id.in_(ids)).order_by(Attachment.id))
    return [(row[0], row[1]) for row in rows]


def attachments(session: Session, ticket_id: int) -> dict[int, Attachment]:
    query = select(Attachment).join(Message, Message.id == Attachment.message_id)
    return {row.id: row for row in session.scalars(query.where(Message.ticket_id == ticket_id))}


def drop_unused_blobs(session: Session, ids: Sequence[int]) -> None:
    """Remove the bytes that no attachment names any more. Locked first: another message may be taking them up."""
    if not ids:
        return
    session.flush()
    session.execute(select(Blob.id).where(Blob.id.in_(ids)).order_by(Blob.id).with_for_update()).all()
    named = select(Attachment.id).where(Attachment.blob_id == Blob.id).exists()
    session.execute(delete(Blob).where(Blob.id.in_(ids), ~named).execution_options(synchronize_session=False))


def plain_predictions(session: Session, ticket_id: int) -> Sequence[PredictionRow]:
    """Predictions that still hold their evidence."""
    query = select(PredictionRow).where(
        PredictionRow.ticket_id == ticket_id, ~PredictionRow.result.has_key("sealed")
    )
    return session.scalars(query).all()


def part_from_contact(session: Session, ticket: Ticket, now: datetime) -> None:
    """Give the ticket a contact that says nothing.

    Where nothing else needs the contact, its row is emptied; otherwise the ticket gets an empty one. A row that is
    locked belongs to a message on its way in: it is left, for whoever waited for the other would wait for ever.
    """
    session.execute(
        update(RightsRequest).where(RightsRequest.ticket_id == ticket.id).values(ticket_id=None),
        execution_options={"synchronize_session": False},
    )
    contact = session.scalars(
        select(Contact)
        .where(Contact.id == ticket.contact_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if contact is not None:
        first, last = _other_times(session, ticket)
        if first is None or last is None:
            contact.address_hash = _nobody()
            contact.address = contact.name = contact.phone = contact.email = None
            return
        # The instant of the sealed message would lead from the ticket to the person.
        contact.created_at, contact.last_seen_at = first, last
    _new_contact(session, ticket, now)


def free_contact(session: Session, ticket: Ticket, now: datetime) -> Contact:
    """The ticket's own contact, locked; a new one where somebody holds the row, who may be waiting for the ticket."""
    query = select(Contact).where(Contact.id == ticket.contact_id).with_for_update(skip_locked=True)
    return session.scalars(query).one_or_none() or _new_contact(session, ticket, now)


def _new_contact(session: Session, ticket: Ticket, now: datetime) -> Contact:
    ticket.contact = Contact(
        channel=ticket.channel,
        account=ticket.account,
        address_hash=_nobody(),
        created_at=now,
        last_seen_at=now,
    )
    session.add(ticket.contact)
    return ticket.contact


def _nobody() -> str:
    return f"sealed:{secrets.token_hex(16)}"


def _other_times(session: Session, ticket: Ticket) -> tuple[datetime | None, datetime | None]:
    """When the person was first and last heard of, this ticket left out; None where nothing else is known of them."""
    tickets = select(func.min(Ticket.received_at), func.max(Ticket.last_citizen_at)).where(
        Ticket.contact_id == ticket.contact_id, Ticket.id != ticket.id
    )
    requests = select(func.min(RightsRequest.asked_at), func.max(RightsRequest.asked_at)).where(
        RightsRequest.contact_id == ticket.contact_id
    )
    pairs = [session.execute(query).one() for query in (tickets, requests)]
    firsts = [first for first, _ in pairs if first is not None]
    lasts = [last for _, last in pairs if last is not None]
    return min(firsts, default=None), max(lasts, default=None)


def contact_with(session: Session, channel: str, account: str, address_hash: str) -> Contact | None:
    return session.scalars(
        select(Contact).where(
            Contact.channel == channel, Contact.account == account, Contact.address_hash == address_hash
        )
    ).one_or_none()
