"""Where a ticket stands, in the columns every figure is made from: each audit row tells which of them it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedback.store.tables import Ticket

COLUMNS = (
    "state",
    "queue",
    "ward_code",
    "field_id",
    "kind",
    "level",
    "restricted",
    "assigned_to",
    "accepted_at",
    "first_answer_at",
    "answered_at",
    "answered_by",
    "answered_ward",
    "answered_on_time",
    "answer_worked_seconds",
    "closed_at",
    "outcome_reason",
    "reopened",
    "reopened_at",
    "receive_due_at",
    "answer_due_at",
    "rule_version",
    "calendar_version",
    "paused_until",
)

Standing = Mapping[str, Any]


def of(ticket: Ticket) -> Standing:
    """The columns as they are now."""
    return {name: getattr(ticket, name) for name in COLUMNS}


def changes(before: Standing, after: Standing) -> tuple[Standing, Standing]:
    """What differs, before and after. The state stands in both in any case."""
    names = [name for name in COLUMNS if name == "state" or before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}
