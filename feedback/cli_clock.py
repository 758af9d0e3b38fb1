"""What `feedback clock due` and `feedback clock worked` print: text in, text or a number out."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedback.clock import HANOI
from feedback.domain.calendar import shipped
from feedback.domain.deadlines import due_at
from feedback.domain.errors import InvalidInput
from feedback.domain.terms import Term


def due(text_from: str, text_term: str) -> str:
    """When a term ends (ISO 8601, Hanoi offset). A naive instant is Hanoi time. Raises InvalidInput."""
    return due_at(Term.parse(text_term), read_instant(text_from), shipped()).isoformat()


def worked(text_from: str, text_to: str) -> int:
    """Whole working seconds between two instants. Raises InvalidInput, also when the second is earlier."""
    passed = shipped().worked_between(read_instant(text_from), read_instant(text_to))
    return passed // timedelta(seconds=1)


def warnings(*instants: str) -> list[str]:
    """One sentence for each year, among the instants given or printed, whose days off are only assumed."""
    years = {moment.year for moment in map(read_instant, instants) if not shipped().is_announced(moment)}
    return [f"Lịch nghỉ năm {year} là giả định: chưa có thông báo chính thức." for year in sorted(years)]


def read_instant(text: str) -> datetime:
    """An aware datetime from ISO 8601. Raises InvalidInput."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI)).astimezone(HANOI)
    except (ValueError, OverflowError):
        raise InvalidInput("Thời điểm phải viết theo ISO 8601, ví dụ 2026-02-13T16:30+07:00.") from None
