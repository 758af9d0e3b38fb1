"""Instants as providers write them, always aware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

# Vietnam has one zone and no summer time since 1975; a file without an offset was written here.
HANOI = timezone(timedelta(hours=7))


def from_iso(text: str | None) -> datetime | None:
    """ISO 8601; without an offset it is Hanoi time. None where unreadable."""
    try:
        read = datetime.fromisoformat(text) if text else None
        if read is None:
            return None
        return (read if read.tzinfo else read.replace(tzinfo=HANOI)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: float | None) -> datetime | None:
    """Seconds since 1970. None where unreadable or beyond the calendar."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
