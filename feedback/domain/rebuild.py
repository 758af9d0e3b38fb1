"""The columns every figure is made from, computed again from a ticket's history and the versions of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from feedback.domain.case import answer_due, counted
from feedback.domain.clocks import Clock
from feedback.domain.deadlines import due_by
from feedback.domain.history import FACTS, Facts, History, Round
from feedback.domain.terms import Matter, Terms

SECOND = timedelta(seconds=1)
INSTANTS = ("receive_due_at", "accepted_at", "answer_due_at", "first_answer_at", "answered_at", "closed_at")
COLUMNS = (
    "received_at",
    *FACTS,
    *INSTANTS,
    "answer_worked_seconds",
    "answered_on_time",
    "answered_by",
    "answered_ward",
    "reopened",
    "reopened_at",
)
"""Everything that is compared."""
_NEEDS_VERSIONS = frozenset(
    {
        *("rule_version", "calendar_version", "receive_due_at", "answer_due_at"),
        *("answer_worked_seconds", "answered_on_time"),
    }
)
_ONLY_LATELY = frozenset(
    {"assigned_to", "restricted", "outcome_reason", "answered_by", "answered_ward", "paused_until"}
)
BEYOND_OLD_ROWS = _NEEDS_VERSIONS | _ONLY_LATELY
"""What rows written before the versions stood in them do not tell for certain."""


class Rulebook(Protocol):
    """What a version says of a matter. Raises LookupError for a version it does not have."""

    def basis(self, rule_version: str, calendar_version: str, matter: Matter) -> tuple[Terms, Clock]: ...


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`columns`: names of `COLUMNS` to values. `unknown`: those that the trail does not tell."""

    columns: Mapping[str, Any]
    unknown: frozenset[str]

    def disagreements(self, stored: Mapping[str, Any]) -> list[str]:
        """The columns that are not what the trail says they are."""
        return [
            name for name in COLUMNS if name not in self.unknown and self.columns[name] != stored.get(name)
        ]


def rebuild(history: History, rules: Rulebook) -> Rebuilt:
    """Every column from the history. Raises LookupError for unknown versions, OutsideCalendar."""
    facts = history.facts
    columns: dict[str, Any] = {name: getattr(facts, name) for name in FACTS}
    if facts.paused_until is not None:
        columns["paused_until"] = datetime.fromisoformat(facts.paused_until)
    columns |= _moments(history)
    if history.old:
        return Rebuilt(columns | dict.fromkeys(BEYOND_OLD_ROWS), BEYOND_OLD_ROWS)
    columns["receive_due_at"] = receive_due(history, rules)
    columns["answer_due_at"] = round_due(history, history.last, facts, rules)
    return Rebuilt(columns | _first_answer(history, rules), frozenset())


def receive_due(history: History, rules: Rulebook) -> datetime | None:
    """By the facts before the first reopening: what is owed anew is not taken in anew."""
    found = _basis(history.taken_in_by, rules)
    if found is None:
        return None
    terms, clock = found
    return due_by(terms.receive_rule(history.taken_in_by.matter).term, history.received_at, clock)


def round_due(history: History, part: Round, facts: Facts, rules: Rulebook) -> datetime | None:
    """When the answer of a round is due, the ticket being what `facts` say."""
    found = _basis(facts, rules)
    if found is None:
        return None
    terms, clock = found
    return answer_due(part.case(history.received_at, facts), terms.answer_rule(facts.matter).term, clock)


def _first_answer(history: History, rules: Rulebook) -> dict[str, Any]:
    """By the facts at the first answer: nothing that happens later changes how it was judged."""
    first = history.first
    if first.end is None or first.by is None:
        return {"answer_worked_seconds": None, "answered_on_time": None}
    found = _basis(first.facts, rules)
    if found is None:
        return {"answer_worked_seconds": None, "answered_on_time": True}
    due = round_due(history, first, first.facts, rules)
    worked = counted(first.case(history.received_at), first.end, found[1])
    return {
        "answer_worked_seconds": worked // SECOND,
        "answered_on_time": due is None or first.end <= due,
    }


def _basis(facts: Facts, rules: Rulebook) -> tuple[Terms, Clock] | None:
    if facts.rule_version is None or facts.calendar_version is None:
        return None
    return rules.basis(facts.rule_version, facts.calendar_version, facts.matter)


def _moments(history: History) -> dict[str, Any]:
    first = history.first
    return {
        "received_at": history.received_at,
        "accepted_at": history.accepted_at,
        "first_answer_at": first.end,
        "answered_at": history.answered_at,
        "answered_by": first.by.actor_id if first.by else None,
        "answered_ward": first.facts.matter.ward if first.by else None,
        "closed_at": history.closed_at,
        "reopened": history.reopened,
        "reopened_at": history.reopened_at,
    }
