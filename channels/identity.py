"""Idempotency keys that fit a database index, whatever a payload holds."""

from __future__ import annotations

import hashlib

from channels.text import line

MAX_KEY = 200


def digest(*parts: str | bytes) -> str:
    """Hex SHA-256 over the parts, separated by `|`."""
    joined = b"|".join(
        part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts
    )
    return hashlib.sha256(joined).hexdigest()


def key(text: str) -> str:
    """`text` on one line; a key longer than 200 code points is replaced by its digest."""
    flat = line(text, limit=MAX_KEY + 1)
    return flat if len(flat) <= MAX_KEY else f"sha256:{digest(text)}"
