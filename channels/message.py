"""The one vocabulary into which every channel is translated at the border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AttachmentKind(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    LINK = "link"
    STICKER = "sticker"


class Purpose(StrEnum):
    """Why the service writes: to a citizen, or with a reminder to its own staff."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    NOTICE = "notice"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class RawDelivery:
    """One delivery exactly as it arrived: `body` is never changed, header names are lower case."""

    channel: str
    account: str
    body: bytes
    headers: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84, degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Attachment:
    """A reference, not the bytes.

    Either a provider's `url`, or `part`: the index of a MIME part or upload in the raw delivery.
    """

    kind: AttachmentKind
    name: str | None = None
    url: str | None = None
    part: int | None = None
    content_type: str | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """`address` identifies the sender on the channel (Zalo user id, e-mail address, phone number)."""

    address: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """What a citizen said, in NFC, without the channel's wrapping.

    `external_id` is the idempotency key within (channel, account). `conversation` groups messages of one
    exchange on the channel (a mail thread, a Zalo user, a call). `thread_refs` are provider message ids or
    tokens of ours that this message answers. `hints` are further facts for triage and display (branch,
    category, severity …).
    """

    channel: str
    account: str
    external_id: str
    conversation: str
    sender: Sender
    text: str
    subject: str | None = None
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    position: Position | None = None
    address: str | None = None
    thread_refs: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An authentic delivery that is no message of a citizen (follow, seen, echo, bounce, automatic mail)."""

    channel: str
    account: str
    external_id: str
    reason: str
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """What the service says. `id` is unique for ever: by it a provider knows a repeat.

    `ticket_code` is empty where it is about no single ticket: then no answer is expected.
    """

    id: str
    channel: str
    account: str
    to: Sender
    conversation: str
    ticket_code: str
    purpose: Purpose
    text: str
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    last_inbound_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message over. `provider_id` is its own id of the message, where it gives one."""

    provider_id: str | None
    detail: str = "accepted"
