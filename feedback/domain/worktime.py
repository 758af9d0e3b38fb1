"""Working time as arithmetic: half-open intervals, several a day, days off and make-up days.

Vietnam has kept UTC+7 without daylight saving since 1975, so a Hanoi wall clock is a straight line and every
instant here is a whole number of microseconds since 2000-01-01 00:00 in Hanoi.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from feedback.clock import HANOI
from feedback.domain.errors import InvalidInput

_BASE = datetime(2000, 1, 1, tzinfo=HANOI)
_BASE_UTC = _BASE.astimezone(UTC)
_BASE_DAY = _BASE.toordinal()
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


@dataclass(slots=True)
class _Layout:
    """Every working period in order, and sums, so that no question walks over days. Instants are in ticks.

    `starts` has the end of the calendar behind its last period. `before` is the working time before each period, and
    the whole of it at the end; `days` are ordinals of working days. `first_period` and `days_before` are told for each
    day from the first: the first period that does not lie before it, and how many working days do.
    Lists rather than arrays: the integers are looked up far more often than they are made.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=lambda: [0])
    days: list[int] = field(default_factory=list)
    first_period: list[int] = field(default_factory=list)
    days_before: list[int] = field(default_factory=lambda: [0])

    def add(self, day: date, periods: Sequence[Period]) -> None:
        self.first_period.append(len(self.starts))
        if periods:
            self.days.append(day.toordinal())
        self.days_before.append(len(self.days))
        midnight = _midnight(day)
        for period in periods:
            start, end = midnight + _of_day(period.start), midnight + _of_day(period.end)
            self.starts.append(start)
            self.ends.append(end)
            self.before.append(self.before[-1] + end - start)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working time from `first` up to, not including, `last`. Build it with `WorkCalendar.build`.

    `version` names the data it was built from; `announced` are the years whose days off are published.
    """

    version: str
    first: date
    last: date
    announced: frozenset[int]
    _layout: _Layout = field(repr=False)
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
        """The calendar of `years`. A day both off and made up is made up: the notice that swaps it came later."""
        first, last = date(years.start, 1, 1), date(years.stop, 1, 1)
        off, made_up = frozenset(days_off), frozenset(make_up)
        layout = _Layout()
        for ordinal in range(first.toordinal(), last.toordinal()):
            day = date.fromordinal(ordinal)
            layout.add(
                day, hours.make_up if day in made_up else () if day in off else hours.week[day.weekday()]
            )
        bounds = (_midnight(first), _midnight(last))
        layout.starts.append(bounds[1])
        return cls(version, first, last, frozenset(announced), layout, bounds)

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which `amount` of working time has passed since `start`, on a Hanoi clock.

        Raises InvalidInput for a negative amount, OutsideCalendar where the years end first.
        """
        if amount < timedelta():
            raise InvalidInput("Thời lượng không được âm.")
        begin = self._tick(start)
        if not amount:
            return _moment(begin)
        before = self._layout.before
        goal = self._worked_until(begin) + _ticks_of(amount)
        if goal > before[-1]:
            raise OutsideCalendar
        index = bisect_left(before, goal) - 1
        return _moment(self._layout.starts[index] + goal - before[index])

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`. Raises InvalidInput when `end` is earlier."""
        first, last = self._span(start, end)
        return timedelta(0, 0, self._worked_until(last) - self._worked_until(first))

    def periods_between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working periods from `start` to `end`, cut at both: their sum is `worked_between`, to the tick.

        In order, half-open, on a Hanoi clock. Raises InvalidInput when `end` is earlier, OutsideCalendar.
        """
        first, last = self._span(start, end)
        starts, ends = self._layout.starts, self._layout.ends
        for index in range(bisect_right(ends, first), bisect_left(starts, last)):
            yield _moment(max(first, starts[index])), _moment(min(last, ends[index]))

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on `day`. Raises OutsideCalendar."""
        return self.working_day_from(day) == day

    def working_day_from(self, day: date) -> date:
        """`day` itself, or the next working day. Raises OutsideCalendar."""
        return self._nth_day(self._layout.days_before[self._offset(day)])

    def working_day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, which is itself not counted. Raises OutsideCalendar."""
        return self._nth_day(self._layout.days_before[self._offset(day) + 1] + number - 1)

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
        """Working ticks of the calendar before `tick`: those before its day, and the few periods of the day itself."""
        layout = self._layout
        index = layout.first_period[(tick - self._range[0]) // _DAY]
        starts, ends = layout.starts, layout.ends
        while starts[index] < tick:
            if tick <= ends[index]:
                return layout.before[index] + tick - starts[index]
            index += 1
        return layout.before[index]

    def _span(self, start: datetime, end: datetime) -> tuple[int, int]:
        first, last = self._tick(start), self._tick(end)
        if last < first:
            raise InvalidInput("Thời điểm kết thúc sớm hơn thời điểm bắt đầu.")
        return first, last

    def _nth_day(self, index: int) -> date:
        if index >= len(self._layout.days):
            raise OutsideCalendar
        return date.fromordinal(self._layout.days[index])

    def _offset(self, day: date) -> int:
        if not self.first <= day < self.last:
            raise OutsideCalendar
        return day.toordinal() - self.first.toordinal()

    def _tick(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            raise ValueError("naive datetime: every instant carries its zone")
        # Subtracting within one zone asks no zone for its offset; the database gives UTC.
        tick = _ticks_of(moment - (_BASE_UTC if moment.tzinfo is UTC else _BASE))
        if not self._range[0] <= tick < self._range[1]:
            raise OutsideCalendar
        return tick


def _midnight(day: date) -> int:
    return (day.toordinal() - _BASE_DAY) * _DAY


def _of_day(clock: time) -> int:
    return _ticks_of(timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second))


def _ticks_of(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _moment(tick: int) -> datetime:
    return _BASE + timedelta(0, 0, tick)
