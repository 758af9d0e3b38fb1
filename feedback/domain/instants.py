"""Instants as people write them."""

from __future__ import annotations

from datetime import datetime

from feedback.clock import HANOI
from feedback.domain.errors import InvalidInput


def read_instant(text: str) -> datetime:
    """An aware datetime on a Hanoi clock from ISO 8601; without a zone it is Hanoi time. Raises InvalidInput."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI)).astimezone(HANOI)
    except (ValueError, OverflowError):
        raise InvalidInput("Thời điểm phải viết theo ISO 8601, ví dụ 2026-02-13T16:30+07:00.") from None
