"""What happened to one ticket, read from its audit rows alone: facts over time, rounds, pauses, extensions.

Nothing here looks at the ticket's own columns. The trail cannot be changed unseen, so what is computed from it can be
held against the columns (`rebuild`) and shown to whoever asks (`timeline`). See docs/adr/0013-figures-from-events.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from feedback.domain.case import Case, Extension, Pause
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.terms import Matter, Term
from feedback.domain.workflow import State

STOPS = frozenset({AuditAction.ANSWERED, AuditAction.REJECTED, AuditAction.HANDED_OVER, AuditAction.CLOSED})
"""The citizen has been given what is owed: the first of these stops the clock of a round."""
REOPENINGS = frozenset({AuditAction.REOPENED, AuditAction.APPEALED})
JUDGED = frozenset({AuditAction.TRIAGED, AuditAction.TRIAGE_FAILED, AuditAction.ROUTED}) | STOPS
"""After any of these a ticket has deadlines, and its trail says by which versions."""
ENDED = frozenset({State.CLOSED, State.REJECTED, State.HANDED_OVER})


class TrailIncomplete(ValueError):
    """The rows are not the trail of a ticket: its receipt is missing, or a row says what no use case writes."""


@dataclass(frozen=True, slots=True)
class Event:
    """One audit row. `after`: what it says was so afterwards, only what changed; instants as ISO 8601 text."""

    at: datetime
    action: str
    actor: str
    actor_id: int | None
    reason: str | None
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a ticket stands and what it is, at one moment. The defaults are those of a ticket just received."""

    state: str = State.NEW
    queue: str = Queue.DISPATCHER
    restricted: bool = False
    ward_code: str | None = None
    field_id: str | None = None
    kind: str = Kind.REPORT
    level: str = Level.NORMAL
    assigned_to: int | None = None
    outcome_reason: str | None = None
    rule_version: str | None = None
    calendar_version: str | None = None
    paused_until: str | None = None

    @property
    def matter(self) -> Matter:
        """What the terms look at."""
        ward = self.ward_code if self.queue == Queue.WARD else None
        return Matter(Level(self.level), Kind(self.kind), self.field_id, ward)


FACTS = tuple(Facts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Stage:
    """The facts from `at` on, and the row that made them so."""

    at: datetime
    event: Event
    facts: Facts


@dataclass(slots=True)
class Round:
    """From the receipt, or a reopening, to the answer: one thing owed. `facts`: as they were at its end, or are now.

    `pauses` hold the time the clock stood still, the running one up to its bound.
    """

    start: datetime
    facts: Facts
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    end: datetime | None = None
    by: Event | None = None

    def case(self, received_at: datetime, facts: Facts | None = None) -> Case:
        """The round as the clock sees it, by its own facts or by given ones."""
        return Case(
            received_at,
            self.start,
            (facts or self.facts).matter,
            tuple(self.pauses),
            tuple(self.extensions),
        )


@dataclass(slots=True)
class History:
    """Everything the trail of one ticket says about time. `taken_in_by`: the facts its receipt is judged by."""

    received_at: datetime
    facts: Facts
    rounds: list[Round]
    stages: list[Stage]
    taken_in_by: Facts
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    judged: bool = False

    @property
    def first(self) -> Round:
        return self.rounds[0]

    @property
    def last(self) -> Round:
        return self.rounds[-1]

    @property
    def reopened(self) -> int:
        return len(self.rounds) - 1

    @property
    def reopened_at(self) -> datetime | None:
        return self.last.start if self.reopened else None

    @property
    def old(self) -> bool:
        """Whether it was judged when rows did not yet say by which versions."""
        return self.judged and self.facts.rule_version is None


def fold(events: Iterable[Event]) -> History:
    """Read the rows in their order. Raises TrailIncomplete."""
    rows = iter(events)
    first = next(rows, None)
    if first is None or first.action != AuditAction.RECEIVED:
        raise TrailIncomplete("the receipt is missing")
    facts = Facts()
    history = History(first.at, facts, [Round(first.at, facts)], [], facts)
    _take(history, first)
    for event in rows:
        try:
            _take(history, event)
        except (InvalidInput, LookupError, ValueError, TypeError) as fault:
            raise TrailIncomplete(f"{event.action}: {fault}") from fault
    return history


def _take(history: History, event: Event) -> None:
    if event.action in REOPENINGS:
        _reopen(history, event)
    if "paused_until" in event.after:
        _pause(history.last, event)
    if event.action == AuditAction.EXTENSION_APPROVED:
        history.last.extensions.append(Extension(event.at, Term.parse(event.after["term"])))
    before = history.facts
    changed = {name: event.after[name] for name in FACTS if name in event.after}
    if changed:
        history.facts = replace(before, **changed)
        history.stages.append(Stage(event.at, event, history.facts))
    if history.last.end is None:
        history.last.facts = history.facts
    if not history.reopened:
        history.taken_in_by = history.facts
    history.judged = history.judged or event.action in JUDGED
    _times(history, event, State(before.state))


def _reopen(history: History, event: Event) -> None:
    history.rounds.append(Round(event.at, history.facts))


def _pause(current: Round, event: Event) -> None:
    """A pause ends at the row that says so or at its bound, whichever is first."""
    _end_pause(current, event.at)
    until = event.after["paused_until"]
    if until is not None:
        reason = (event.reason or "").partition(":")[0]
        current.pauses.append(Pause(event.at, datetime.fromisoformat(until), reason))


def _end_pause(current: Round, at: datetime) -> None:
    if current.pauses and current.pauses[-1].end > at:
        last = current.pauses[-1]
        current.pauses[-1] = Pause(last.start, at, last.reason)


def _times(history: History, event: Event, before: State) -> None:
    now = State(history.facts.state)
    if before is State.HANDED_OVER and now not in ENDED:
        # What was handed over by mistake was never answered.
        history.last.end, history.last.by, history.last.facts = None, None, history.facts
    if event.action in STOPS and history.last.end is None:
        history.last.end, history.last.by = event.at, event
        history.last.facts = history.facts
    if history.accepted_at is None and (
        event.action == AuditAction.ROUTED or now is State.OPEN or history.first.end is not None
    ):
        history.accepted_at = event.at
    if event.action == AuditAction.ANSWERED:
        history.answered_at = event.at
    if now not in ENDED:
        history.closed_at = None
    elif event.action in STOPS or before not in ENDED:
        history.closed_at = event.at
