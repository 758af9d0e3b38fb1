"""Opening a ticket at the desk: reading personal data leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.domain.errors import NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, allowed
from feedback.services import unsealing
from feedback.services.app import App
from feedback.services.change import facts, refuse
from feedback.store import Transaction, rights, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import (
    Attachment,
    AuditEvent,
    Blob,
    LegalHold,
    Message,
    PredictionRow,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything the ticket page shows. `contact_visible`: whether this actor may see who wrote."""

    ticket: Ticket
    messages: Sequence[Message]
    attachments: Sequence[Attachment]
    prediction: PredictionRow | None
    trail: Sequence[AuditEvent]
    contact_visible: bool
    holds: Sequence[LegalHold] = ()


def open_ticket(app: App, actor: Actor, code: str) -> Opened:
    """The whole ticket; the reading itself stands in the trail. Raises NotFound (also for what is out of reach)."""
    with app.store.transaction(actor) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None or not allowed(actor, Action.READ, facts(ticket)):
            refuse(tx, ticket, code)
        visible = allowed(actor, Action.READ_CONTACT, facts(ticket))
        sealed = ticket.sealed_at is not None
        tx.audit(
            ticket_chain(ticket.id),
            AuditAction.CONTACT_READ if visible else AuditAction.TICKET_READ,
            after={"opened": "whole ticket under seal"} if sealed else None,
        )
        content = unsealing.opened(app, tx.session, ticket)
        opened = Opened(
            ticket=ticket,
            messages=tickets.messages(tx.session, ticket.id),
            attachments=tickets.attachments(tx.session, ticket.id),
            prediction=tickets.last_prediction(tx.session, ticket.id),
            trail=tickets.trail(tx.session, ticket.id),
            contact_visible=visible,
            holds=rights.holds_of(tx.session, ticket),
        )
        tx.commit()
    if content is not None:
        # Only now, when the rows belong to no session: what is laid over them must never be written back.
        unsealing.show(content, ticket, opened.messages, opened.attachments, opened.prediction)
    return opened


def check_reach(app: App, actor: Actor, code: str) -> None:
    """Whether the actor may open the ticket, without opening it. Raises NotFound."""
    with app.store.reading() as session:
        ticket = tickets.by_code(session, code)
        if ticket is None or not allowed(actor, Action.READ, facts(ticket)):
            raise NotFound


@dataclass(frozen=True, slots=True)
class File:
    """An upload with its bytes."""

    name: str
    content_type: str
    data: bytes


def open_upload(app: App, actor: Actor, attachment_id: int) -> File:
    """The bytes of a portal upload; the reading stands in the ticket's trail. Raises NotFound."""
    with app.store.transaction(actor) as tx:
        found = tickets.attachment(tx.session, attachment_id)
        if found is None or not allowed(actor, Action.READ, facts(found[0])):
            refuse(tx, found[0] if found else None, f"tep-{attachment_id}")
        ticket, attachment, blob = found
        file = _file(app, tx, ticket, attachment, blob)
        if file is None:
            raise NotFound
        tx.audit(ticket_chain(ticket.id), AuditAction.TICKET_READ, after={"attachment": attachment.id})
        tx.commit()
    return file


def _file(
    app: App, tx: Transaction, ticket: Ticket, attachment: Attachment, blob: Blob | None
) -> File | None:
    """The bytes, where they are kept here; with their name, unless it lies under seal."""
    name = attachment.name or f"tep-{attachment.id}"
    if blob is not None:
        return File(name, blob.content_type, blob.data)
    found = unsealing.file(app, tx.session, attachment.id) if ticket.sealed_at is not None else None
    return File(found.named(attachment.id), found.content_type, found.data) if found else None
