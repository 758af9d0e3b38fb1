"""How a deadline was counted, step by step: the term day by day or stretch by stretch, then each pause and extension."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from feedback.clock import in_hanoi
from feedback.domain.case import Case, Extension, Pause, answer_due
from feedback.domain.clocks import Clock
from feedback.domain.deadlines import due_by
from feedback.domain.kinds import Level
from feedback.domain.terms import Term, Unit


class CountDiffers(AssertionError):
    """The steps lead to another deadline than the rule: a fault of this service."""


class Cause(StrEnum):
    TERM = "term"
    EXTENSION = "extension"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Step:
    """What moved the deadline to `due`.

    `days`: the days that count, the first of them after the day of `start`; `stretches`: the working time that counts,
    for terms in hours. `moved`: by how much a pause put the deadline off, in time of the clock, or in whole days for
    terms in calendar days. A pause that began after the deadline moves nothing.
    """

    cause: Cause
    start: datetime
    due: datetime
    term: Term
    days: tuple[date, ...] = ()
    stretches: tuple[tuple[datetime, datetime], ...] = ()
    end: datetime | None = None
    reason: str | None = None
    moved: timedelta = timedelta()


def receive_steps(received_at: datetime, term: Term, clock: Clock) -> tuple[Step, ...]:
    """Taking in is never put off: one step. Raises OutsideCalendar."""
    return (_counted(Cause.TERM, received_at, term, clock),)


def answer_steps(case: Case, term: Term, clock: Clock) -> tuple[Step, ...]:
    """Mirrors `case.answer_due`, and is compared with it. Raises CountDiffers, OutsideCalendar."""
    steps = [_counted(Cause.TERM, case.start, term, clock)]
    granted = () if case.matter.level is Level.URGENT else case.extensions
    days, base = 0, steps[0]
    events: list[Pause | Extension] = [*case.pauses, *granted]
    for event in sorted(events, key=_came_at):
        due = steps[-1].due
        if isinstance(event, Extension):
            base, days = _counted(Cause.EXTENSION, due, event.term, clock), 0
            steps.append(base)
            continue
        moved, late = _paused(event, base, days, due, clock)
        if base.term.unit is Unit.CALENDAR_DAYS:
            days += moved.days
        steps.append(
            Step(Cause.PAUSE, event.start, late, base.term, end=event.end, reason=event.reason, moved=moved)
        )
    expected = answer_due(case, term, clock)
    if steps[-1].due != expected:
        raise CountDiffers(f"{steps[-1].due.isoformat()} by steps, {expected.isoformat()} by the rule")
    return tuple(steps)


def _counted(cause: Cause, start: datetime, term: Term, clock: Clock) -> Step:
    due = due_by(term, start, clock)
    if term.unit is Unit.WORKING_HOURS:
        return Step(cause, start, due, term, stretches=tuple(clock.periods(start, due)))
    first = clock.days.day_of(start)
    if term.unit is Unit.WORKING_DAYS:
        days = [clock.days.working_day_after(first, number) for number in range(1, term.number + 1)]
    else:
        days = [first + timedelta(days=number) for number in range(1, term.number + 1)]
    return Step(cause, start, due, term, days=tuple(days))


def _paused(pause: Pause, base: Step, days: int, due: datetime, clock: Clock) -> tuple[timedelta, datetime]:
    """By how much the pause moves the deadline, and where to."""
    if pause.start >= due:
        return timedelta(), due
    if base.term.unit is Unit.CALENDAR_DAYS:
        moved = clock.days.day_of(pause.end) - clock.days.day_of(pause.start)
        term = Term(base.term.number + days + moved.days, base.term.unit)
        return moved, due_by(term, base.start, clock)
    moved = clock.between(pause.start, pause.end)
    return moved, in_hanoi(clock.add(due, moved))


def _came_at(event: Pause | Extension) -> datetime:
    return event.start if isinstance(event, Pause) else event.granted_at
