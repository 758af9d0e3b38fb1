"""Header values: RFC 2047 words, addresses and message ids, all on one line and bounded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from channels.email.charsets import to_text
from channels.text import line

_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f]{1,200}>")
_ADDRESS = re.compile(r"[^@\s<>\"(),;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
MAX_HEADER = 20_000


def first(mail: Message, name: str) -> str:
    """The raw text of the first such header, or an empty string."""
    found = mail.get(name)
    return "" if found is None else str(found)[:MAX_HEADER]


def raw_values(mail: Message, name: str) -> tuple[str, ...]:
    wanted = name.lower()
    return tuple(str(text)[:MAX_HEADER] for key, text in mail.raw_items() if key.lower() == wanted)


def decoded(mail: Message, name: str, limit: int = 500) -> str:
    """The first such header as text, RFC 2047 words and bare 8-bit bytes decoded by the charset ladder."""
    values = raw_values(mail, name)
    return line(words(values[0]), limit) if values else ""


def words(value: str) -> str:
    """Decode RFC 2047. Broken words stay as they are."""
    try:
        chunks = decode_header(_unfolded(value))
    except (HeaderParseError, ValueError, LookupError):
        return value
    return "".join(_chunk(part, charset) for part, charset in chunks)


def _chunk(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        part = part.encode("utf-8", "surrogateescape")
    return to_text(part, None if charset == "unknown-8bit" else charset)[0]


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def addresses(mail: Message, *names: str) -> tuple[tuple[str, str], ...]:
    """(display name, address in lower case) of every valid address in these headers."""
    values = [_unfolded(value) for name in names for value in raw_values(mail, name)]
    found = []
    for name, address in getaddresses(values)[:100]:
        bare = line(address, 320)
        if _ADDRESS.fullmatch(bare) and ".." not in bare:
            found.append((line(words(name), 200), bare.lower()))
    return tuple(found)


def is_address(text: str) -> bool:
    """Whether the text is one bare mail address and nothing else (no line end, no second address)."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text


def message_ids(mail: Message, *names: str) -> tuple[str, ...]:
    """Every `<id>` in these headers, in order, each once, at most 50."""
    found = (match for name in names for match in _MESSAGE_ID.findall(_unfolded(first(mail, name))))
    return tuple(dict.fromkeys(line(text) for text in found if line(text)))[:50]


def only_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Those values that are well-formed message ids, safe to write into a header."""
    return tuple(value for value in values if _MESSAGE_ID.fullmatch(value) and value.isascii())


def date(mail: Message) -> datetime | None:
    """The Date header in UTC; without a zone it is read as UTC. None where unreadable."""
    try:
        read = parsedate_to_datetime(first(mail, "Date"))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
