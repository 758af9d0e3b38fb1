"""The calendar told day by day: what each day is, and what it counted for in a term or a span of time."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import groupby

from feedback.domain.calendar import year_of
from feedback.domain.terms import Term, Unit
from feedback.domain.worktime import WorkCalendar


class DayKind(StrEnum):
    WORKING = "working"
    WEEKEND = "weekend"
    OFF = "off"
    MADE_UP = "made_up"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the shipped calendar. `title` and `source` say why it differs from the plain week."""

    day: date
    kind: DayKind
    title: str = ""
    source: str = ""


class Part(StrEnum):
    """What a day has to do with the term. A term may not end on a day off: such days are `PASSED` until its `END`."""

    RECEIPT = "receipt"
    COUNTED = "counted"
    CLOSED = "closed"
    OUTSIDE = "outside"
    PASSED = "passed"
    END = "end"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a term. `number`: the how-manieth day it counts as. `periods`: the working time that it gave."""

    day: Day
    part: Part
    number: int | None = None
    periods: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def worked(self) -> timedelta:
        return sum((end - start for start, end in self.periods), timedelta())


def day_of(day: date) -> Day:
    """What the shipped calendar says of `day`."""
    return _special(day.year).get(day) or Day(day, DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKING)


def spells(number: int) -> list[list[Day]]:
    """Days of the year that differ from the plain week, in order; neighbours for one reason stand together."""
    days = sorted(_special(number).values(), key=lambda day: day.day)
    same = groupby(days, key=lambda day: (day.kind, day.title, day.source))
    return [list(spell) for _, spell in same]


def months(number: int) -> list[list[list[Day | None]]]:
    """The weeks of each month, Monday first; None stands for the days of the neighbouring months."""
    return [
        [
            [day_of(day) if day.month == month else None for day in week]
            for week in Calendar().monthdatescalendar(number, month)
        ]
        for month in range(1, 13)
    ]


def steps_of_term(term: Term, start: datetime, due: datetime, calendar: WorkCalendar) -> Iterator[Step]:
    """Every day from receipt to `due`, and what it counted for. Raises OutsideCalendar."""
    if term.unit is Unit.WORKING_HOURS:
        yield from steps_between(start, due, calendar)
        return
    number = 0
    for day in _days(calendar.day_of(start), calendar.day_of(due)):
        told = day_of(day)
        if day == calendar.day_of(start):
            yield Step(told, Part.RECEIPT)
        elif number == term.number:
            yield Step(told, Part.END if day == calendar.day_of(due) else Part.PASSED)
        elif term.unit is Unit.CALENDAR_DAYS or calendar.is_working_day(day):
            number += 1
            yield Step(told, Part.COUNTED, number)
        else:
            yield Step(told, Part.CLOSED)


def steps_between(start: datetime, end: datetime, calendar: WorkCalendar) -> Iterator[Step]:
    """Every day between two instants with its working time; the sum is `worked_between`. Raises InvalidInput."""
    found = groupby(calendar.periods_between(start, end), key=lambda period: period[0].date())
    worked = {day: tuple(periods) for day, periods in found}
    for day in _days(calendar.day_of(start), calendar.day_of(end)):
        if day in worked:
            yield Step(day_of(day), Part.COUNTED, periods=worked[day])
        else:
            yield Step(day_of(day), Part.OUTSIDE if calendar.is_working_day(day) else Part.CLOSED)


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


@cache
def _special(number: int) -> dict[date, Day]:
    year = year_of(number)
    rows = [(DayKind.OFF, special) for special in (*year.days_off, *year.weekends)]
    rows += [(DayKind.MADE_UP, special) for special in year.make_up]
    return {special.day: Day(special.day, kind, special.title, special.source) for kind, special in rows}
