"""Working time as arithmetic: half-open intervals, several a day, days off and make-up days.

Vietnam has kept UTC+7 without daylight saving since 1975, so a Hanoi wall clock is a straight line and every
instant here is a whole number of microseconds since 2000-01-01 00:00 in Hanoi.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from feedback.clock import HANOI
from feedback.domain.errors import InvalidInput

_BASE = datetime(2000, 1, 1, tzinfo=HANOI)
_BASE_DAY = _BASE.toordinal()
_TICK = timedelta(microseconds=1)
_DAY = 86_400_000_000


class OutsideCalendar(InvalidInput):
    """The instant, or the end of the term, lies outside the years the calendar covers."""

    default_vi = "Thời điểm nằm ngoài phạm vi lịch làm việc."


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Working hours from `start` up to, not including, `end`, both on a Hanoi wall clock."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period must end after it starts: {self.start}–{self.end}")


@dataclass(frozen=True, slots=True)
class Hours:
    """Periods of each weekday (Monday first) and of a make-up day. Raises ValueError on overlap."""

    week: tuple[tuple[Period, ...], ...]
    make_up: tuple[Period, ...]

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for periods in (*self.week, self.make_up):
            if any(a.end > b.start for a, b in pairwise(periods)):
                raise ValueError("periods of a day must be in order and must not overlap")


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working time from `first` up to, not including, `last`. Build it with `WorkCalendar.build`.

    `version` names the data it was built from; `announced` are the years whose days off are published.
    """

    version: str
    first: date
    last: date
    announced: frozenset[int]
    _starts: array[int] = field(repr=False)
    _ends: array[int] = field(repr=False)
    _before: array[int] = field(repr=False)
    _days: array[int] = field(repr=False)
    _range: tuple[int, int] = field(repr=False)

    @classmethod
    def build(
        cls,
        version: str,
        years: range,
        hours: Hours,
        days_off: Collection[date],
        make_up: Collection[date],
        announced: Collection[int] = (),
    ) -> WorkCalendar:
        """Lay out every working period of `years` with running sums, so that a question is one bisection."""
        first, last = date(years.start, 1, 1), date(years.stop, 1, 1)
        starts, ends, before, days = array("q"), array("q"), array("q"), array("q")
        total = 0
        for day, periods in _working_days(first, last, hours, frozenset(days_off), frozenset(make_up)):
            days.append(day.toordinal())
            for start, end in _ticks(day, periods):
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
        bounds = (_midnight(first), _midnight(last))
        return cls(version, first, last, frozenset(announced), starts, ends, before, days, bounds)

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which `amount` of working time has passed since `start`, on a Hanoi clock.

        Raises InvalidInput for a negative amount, OutsideCalendar where the years end first.
        """
        if amount < timedelta():
            raise InvalidInput("Thời lượng không được âm.")
        begin = self._tick(start)
        if not amount:
            return _moment(begin)
        goal = self._worked_until(begin) + amount // _TICK
        index = bisect_left(self._before, goal) - 1
        if index < 0:  # no working hour at all
            raise OutsideCalendar
        end = self._starts[index] + goal - self._before[index]
        if end > self._ends[index]:
            raise OutsideCalendar
        return _moment(end)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`. Raises InvalidInput when `end` is earlier."""
        first, last = self._span(start, end)
        return timedelta(microseconds=self._worked_until(last) - self._worked_until(first))

    def periods_between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working periods from `start` to `end`, cut at both: their sum is `worked_between`, to the tick.

        In order, half-open, on a Hanoi clock. Raises InvalidInput when `end` is earlier, OutsideCalendar.
        """
        first, last = self._span(start, end)
        for index in range(bisect_right(self._ends, first), bisect_left(self._starts, last)):
            yield _moment(max(first, self._starts[index])), _moment(min(last, self._ends[index]))

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on `day`. Raises OutsideCalendar."""
        return self.working_day_from(day) == day

    def working_day_from(self, day: date) -> date:
        """`day` itself, or the next working day. Raises OutsideCalendar."""
        return self._nth_day(bisect_left(self._days, self._ordinal(day)))

    def working_day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, which is itself not counted. Raises OutsideCalendar."""
        return self._nth_day(bisect_right(self._days, self._ordinal(day)) + number - 1)

    def day_of(self, moment: datetime) -> date:
        """The Hanoi day of an instant. Raises OutsideCalendar."""
        return date.fromordinal(_BASE_DAY + self._tick(moment) // _DAY)

    def is_announced(self, moment: datetime) -> bool:
        """False where the days off are only assumed: whoever shows it says so. Raises OutsideCalendar."""
        return self.day_of(moment).year in self.announced

    def assumed_years(self, start: datetime, end: datetime) -> list[int]:
        """Years from `start` to `end` whose days off are only assumed. Raises OutsideCalendar."""
        years = range(self.day_of(start).year, self.day_of(end).year + 1)
        return [year for year in years if year not in self.announced]

    def _worked_until(self, tick: int) -> int:
        index = bisect_right(self._starts, tick) - 1
        if index < 0:
            return 0
        return self._before[index] + min(tick, self._ends[index]) - self._starts[index]

    def _span(self, start: datetime, end: datetime) -> tuple[int, int]:
        first, last = self._tick(start), self._tick(end)
        if last < first:
            raise InvalidInput("Thời điểm kết thúc sớm hơn thời điểm bắt đầu.")
        return first, last

    def _nth_day(self, index: int) -> date:
        if index >= len(self._days):
            raise OutsideCalendar
        return date.fromordinal(self._days[index])

    def _ordinal(self, day: date) -> int:
        if not self.first <= day < self.last:
            raise OutsideCalendar
        return day.toordinal()

    def _tick(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            raise ValueError("naive datetime: every instant carries its zone")
        tick = (moment - _BASE) // _TICK
        if not self._range[0] <= tick < self._range[1]:
            raise OutsideCalendar
        return tick


def _working_days(
    first: date, last: date, hours: Hours, days_off: frozenset[date], make_up: frozenset[date]
) -> Iterator[tuple[date, Sequence[Period]]]:
    for ordinal in range(first.toordinal(), last.toordinal()):
        day = date.fromordinal(ordinal)
        periods = hours.make_up if day in make_up else () if day in days_off else hours.week[day.weekday()]
        if periods:
            yield day, periods


def _ticks(day: date, periods: Sequence[Period]) -> Iterator[tuple[int, int]]:
    midnight = _midnight(day)
    for period in periods:
        yield midnight + _of_day(period.start), midnight + _of_day(period.end)


def _midnight(day: date) -> int:
    return (day.toordinal() - _BASE_DAY) * _DAY


def _of_day(clock: time) -> int:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second) // _TICK


def _moment(tick: int) -> datetime:
    return _BASE + timedelta(microseconds=tick)
