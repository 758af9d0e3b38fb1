"""The auditor's figures, counted by the database from the tickets themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from feedback.store.queries.reach import is_restricted
from feedback.store.tables import Ticket


class By(StrEnum):
    """What the figures are broken down by."""

    WARD = "ward"
    FIELD = "field"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the tickets received in a period, and working seconds until the first answer.

    `judged`: answered, or overdue without an answer (which counts as late); tickets still within their term are in
    neither. `taken_judged` is the same for the term of receipt. `median` and `p90` are None without an answer.
    """

    received: int
    answered: int
    on_time: int
    judged: int
    taken_on_time: int
    taken_judged: int
    median: float | None
    p90: float | None

    @property
    def share(self) -> float | None:
        """On time of what can be judged, 0 to 1."""
        return self.on_time / self.judged if self.judged else None

    @property
    def taken_share(self) -> float | None:
        return self.taken_on_time / self.taken_judged if self.taken_judged else None


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one ward, field or channel; `key` is None where it is not known."""

    key: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open in time of receipt; `ward_code` narrows to one ward."""

    start: datetime
    end: datetime
    now: datetime
    ward_code: str | None = None


_KEYS: dict[By, Any] = {By.WARD: Ticket.ward_code, By.FIELD: Ticket.field_id, By.CHANNEL: Ticket.channel}


def total(session: Session, wanted: Range) -> Figures:
    """All tickets, restricted ones included: a sum tells nothing about any of them."""
    row = session.execute(select(*_columns(wanted.now)).where(*_within(wanted))).one()
    return _figures(row)


def groups(session: Session, wanted: Range, by: By) -> Sequence[Group]:
    """By key, the largest first. Restricted tickets are left out: small groups would give them away."""
    key = _KEYS[by]
    rows = session.execute(
        select(key, *_columns(wanted.now))
        .where(*_within(wanted), ~is_restricted())
        .group_by(key)
        .order_by(func.count().desc(), key)
    )
    return [Group(row[0], _figures(row[1:])) for row in rows]


def _within(wanted: Range) -> list[ColumnElement[bool]]:
    conditions = [Ticket.received_at >= wanted.start, Ticket.received_at < wanted.end]
    if wanted.ward_code is not None:
        conditions += [Ticket.ward_code == wanted.ward_code, ~is_restricted()]
    return conditions


def _columns(now: datetime) -> list[ColumnElement[Any]]:
    answered = Ticket.first_answer_at.is_not(None)
    judged = and_(Ticket.answer_due_at.is_not(None), or_(answered, Ticket.answer_due_at < now))
    taken = Ticket.accepted_at.is_not(None)
    taken_judged = and_(Ticket.receive_due_at.is_not(None), or_(taken, Ticket.receive_due_at < now))
    seconds = Ticket.answer_worked_seconds
    return [
        func.count(),
        func.count().filter(answered),
        func.count().filter(Ticket.answered_on_time.is_(True)),
        func.count().filter(judged),
        func.count().filter(Ticket.accepted_at <= Ticket.receive_due_at),
        func.count().filter(taken_judged),
        func.percentile_cont(0.5).within_group(seconds),
        func.percentile_cont(0.9).within_group(seconds),
    ]


def _figures(row: Sequence[Any]) -> Figures:
    received, answered, on_time, judged, taken_on_time, taken_judged, median, p90 = row
    return Figures(
        received=received,
        answered=answered,
        on_time=on_time,
        judged=judged,
        taken_on_time=taken_on_time,
        taken_judged=taken_judged,
        median=None if median is None else float(median),
        p90=None if p90 is None else float(p90),
    )
