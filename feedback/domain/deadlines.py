"""When a term ends, by the counting rules of the law."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from feedback.clock import HANOI
from feedback.domain.clocks import Clock, OfficeClock
from feedback.domain.terms import Term, Unit
from feedback.domain.worktime import WorkCalendar

CLOSING = time(17)
"""Terms counted in days end when the offices close."""


def due_at(term: Term, start: datetime, calendar: WorkCalendar) -> datetime:
    """The instant at which `term` ends for something received at `start`, on a Hanoi clock.

    Working hours: the earliest instant at which they have passed. Days: the Hanoi day of `start`, working or
    not, is not counted; the term ends at 17:00 of its last day. Calendar days that would end on a day off
    end on the next working day (Civil Code 2015, articles 147 and 148). Raises OutsideCalendar.
    """
    return due_by(term, start, OfficeClock(calendar))


def due_by(term: Term, start: datetime, clock: Clock) -> datetime:
    """The same by any clock: it counts the hours, its calendar the days. Raises OutsideCalendar."""
    if term.unit is Unit.WORKING_HOURS:
        return clock.add(start, timedelta(hours=term.number))
    return datetime.combine(_last_day(term, clock.days.day_of(start), clock.days), CLOSING, HANOI)


def _last_day(term: Term, received: date, calendar: WorkCalendar) -> date:
    if term.unit is Unit.WORKING_DAYS:
        return calendar.working_day_after(received, term.number)
    return calendar.working_day_from(received + timedelta(days=term.number))
