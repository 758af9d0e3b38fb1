"""Periods of a report: Hanoi days, their neighbours, and the step a series takes over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedback.clock import in_hanoi, midnight
from feedback.domain.errors import InvalidInput
from feedback.store.queries.spread import Step

LONGEST = timedelta(days=1100)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
_STEPS = ((31, Step.DAY), (190, Step.WEEK), (800, Step.MONTH))
"""The longest period in days that each step is for; beyond stand quarters."""


@dataclass(frozen=True, slots=True)
class Period:
    """Hanoi days, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput("Ngày bắt đầu phải trước ngày kết thúc.", field="from")
        if self.start < FIRST_DAY or self.end > LAST_DAY:
            raise InvalidInput("Ngày chưa đúng.", field="from")
        if self.end - self.start > LONGEST:
            raise InvalidInput("Khoảng thời gian dài nhất là ba năm.", field="from")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Half-open instants."""
        return midnight(self.start), midnight(self.end + timedelta(days=1))

    @property
    def is_month(self) -> bool:
        """A whole calendar month."""
        return self == month_of(self.start)

    def before(self) -> Period:
        """The month before a whole month, else as many days just before. Raises InvalidInput at the edge of time."""
        last = self.start - timedelta(days=1)
        return month_of(last) if self.is_month else Period(last - (self.end - self.start), last)

    def step(self) -> Step:
        """So that a series has no more than some thirty points."""
        return next((step for most, step in _STEPS if self.days <= most), Step.QUARTER)


def presets(today: date) -> dict[str, Period]:
    """Common periods up to `today`, by name."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return {
        "week": Period(monday, today),
        "month": Period(first, today),
        "last_month": month_of(first - timedelta(days=1)),
        "quarter": Period(quarter, today),
        "year": Period(date(today.year, 1, 1), today),
    }


def month_of(day: date) -> Period:
    """The calendar month of `day`."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1))


def today(now: datetime) -> date:
    return in_hanoi(now).date()
