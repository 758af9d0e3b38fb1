"""A mail as a tree of MIME parts, within limits that keep hostile mails cheap."""

from __future__ import annotations

from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from channels.email.config import EmailConfig
from channels.errors import UnsupportedPayload

# Cheap counts before the parser runs: its time grows with boundaries times nesting.
_MAX_BOUNDARY_LINES = 20_000
_MAX_MULTIPARTS = 100
# The standard library decodes parameters by any codec they name; this one takes quadratic time.
_SLOW_CODEC = b"punycode'"


def read(config: EmailConfig, raw: bytes) -> Message:
    """Raises UnsupportedPayload: empty, over 25 MB, 200 parts or depth 20."""
    if not raw.strip():
        raise UnsupportedPayload("thư rỗng")
    if len(raw) > config.max_bytes:
        raise UnsupportedPayload("thư lớn hơn giới hạn")
    lower = raw.lower()
    if raw.count(b"\n--") > _MAX_BOUNDARY_LINES or lower.count(b"multipart/") > _MAX_MULTIPARTS:
        raise UnsupportedPayload("thư có quá nhiều phần")
    if _SLOW_CODEC in lower:
        raise UnsupportedPayload("thư dùng bảng mã không được phép")
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
    except (RecursionError, MessageError, ValueError, LookupError):
        raise UnsupportedPayload("thư không đọc được") from None
    _check_tree(config, mail)
    return mail


def _check_tree(config: EmailConfig, mail: Message) -> None:
    waiting = [(mail, 1)]
    parts = 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > config.max_depth or parts > config.max_parts:
            raise UnsupportedPayload("thư có quá nhiều phần hoặc lồng quá sâu")
        waiting += [(child, depth + 1) for child in children(part)]


def children(part: Message) -> list[Message]:
    """The parts directly inside; none for a leaf (also one that wrongly claims to be multipart)."""
    # Asking a leaf for its payload would decode it by whatever codec its header names.
    payload = part.get_payload() if part.is_multipart() else None
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def part_bytes(config: EmailConfig, raw: bytes, index: int) -> bytes:
    """The decoded bytes of MIME part `index` (as in `Attachment.part`). Raises UnsupportedPayload."""
    parts = list(read(config, raw).walk())
    if not 0 <= index < len(parts):
        raise UnsupportedPayload("không có phần này trong thư")
    return decoded(parts[index])


def decoded(part: Message) -> bytes:
    """The bytes of a leaf without its transfer encoding; broken encodings give what can be read."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""
