"""Everything there is to say about one ticket's time: rounds with their timelines, deadlines with their rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from feedback.domain.clocks import Clock, WallClock
from feedback.domain.counting import Step, answer_steps, receive_steps
from feedback.domain.history import Facts, History, Round
from feedback.domain.terms import Part, Rule, Terms
from feedback.domain.timeline import Timeline, lay_out


@dataclass(frozen=True, slots=True)
class Basis:
    """What a round is judged by. `fixed`: the trail names it; otherwise it is only what would apply today."""

    terms: Terms
    clock: Clock
    calendar_version: str
    fixed: bool

    @property
    def day_and_night(self) -> bool:
        return isinstance(self.clock, WallClock)


Rules = Callable[[Facts], Basis]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing owed. `done_at` None: still owed."""

    part: Part
    rule: Rule
    start: datetime
    steps: tuple[Step, ...]
    due: datetime
    done_at: datetime | None
    now: datetime

    @property
    def on_time(self) -> bool | None:
        """None: neither done nor overdue."""
        if self.done_at is not None:
            return self.done_at <= self.due
        return False if self.due < self.now else None


@dataclass(frozen=True, slots=True)
class RoundTold:
    """One round: the timeline up to its answer, or up to now, and what was owed. `number` counts from 0."""

    number: int
    start: datetime
    until: datetime
    answered: bool
    by: str | None
    basis: Basis
    facts: Facts
    timeline: Timeline
    deadlines: tuple[Deadline, ...]


def told(history: History, number: int, rules: Rules, now: datetime, titles: Mapping[date, str]) -> RoundTold:
    """One round of the history. Raises SumDiffers, CountDiffers, OutsideCalendar, LookupError for unknown versions."""
    part = history.rounds[number]
    basis = rules(part.facts)
    until = part.end or now
    case = part.case(history.received_at)
    stages = history.stages
    return RoundTold(
        number=number,
        start=part.start,
        until=until,
        answered=part.end is not None,
        by=part.by.actor if part.by else None,
        basis=basis,
        facts=part.facts,
        timeline=lay_out(case, until, stages, Facts(), basis.clock, titles),
        deadlines=_deadlines(history, part, rules, now),
    )


def _deadlines(history: History, part: Round, rules: Rules, now: datetime) -> tuple[Deadline, ...]:
    basis, case = rules(part.facts), part.case(history.received_at)
    rule = basis.terms.answer_rule(part.facts.matter)
    steps = answer_steps(case, rule.term, basis.clock)
    owed = Deadline(Part.ANSWER, rule, part.start, steps, steps[-1].due, part.end, now)
    return (owed,) if part is not history.first else (_receipt(history, rules, now), owed)


def _receipt(history: History, rules: Rules, now: datetime) -> Deadline:
    basis = rules(history.taken_in_by)
    rule, start = basis.terms.receive_rule(history.taken_in_by.matter), history.received_at
    steps = receive_steps(start, rule.term, basis.clock)
    return Deadline(Part.RECEIVE, rule, start, steps, steps[-1].due, history.accepted_at, now)
