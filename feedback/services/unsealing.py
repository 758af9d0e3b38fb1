"""What lies under seal, opened for the denunciation desk, and for the way of our own words to the informant."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.message import Sender
from feedback.domain.errors import SealedUnreadable
from feedback.domain.events import AuditAction
from feedback.services.app import App
from feedback.store import Session, Transaction, blobs, content, sealed
from feedback.store.audit import ticket_chain
from feedback.store.tables import Attachment, Message, PredictionRow, Ticket

TICKET_COLUMNS = ("summary", "search", "address", "lat", "lon", "conversation")
CONTACT_COLUMNS = ("address_hash", "address", "name", "phone", "email")
MESSAGE_COLUMNS = ("subject", "text", "hints", "external_id")
ATTACHMENT_COLUMNS = ("name", "url")
"""The columns that tell something; the sealed pieces hold them by these names."""
KEPT_UNDER_SEAL = -1
"""Stands as `blob_id` of a file whose bytes lie under seal."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened content of one ticket, by the ids of the rows it was taken from."""

    ticket: dict[str, Any]
    contact: dict[str, Any]
    messages: dict[int, dict[str, Any]]
    predictions: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)

    def text(self, message_id: int) -> str:
        told = self.messages.get(message_id)
        return str(told["text"]) if told else ""

    @property
    def sender(self) -> Sender:
        """Whoever wrote the ticket."""
        who = self.contact
        return Sender(who["address"] or "", who["name"], who["phone"], who["email"])


def opened(app: App, session: Session, ticket: Ticket, *, files: bool = False) -> Opened | None:
    """The content of a ticket under seal; None for any other. Raises SealedUnreadable."""
    if ticket.sealed_at is None:
        return None
    pieces = sealed.read(session, app.box, ticket.id, files=files)
    of = _by_kind(pieces)
    if ticket.id not in of["ticket"]:
        _check_taken_out(session, ticket)
        return None
    told = json.loads(of["ticket"][ticket.id])
    return Opened(
        ticket={name: told[name] for name in TICKET_COLUMNS},
        contact=told["contact"],
        messages={row_id: json.loads(piece) for row_id, piece in of["message"].items()},
        predictions={row_id: json.loads(piece) for row_id, piece in of["prediction"].items()},
        files=of["file"],
    )


def _check_taken_out(session: Session, ticket: Ticket) -> None:
    """A reader takes no lock: between its two questions somebody took the content out. Raises SealedUnreadable."""
    session.refresh(ticket)
    if ticket.sealed_at is not None:
        raise SealedUnreadable


def _by_kind(pieces: Any) -> dict[str, dict[int, bytes]]:
    found: dict[str, dict[int, bytes]] = {"ticket": {}, "message": {}, "prediction": {}, "file": {}}
    for (what, row_id), piece in pieces.items():
        found[what][row_id] = piece
    return found


def show(
    found: Opened,
    ticket: Ticket,
    messages: Sequence[Message],
    attachments: Sequence[Attachment],
    prediction: PredictionRow | None,
) -> None:
    """Lay the content over rows that belong to no session any more, so that it can never be written back."""
    _lay(ticket, found.ticket)
    _lay(ticket.contact, {name: found.contact[name] for name in CONTACT_COLUMNS})
    for message in messages:
        _lay(message, found.messages.get(message.id, {}), MESSAGE_COLUMNS)
    names = {key: value for told in found.messages.values() for key, value in told["attachments"].items()}
    for item in attachments:
        told = names.get(str(item.id), {})
        _lay(item, told, ATTACHMENT_COLUMNS)
        if told.get("kept"):
            item.blob_id = KEPT_UNDER_SEAL
    if prediction is not None and prediction.id in found.predictions:
        prediction.result = found.predictions[prediction.id]


def _lay(row: Any, values: dict[str, Any], names: Iterable[str] | None = None) -> None:
    for name in names if names is not None else values:
        if name in values:
            setattr(row, name, values[name])


@dataclass(frozen=True, slots=True)
class SealedFile:
    content_type: str
    sha256: str
    name: str
    data: bytes

    def named(self, attachment_id: int) -> str:
        return self.name or f"tep-{attachment_id}"


def file(app: App, session: Session, attachment_id: int) -> SealedFile | None:
    """An upload that lies under seal. Raises SealedUnreadable."""
    piece = sealed.read_one(session, app.box, ("file", attachment_id))
    return _file(piece) if piece is not None else None


def _file(piece: bytes) -> SealedFile:
    head, _, data = piece.partition(b"\n")
    told = json.loads(head)
    return SealedFile(told["content_type"], told["sha256"], told["name"] or "", data)


def take_out(app: App, tx: Transaction, ticket: Ticket) -> None:
    """A person found that it is no denunciation: everything goes back to where it was taken from."""
    tx.session.flush()
    found = opened(app, tx.session, ticket, files=True)
    if found is None:
        return
    sealed.discard(tx.session, ticket.id)
    _lay(ticket, found.ticket)
    _return_contact(tx, ticket, found)
    _return_messages(tx, ticket, found)
    whole = {row_id: json.dumps(result) for row_id, result in found.predictions.items()}
    sealed.restore_predictions(tx.session, whole)
    sealed.forget_trace(tx.session, ticket.id)
    ticket.sealed_at = None
    tx.audit(ticket_chain(ticket.id), AuditAction.TAKEN_FROM_SEAL, after={"messages": len(found.messages)})


def _return_contact(tx: Transaction, ticket: Ticket, found: Opened) -> None:
    known = content.contact_with(tx.session, ticket.channel, ticket.account, found.contact["address_hash"])
    if known is not None:
        ticket.contact = known
    else:
        told = {name: found.contact[name] for name in CONTACT_COLUMNS}
        _lay(content.free_contact(tx.session, ticket, tx.now), told)


def _return_messages(tx: Transaction, ticket: Ticket, found: Opened) -> None:
    attachments = content.attachments(tx.session, ticket.id)
    for message in content.messages(tx.session, ticket.id).values():
        told = found.messages.get(message.id)
        if told is None:
            continue
        _lay(message, told, MESSAGE_COLUMNS)
        message.sealed = False
        _return_delivery(tx, message, told["raw"])
        for key, names in told["attachments"].items():
            _return_file(tx, attachments[int(key)], names, found.files.get(int(key)))


def _return_delivery(tx: Transaction, message: Message, told: dict[str, Any] | None) -> None:
    raw = content.delivery(tx.session, message)
    if raw is not None and told is not None:
        raw.external_id, raw.headers = told["external_id"], told["headers"]
        raw.body = b64decode(told["body"])


def _return_file(tx: Transaction, item: Attachment, names: dict[str, Any], piece: bytes | None) -> None:
    _lay(item, names, ATTACHMENT_COLUMNS)
    if piece is not None:
        found = _file(piece)
        item.blob_id = blobs.put(
            tx.session,
            sha256=found.sha256,
            content_type=found.content_type,
            data=found.data,
            now=tx.now,
        )
