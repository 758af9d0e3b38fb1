"""Where a message says it is: positions, links and numbers a payload may claim."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from channels.message import Position

MAX_URL = 2_048
_PHONE = re.compile(r"(?:\+?84|0)([1-9]\d{7,9})")


def position(lat: float | None, lon: float | None) -> Position | None:
    """WGS 84 degrees; None where one is missing, out of range, or both are zero (a device without a fix)."""
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return Position(lat=lat, lon=lon)


def web_url(text: str | None) -> str | None:
    """The text when it is an http(s) address without credentials and of bearable length, else None."""
    if text is None or len(text) > MAX_URL or any(c.isspace() for c in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None


def phone(text: str | None) -> str | None:
    """A Vietnamese number in its one national form (`0…`, digits only), also from `84…` and `+84…`; or None."""
    match = _PHONE.fullmatch(re.sub(r"[\s.\-()]", "", text or ""))
    return f"0{match.group(1)}" if match and match.group().isascii() else None
