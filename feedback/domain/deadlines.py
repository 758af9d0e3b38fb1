"""When a term ends, by the counting rules of the law, and the two deadlines of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedback.clock import HANOI
from feedback.domain.kinds import Kind, Level
from feedback.domain.terms import Term, Terms, Unit
from feedback.domain.worktime import WorkCalendar

CLOSING = time(17)
"""Terms counted in days end when the offices close."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Both instants, and the versions of the rules they were judged by."""

    receive_due_at: datetime
    answer_due_at: datetime
    rule_version: str
    calendar_version: str


def due_at(term: Term, start: datetime, calendar: WorkCalendar) -> datetime:
    """The instant at which `term` ends for something received at `start`, on a Hanoi clock.

    Working hours: the earliest instant at which they have passed. Days: the Hanoi day of `start`, working or
    not, is not counted; the term ends at 17:00 of its last day. Calendar days that would end on a day off
    end on the next working day (Civil Code 2015, articles 147 and 148). Raises OutsideCalendar.
    """
    if term.unit is Unit.WORKING_HOURS:
        return calendar.add_working(start, timedelta(hours=term.number))
    return datetime.combine(_last_day(term, calendar.day_of(start), calendar), CLOSING, HANOI)


def deadlines_for(
    received_at: datetime, level: Level, kind: Kind, calendar: WorkCalendar, terms: Terms
) -> Deadlines:
    """The deadlines of a ticket. Both count from receipt: reading it later gains nothing."""
    return Deadlines(
        receive_due_at=due_at(terms.receive.term, received_at, calendar),
        answer_due_at=due_at(terms.answer(level, kind).term, received_at, calendar),
        rule_version=terms.version,
        calendar_version=calendar.version,
    )


def _last_day(term: Term, received: date, calendar: WorkCalendar) -> date:
    if term.unit is Unit.WORKING_DAYS:
        return calendar.working_day_after(received, term.number)
    return calendar.working_day_from(received + timedelta(days=term.number))
