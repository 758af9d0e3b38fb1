"""Time as a value that is passed in: stored in UTC, shown in Hanoi."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def utc_now() -> datetime:
    """The machine's clock. Inside a transaction the database's time is used instead."""
    return datetime.now(UTC)


def in_hanoi(moment: datetime) -> datetime:
    """The same instant on a Hanoi wall clock. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: every instant carries its zone")
    return moment.astimezone(HANOI)


def midnight(day: date) -> datetime:
    """The instant at which a Hanoi day begins."""
    return datetime.combine(day, time(0), HANOI)
