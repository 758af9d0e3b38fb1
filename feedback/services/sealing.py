"""Putting a denunciation under seal, and taking out again what is none: always with the change that decides it.

What tells who wrote and what goes, encrypted, into the restricted store; in the ordinary tables stay the code, the state
and the times. `settle` may be called as often as one likes: it seals what is not sealed yet, and nothing twice.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Queue
from feedback.services import unsealing
from feedback.services.app import App
from feedback.services.unsealing import ATTACHMENT_COLUMNS, CONTACT_COLUMNS, MESSAGE_COLUMNS, TICKET_COLUMNS
from feedback.store import Transaction, content, sealed
from feedback.store.audit import ticket_chain
from feedback.store.tables import (
    Attachment,
    Blob,
    Contact,
    Message,
    PredictionRow,
    RawEvent,
    SealTrace,
    Ticket,
)

NOWHERE = "sealed"
"""What stands for the conversation on the channel; it often is the sender's own id."""


def belongs(ticket: Ticket) -> bool:
    """Whether the ticket's content belongs under seal."""
    return ticket.queue == Queue.DENUNCIATION or ticket.kind == Kind.DENUNCIATION


def settle(app: App, tx: Transaction, ticket: Ticket) -> None:
    """Let the content stand where the ticket's kind wants it, in the caller's transaction."""
    if belongs(ticket):
        put(app, tx, ticket)
    elif ticket.sealed_at is not None:
        unsealing.take_out(app, tx, ticket)


def put(app: App, tx: Transaction, ticket: Ticket) -> None:
    """Seal whatever of this ticket is still in plain sight."""
    first = ticket.sealed_at is None
    tx.session.flush()
    pieces = dict[sealed.Place, bytes]()
    with tx.session.no_autoflush:  # one flush at the end instead of one before each question
        if first:
            pieces |= _ticket(app, tx, ticket)
        messages = content.plain_messages(tx.session, ticket.id)
        if messages:
            pieces |= _messages(app, tx, messages)
        predictions = content.plain_predictions(tx.session, ticket.id)
        pieces |= {("prediction", row.id): _written(row.result) for row in predictions}
    sealed.add(tx.session, app.box, ticket.id, pieces, tx.now)
    _blank(tx, ticket, predictions)
    if first:
        tx.audit(ticket_chain(ticket.id), AuditAction.PUT_UNDER_SEAL, after={"messages": len(messages)})


def keep_prediction(app: App, tx: Transaction, row: PredictionRow) -> None:
    """Write a reading of a sealed ticket without its evidence, and the whole of it under seal."""
    whole = row.result
    row.result = {"sealed": True, "kind": whole.get("kind")}
    tx.session.add(row)
    tx.session.flush()
    place = ("prediction", row.id)
    sealed.add(tx.session, app.box, row.ticket_id, {place: _written(whole)}, tx.now)


def acknowledged_since(app: App, tx: Transaction, ticket: Ticket, since: datetime) -> int:
    """How many acknowledgements the writer was sent for denunciations: the stand-in contact knows of one only."""
    contact = ticket.contact
    if ticket.sealed_at is not None:
        return 0  # its first acknowledgement was counted when it was sealed
    writer = app.tracer.writer(contact.channel, contact.account, contact.address or "")
    return sealed.acknowledged_since(tx.session, writer, since)


def _ticket(app: App, tx: Transaction, ticket: Ticket) -> dict[sealed.Place, bytes]:
    contact = ticket.contact
    told = _columns(ticket, TICKET_COLUMNS) | {"contact": _columns(contact, CONTACT_COLUMNS)}
    tx.session.add(_trace(app.tracer, ticket, contact))
    ticket.summary = ticket.search = ""
    ticket.address = ticket.lat = ticket.lon = None
    ticket.conversation, ticket.sealed_at = NOWHERE, tx.now
    content.part_from_contact(tx.session, ticket, tx.now)
    return {("ticket", ticket.id): _written(told)}


def _trace(tracer: sealed.Tracer, ticket: Ticket, contact: Contact) -> SealTrace:
    proofs = {
        tracer.proof(ticket.id, known or "") for known in (contact.phone, contact.email, contact.address)
    }
    return SealTrace(
        ticket_id=ticket.id,
        writer_hash=tracer.writer(contact.channel, contact.account, contact.address or ""),
        conversation_hash=tracer.conversation(ticket.channel, ticket.account, ticket.conversation),
        email_hash=tracer.email(contact.email) if contact.email else None,
        proofs=sorted(proof for proof in proofs if proof),
    )


def _messages(app: App, tx: Transaction, messages: Sequence[Message]) -> dict[sealed.Place, bytes]:
    raws = content.deliveries(tx.session, messages)
    files = content.files(tx.session, messages)
    pieces = dict[sealed.Place, bytes]()
    for message in messages:
        raw = raws.get(message.raw_event_id or 0)
        hung = [(item, blob) for item, blob in files if item.message_id == message.id]
        pieces["message", message.id] = _written(_told(message, raw, hung))
        for item, blob in hung:
            if blob is not None:
                pieces["file", item.id] = _file(item, blob)
            item.name = item.url = item.blob_id = None
        message.subject, message.text, message.hints, message.external_id = None, "", {}, None
        message.sealed = True
        if raw is not None:
            raw.external_id = app.tracer.delivery(raw.external_id)
            raw.body, raw.headers = b"", {}
    content.drop_unused_blobs(tx.session, [blob.id for _, blob in files if blob is not None])
    return pieces


def _told(
    message: Message, raw: RawEvent | None, hung: Sequence[tuple[Attachment, Blob | None]]
) -> dict[str, Any]:
    return _columns(message, MESSAGE_COLUMNS) | {
        "raw": _delivery(raw) if raw is not None else None,
        "attachments": {
            str(item.id): _columns(item, ATTACHMENT_COLUMNS) | {"kept": blob is not None}
            for item, blob in hung
        },
    }


def _file(item: Attachment, blob: Blob) -> bytes:
    head = {"sha256": blob.sha256, "content_type": blob.content_type, "name": item.name}
    return json.dumps(head).encode() + b"\n" + blob.data


def _blank(tx: Transaction, ticket: Ticket, predictions: Sequence[PredictionRow]) -> None:
    """Only what lies under seal by now: the database checks that."""
    if predictions:
        tx.session.flush()
        sealed.blank_predictions(tx.session, ticket.id)
        for row in predictions:
            tx.session.expire(row)


def _delivery(raw: RawEvent) -> dict[str, Any]:
    return {
        "external_id": raw.external_id,
        "body": b64encode(raw.body).decode(),
        "headers": dict(raw.headers),
    }


def _columns(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
