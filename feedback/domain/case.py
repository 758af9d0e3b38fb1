"""One ticket as the clock sees it: when it began, what it is, when it stood still, what was granted.

Everything here is computed from facts that stand in the audit trail, so that it can be computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.domain.clocks import Clock
from feedback.domain.deadlines import due_by
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Level
from feedback.domain.terms import Matter, Term, Terms, Unit


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `start` to `end`: its bound, or the moment somebody ended it before.

    It ends by itself at its bound, whether or not any process is running then. Raises InvalidInput unless it lasts.
    """

    start: datetime
    end: datetime
    reason: str

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidInput("Thời gian tạm dừng kết thúc trước khi bắt đầu.")


@dataclass(frozen=True, slots=True)
class Extension:
    """`term` was added to the deadline that stood at `granted_at`."""

    granted_at: datetime
    term: Term


@dataclass(frozen=True, slots=True)
class Case:
    """`start` is the receipt, or the last reopening. Pauses and extensions are those since then, pauses apart."""

    received_at: datetime
    start: datetime
    matter: Matter
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both deadlines of a case, on a Hanoi clock."""

    receive_due_at: datetime
    answer_due_at: datetime


def judge_case(case: Case, terms: Terms, clock: Clock) -> Verdict:
    """When the case is due. Taking it in counts from receipt and is never paused. Raises OutsideCalendar."""
    return Verdict(
        receive_due_at=due_by(terms.receive_rule(case.matter).term, case.received_at, clock),
        answer_due_at=answer_due(case, terms.answer_rule(case.matter).term, clock),
    )


def answer_due(case: Case, term: Term, clock: Clock) -> datetime:
    """`term` from the start, moved by each pause and extension in the order in which they came.

    An urgent matter is not extended: what was granted before its urgency was known no longer counts.

    Terms in hours and working days move by the working time of a pause. Calendar days move by the days between its
    first and its last, and only then to a working day.
    """
    start, days, due = case.start, 0, due_by(term, case.start, clock)
    granted = () if case.matter.level is Level.URGENT else case.extensions
    events: list[Pause | Extension] = [*case.pauses, *granted]
    for event in sorted(events, key=_came_at):
        if isinstance(event, Extension):
            term, start, days, due = event.term, due, 0, due_by(event.term, due, clock)
        elif event.start >= due:
            continue
        elif term.unit is Unit.CALENDAR_DAYS:
            days += (clock.days.day_of(event.end) - clock.days.day_of(event.start)).days
            due = due_by(Term(term.number + days, term.unit), start, clock)
        else:
            due = clock.add(due, clock.between(event.start, event.end))
    return due


def counted(case: Case, until: datetime, clock: Clock) -> timedelta:
    """What counts from the start until `until`: the time of the clock without the pauses. Whole seconds.

    Every instant is cut to its second first, so that the parts of a timeline add up to this figure exactly.
    """
    end = whole(until)
    total = clock.between(whole(case.start), max(whole(case.start), end))
    for first, last in stretches(case.pauses, end):
        total -= clock.between(first, last)
    return total


def stretches(pauses: Sequence[Pause], until: datetime) -> list[tuple[datetime, datetime]]:
    """The pauses up to `until`, in whole seconds."""
    end = whole(until)
    return [(whole(p.start), min(whole(p.end), end)) for p in pauses if whole(p.start) < end]


def reached_at(case: Case, share: int, due: datetime, clock: Clock) -> datetime:
    """The instant at which `share` per cent of the term have been counted; 100 is `due` itself. Raises OutsideCalendar."""
    if share == 100:
        return due
    total = _running(case, due, clock)
    if share > 100:
        return clock.add(due, total * (share - 100) / 100)
    moment = clock.add(case.start, total * share / 100)
    for pause in sorted(case.pauses, key=_came_at):
        if pause.start < moment:
            moment = clock.add(moment, clock.between(pause.start, pause.end))
    return moment


def whole(moment: datetime) -> datetime:
    """The instant cut to its second."""
    return moment.replace(microsecond=0)


def _running(case: Case, due: datetime, clock: Clock) -> timedelta:
    total = clock.between(case.start, max(case.start, due))
    for pause in case.pauses:
        if pause.start < due:
            total -= clock.between(pause.start, min(pause.end, due))
    return max(total, timedelta())


def _came_at(event: Pause | Extension) -> datetime:
    return event.start if isinstance(event, Pause) else event.granted_at
