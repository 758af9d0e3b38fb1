"""The portal form as bytes: written by the web tier, read by the adapter."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from channels.message import Position

SEAL_HEADER = "x-portal-seal"


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an uploaded file; its bytes are kept elsewhere under `sha256` (64 hex digits)."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Form:
    """`submission_id`: made when the form was shown, so that a second click is a repeat.

    `ticket_code`: the ticket this is a further message of; the web tier has checked that the citizen may
    write to it.
    """

    submission_id: str
    text: str
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    position: Position | None = None
    uploads: tuple[Upload, ...] = ()
    ticket_code: str = ""
    submitted_at: str = ""


def body(form: Form) -> bytes:
    """Canonical JSON: sorted keys, no blanks; the same form gives the same bytes."""
    return json.dumps(asdict(form), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def seal(body: bytes, key: bytes) -> str:
    """The value of `x-portal-seal`: hex HMAC-SHA256 of the body."""
    return hmac.new(key, body, hashlib.sha256).hexdigest()
