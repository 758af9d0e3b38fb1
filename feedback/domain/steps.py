"""The instants at which somebody is told how far a ticket's terms have run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.case import Case, reached_at
from feedback.domain.clocks import Clock
from feedback.domain.terms import Part
from feedback.domain.worktime import OutsideCalendar

RECEIVE_SHARES = (80, 100)
"""Taking in is due long before half of the term for the answer has run: it has steps of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """`share` per cent of the term of `part` have run at `at`; all of it at `due_at`."""

    part: Part
    share: int
    at: datetime
    due_at: datetime


def answer_steps(
    case: Case, due: datetime, shares: Sequence[int], clock: Clock, *, beyond: int = 0
) -> Iterator[Step]:
    """The steps of the answer's term beyond `beyond` per cent, in order.

    They end where the calendar ends: a newer calendar, once the ticket is judged by it, brings the others.
    """
    return _steps(Part.ANSWER, case, due, [share for share in shares if share > beyond], clock)


def receive_steps(case: Case, due: datetime, clock: Clock, *, beyond: int = 0) -> Iterator[Step]:
    """The same for taking it in, which counts from receipt and is never paused."""
    plain = Case(case.received_at, case.received_at, case.matter)
    return _steps(Part.RECEIVE, plain, due, [share for share in RECEIVE_SHARES if share > beyond], clock)


def divide(tracks: Sequence[Iterator[Step]], now: datetime) -> tuple[list[Step], datetime | None]:
    """The steps reached at `now`, in order of time, and the instant of the first one to come."""
    reached, coming = list[Step](), list[datetime]()
    for track in tracks:
        for step in track:
            if step.at > now:
                coming.append(step.at)
                break
            reached.append(step)
    return sorted(reached, key=lambda step: (step.at, step.share)), min(coming, default=None)


def first_at(tracks: Sequence[Iterator[Step]]) -> datetime | None:
    """The instant of the first step of all tracks."""
    firsts = [step.at for track in tracks if (step := next(track, None)) is not None]
    return min(firsts, default=None)


def _steps(part: Part, case: Case, due: datetime, shares: Sequence[int], clock: Clock) -> Iterator[Step]:
    for share in shares:
        try:
            at = reached_at(case, share, due, clock)
        except OutsideCalendar:
            return
        yield Step(part, share, at, due)
