"""One round of a ticket cut into intervals: counted, paused or off, and held by whom. Their sum is the reported figure.

Instants are cut to whole seconds first, as in `case.counted`, so that the parts add up exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from feedback.clock import in_hanoi, midnight
from feedback.domain.case import Case, counted, stretches, whole
from feedback.domain.clocks import Clock
from feedback.domain.history import Facts, Stage

_DAY = timedelta(days=1)
_SATURDAY = 5
_WAITED_FOR = {"waiting_citizen": "citizen", "waiting_agency": "agency"}


class SumDiffers(AssertionError):
    """The intervals do not add up to the figure: a fault of this service, never of whoever reads."""


class How(StrEnum):
    COUNTED = "counted"
    PAUSED = "paused"
    OFF = "off"


class Off(StrEnum):
    """Why the offices were closed."""

    NIGHT = "night"
    LUNCH = "lunch"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Holder:
    """The desk a ticket lay on, and the officer who had taken it."""

    queue: str
    ward_code: str | None
    assigned_to: int | None

    @property
    def desk(self) -> tuple[str, str | None]:
        """The same without the officer."""
        return (self.queue, self.ward_code)


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open, within one Hanoi day. `why`: an `Off`, or the reason of the pause; `title`: the name of the holiday.

    `pause`: the reason of the pause that covers it, whether or not the offices were open.
    """

    start: datetime
    end: datetime
    how: How
    holder: Holder
    why: str | None = None
    title: str | None = None
    pause: str | None = None

    @property
    def seconds(self) -> int:
        return (self.end - self.start) // timedelta(seconds=1)

    @property
    def waits_for(self) -> str | None:
        """Whom everybody waited for while the clock stood still: "citizen" or "agency"."""
        return _WAITED_FOR.get(self.pause or "")

    @property
    def day(self) -> date:
        return self.start.date()


@dataclass(frozen=True, slots=True)
class Timeline:
    """`counted`, `paused` and `off` are seconds, and add up to the time that passed."""

    intervals: tuple[Interval, ...]
    counted: int
    paused: int
    off: int

    def held(self) -> dict[tuple[str, str | None], int]:
        """Counted seconds by desk, the longest first."""
        found: dict[tuple[str, str | None], int] = {}
        for part in self.intervals:
            if part.how is How.COUNTED:
                found[part.holder.desk] = found.get(part.holder.desk, 0) + part.seconds
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def lay_out(
    case: Case,
    until: datetime,
    stages: Sequence[Stage],
    received: Facts,
    clock: Clock,
    titles: Mapping[date, str],
) -> Timeline:
    """Every second from the start of `case` until `until`. `titles` names the holidays.

    Raises SumDiffers, OutsideCalendar.
    """
    start = in_hanoi(whole(case.start))
    end = max(start, in_hanoi(whole(until)))
    found = tuple(_joined(_cut(case, start, end, stages, received, _Office(clock, titles))))
    sums = {how: sum(part.seconds for part in found if part.how is how) for how in How}
    figure = counted(case, end, clock) // timedelta(seconds=1)
    if sums[How.COUNTED] != figure:
        raise SumDiffers(f"{sums[How.COUNTED]} s of intervals, {figure} s by the clock")
    return Timeline(found, sums[How.COUNTED], sums[How.PAUSED], sums[How.OFF])


@dataclass(slots=True)
class _Office:
    """When the clock runs, and why it does not."""

    clock: Clock
    titles: Mapping[date, str]

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        for first, last in self.clock.periods(start, end):
            yield first
            yield last

    def closed(self, moment: datetime) -> tuple[Off, str | None] | None:
        """None while the clock runs."""
        day = moment.date()
        begun = midnight(day)
        periods = list(self.clock.periods(begun, begun + _DAY))
        if not periods:
            return self._day_off(day)
        if any(first <= moment < last for first, last in periods):
            return None
        return (Off.LUNCH if periods[0][0] <= moment < periods[-1][1] else Off.NIGHT), None

    def _day_off(self, day: date) -> tuple[Off, str | None]:
        title = self.titles.get(day)
        return (Off.HOLIDAY if title or day.weekday() < _SATURDAY else Off.WEEKEND), title


def _cut(
    case: Case,
    start: datetime,
    end: datetime,
    stages: Sequence[Stage],
    received: Facts,
    office: _Office,
) -> Iterator[Interval]:
    pauses = [
        (in_hanoi(first), in_hanoi(last), pause.reason)
        for pause, (first, last) in zip(
            (p for p in case.pauses if whole(p.start) < end), stretches(case.pauses, end), strict=True
        )
    ]
    changes = [in_hanoi(whole(stage.at)) for stage in stages]
    edges = {start, end, *changes, *_midnights(start, end), *office.edges(start, end)}
    edges.update(edge for first, last, _ in pauses for edge in (first, last))
    inside = sorted(edge for edge in edges if start <= edge <= end)
    for first, last in pairwise(inside):
        place = bisect_right(changes, first)
        facts = stages[place - 1].facts if place else received
        holder = Holder(facts.queue, facts.ward_code if facts.queue == "ward" else None, facts.assigned_to)
        pause = next((reason for begun, over, reason in pauses if begun <= first < over), None)
        closed = office.closed(first)
        if closed is not None:
            yield Interval(first, last, How.OFF, holder, closed[0], closed[1], pause)
        elif pause is not None:
            yield Interval(first, last, How.PAUSED, holder, pause, None, pause)
        else:
            yield Interval(first, last, How.COUNTED, holder)


def _joined(parts: Iterable[Interval]) -> Iterator[Interval]:
    """Neighbours of one day that differ in nothing are one."""
    before: Interval | None = None
    for part in parts:
        if before is not None and before.day == part.day and _alike(before, part):
            before = replace(before, end=part.end)
            continue
        if before is not None:
            yield before
        before = part
    if before is not None:
        yield before


def _alike(one: Interval, other: Interval) -> bool:
    return replace(one, start=other.start, end=other.end) == other


def _midnights(start: datetime, end: datetime) -> Iterator[datetime]:
    day = start.date() + _DAY
    while day <= end.date():
        yield midnight(day)
        day += _DAY
