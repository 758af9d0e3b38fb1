"""The readable text of a mail and references to what is attached."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.message import Message

from inscriptis import get_text
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from channels.email.charsets import to_text
from channels.email.headers import words
from channels.email.limits import children, decoded
from channels.message import Attachment, AttachmentKind
from channels.text import clean, line

MAX_HTML = 1_000_000
_KINDS = {
    "image": AttachmentKind.IMAGE,
    "audio": AttachmentKind.AUDIO,
    "video": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    suspect: bool


def text_of(part: Message) -> Reading:
    """Text of a part and everything in it, plain before HTML; empty for an attachment."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        return _best([text_of(child) for child in children(part)], children(part))
    if part.is_multipart():
        return _joined([text_of(child) for child in children(part)])
    if kind not in {"text/plain", "text/html"} or is_attachment(part):
        return Reading("", suspect=False)
    text, suspect = to_text(decoded(part), _charset(part))
    return Reading(clean(_from_html(text) if kind == "text/html" else text), suspect)


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError):
        return None


def _best(readings: list[Reading], parts: list[Message]) -> Reading:
    plain = [
        reading
        for reading, part in zip(readings, parts, strict=True)
        if part.get_content_type() == "text/plain" and reading.text
    ]
    filled = plain or [reading for reading in readings if reading.text]
    return filled[0] if filled else Reading("", suspect=False)


def _joined(readings: list[Reading]) -> Reading:
    filled = [reading for reading in readings if reading.text]
    return Reading("\n\n".join(r.text for r in filled), suspect=any(r.suspect for r in filled))


def _from_html(html: str) -> str:
    try:
        return str(get_text(html[:MAX_HTML].replace("\x00", "")))
    except (LxmlError, ValueError, RecursionError, IndexError, KeyError):
        return ""


def is_attachment(part: Message) -> bool:
    disposition = part.get_content_disposition()
    return disposition == "attachment" or (disposition == "inline" and _file_name(part) is not None)


def attachments_of(mail: Message, limit: int) -> tuple[tuple[Attachment, ...], int]:
    """References to at most `limit` attachments, and how many more there were. Nothing is ever unpacked."""
    leaves = [
        (index, part) for index, part in enumerate(mail.walk()) if not part.is_multipart() and _is_file(part)
    ]
    return tuple(_reference(index, part) for index, part in leaves[:limit]), max(0, len(leaves) - limit)


def _is_file(part: Message) -> bool:
    return is_attachment(part) or part.get_content_maintype() != "text"


def _reference(index: int, part: Message) -> Attachment:
    content = decoded(part)
    return Attachment(
        kind=_KINDS.get(part.get_content_maintype(), AttachmentKind.FILE),
        name=_file_name(part),
        part=index,
        content_type=line(part.get_content_type(), 100),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _file_name(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError):
        return None
    return line(words(name), 200).replace("/", "_").replace("\\", "_") if name else None
