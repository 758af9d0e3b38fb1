"""The clocks a term may run by: an office's working time, or the clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from feedback.clock import HANOI
from feedback.domain.errors import InvalidInput
from feedback.domain.worktime import WorkCalendar


class Clock(Protocol):
    """`days` is the calendar by which terms in days are counted, whatever the hours run by."""

    @property
    def days(self) -> WorkCalendar: ...

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which `amount` has been counted since `start`. Raises InvalidInput."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """What is counted from `start` to `end`. Raises InvalidInput when `end` is earlier."""
        ...

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches that `between` adds up, in order. Raises InvalidInput when `end` is earlier."""
        ...


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Counts the working time of one office."""

    days: WorkCalendar

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return self.days.add_working(start, amount)

    def between(self, start: datetime, end: datetime) -> timedelta:
        return self.days.worked_between(start, end)

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        return self.days.periods_between(start, end)


@dataclass(frozen=True, slots=True)
class WallClock:
    """Counts every minute, day and night: for a level that may not wait for Monday."""

    days: WorkCalendar

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return start.astimezone(HANOI) + amount

    def between(self, start: datetime, end: datetime) -> timedelta:
        if end < start:
            raise InvalidInput("Thời điểm kết thúc sớm hơn thời điểm bắt đầu.")
        return end - start

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        if self.between(start, end):
            yield start, end
