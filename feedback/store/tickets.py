"""One ticket and what hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from feedback.domain.events import PLACED_BY_PERSON
from feedback.store.audit import ticket_chain
from feedback.store.tables import Attachment, AuditEvent, Blob, Contact, Message, PredictionRow, Ticket, Ward


def locked(session: Session, code: str) -> Ticket | None:
    """The ticket with its contact as they are now, locked until the transaction ends."""
    return _locked(session, Ticket.code == code)


def locked_by_id(session: Session, ticket_id: int) -> Ticket:
    """The same. Raises NoResultFound."""
    found = _locked(session, Ticket.id == ticket_id)
    if found is None:
        raise NoResultFound
    return found


def _locked(session: Session, which: ColumnElement[bool]) -> Ticket | None:
    query = select(Ticket).where(which).with_for_update(of=Ticket)
    ticket = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if ticket is not None:
        # In a statement of its own: joined to the lock, a contact that the ticket got while we waited would be missing.
        contact = session.get_one(Contact, ticket.contact_id, populate_existing=True)
        set_committed_value(ticket, "contact", contact)
    return ticket


def by_code(session: Session, code: str) -> Ticket | None:
    query = select(Ticket).where(Ticket.code == code)
    return session.scalars(query.options(joinedload(Ticket.contact))).one_or_none()


def messages(session: Session, ticket_id: int) -> Sequence[Message]:
    """The conversation, oldest first."""
    return session.scalars(select(Message).where(Message.ticket_id == ticket_id).order_by(Message.id)).all()


def code_of(session: Session, ticket_id: int) -> str | None:
    return session.scalar(select(Ticket.code).where(Ticket.id == ticket_id))


def of_message(session: Session, message_id: int) -> Sequence[Ticket]:
    """The ticket of a message, locked; empty where there is none."""
    query = select(Ticket).join(Message, Message.ticket_id == Ticket.id).where(Message.id == message_id)
    return session.scalars(query.with_for_update(of=Ticket)).all()


def last_prediction(session: Session, ticket_id: int) -> PredictionRow | None:
    return session.scalars(
        select(PredictionRow)
        .where(PredictionRow.ticket_id == ticket_id)
        .order_by(PredictionRow.id.desc())
        .limit(1)
    ).first()


def placed_by_person(session: Session, ticket_id: int) -> bool:
    """Whether somebody has decided where the ticket belongs, or the citizen has reopened it."""
    query = select(AuditEvent.seq).where(
        AuditEvent.chain == ticket_chain(ticket_id), AuditEvent.action.in_(PLACED_BY_PERSON)
    )
    return session.scalars(query.limit(1)).first() is not None


def acknowledged_since(session: Session, contact_id: int, since: datetime) -> int:
    """How many acknowledgements this writer has been sent."""
    query = select(func.count()).select_from(Message).join(Ticket, Ticket.id == Message.ticket_id)
    mine = (Ticket.contact_id == contact_id, Message.purpose == "acknowledgement", Message.created_at > since)
    return session.scalar(query.where(*mine)) or 0


def first_message(session: Session, ticket_id: int) -> int:
    """Id of the message that opened the ticket."""
    query = select(Message.id).where(Message.ticket_id == ticket_id).order_by(Message.id)
    return session.scalars(query.limit(1)).one()


def last_inbound(session: Session, ticket_id: int) -> Message | None:
    """The citizen's newest message."""
    query = select(Message).where(Message.ticket_id == ticket_id, Message.direction == "in")
    return session.scalars(query.order_by(Message.id.desc()).limit(1)).first()


def attachments(session: Session, ticket_id: int) -> Sequence[Attachment]:
    query = select(Attachment).join(Message, Message.id == Attachment.message_id)
    return session.scalars(query.where(Message.ticket_id == ticket_id).order_by(Attachment.id)).all()


def attachment_counts(session: Session, ticket_id: int) -> dict[int, int]:
    """How many files hang on each message, by message id."""
    query = select(Attachment.message_id, func.count()).join(Message, Message.id == Attachment.message_id)
    rows = session.execute(query.where(Message.ticket_id == ticket_id).group_by(Attachment.message_id))
    return {row[0]: row[1] for row in rows}


def ward_name(session: Session, ticket: Ticket) -> str | None:
    """The ward the ticket was placed in, as people write it."""
    ward = session.get(Ward, ticket.ward_code) if ticket.ward_code else None
    return ward.name if ward else None


def trail(session: Session, ticket_id: int) -> Sequence[AuditEvent]:
    """The ticket's audit rows, oldest first."""
    query = select(AuditEvent).where(AuditEvent.chain == ticket_chain(ticket_id))
    return session.scalars(query.order_by(AuditEvent.seq)).all()


def add(session: Session, ticket: Ticket, draw: Callable[[], str]) -> None:
    """Insert the ticket under a code from `draw` that no other ticket has. Raises RuntimeError after five draws."""
    for _ in range(5):
        ticket.code = draw()
        try:
            with session.begin_nested():
                session.add(ticket)
        except IntegrityError as fault:
            if "uq_ticket_code" not in str(fault.orig):
                raise
            continue  # the code was taken: draw again
        return
    raise RuntimeError("no free ticket code in five draws")


def attachment(session: Session, attachment_id: int) -> tuple[Ticket, Attachment, Blob | None] | None:
    """An attachment with its ticket, and its bytes where they are kept in the open."""
    query = (
        select(Ticket, Attachment, Blob)
        .join(Message, Message.ticket_id == Ticket.id)
        .join(Attachment, Attachment.message_id == Message.id)
        .outerjoin(Blob, Blob.id == Attachment.blob_id)
        .where(Attachment.id == attachment_id)
    )
    row = session.execute(query).first()
    return (row[0], row[1], row[2]) if row else None


def unsealed_denunciations(session: Session) -> Sequence[str]:
    """Codes of denunciations whose content stands in the open."""
    query = select(Ticket.code).where(
        or_(Ticket.kind == "denunciation", Ticket.queue == "denunciation"),
        Ticket.sealed_at.is_(None),
        Ticket.erased_at.is_(None),
    )
    return session.scalars(query.order_by(Ticket.id)).all()
