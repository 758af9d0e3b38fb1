"""The auditor's figures, counted by the database from the tickets themselves. What "on time" means stands only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Double, and_, cast, extract, func, not_, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from feedback.store.queries.reach import is_restricted, of_wards, one_of, ward_of_result
from feedback.store.tables import Ticket


class By(StrEnum):
    """What the figures are broken down by."""

    WARD = "ward"
    FIELD = "field"
    CHANNEL = "channel"
    LEVEL = "level"
    KIND = "kind"


class Counted(StrEnum):
    """Every number of the reports, as a set of tickets: `counted` says which ones stand behind it."""

    RECEIVED = "received"
    ANSWERED = "answered"
    JUDGED = "judged"
    ON_TIME = "on_time"
    LATE = "late"
    TAKEN_JUDGED = "taken_judged"
    TAKEN_ON_TIME = "taken_on_time"
    TAKEN_LATE = "taken_late"
    OVERDUE = "overdue"
    REOPENED = "reopened"
    REJECTED = "rejected"
    HANDED_OVER = "handed_over"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the tickets received in a period, and how long they took.

    `judged`: answered, or overdue without an answer (which counts as late); tickets still within their term are in
    neither. `taken_judged` is the same for the term of receipt. `overdue`: waiting now beyond what is owed now, after a
    reopening too. `mean`, `median` and `p90` are working seconds until the first answer, `solved_median` and `solved_p90`
    seconds by the wall clock until the last answer or the closing, `rating` the mean of one to five; None without data.
    """

    received: int
    answered: int
    judged: int
    on_time: int
    taken_judged: int
    taken_on_time: int
    overdue: int
    reopened: int
    rejected: int
    handed_over: int
    rated: int
    rating: float | None
    mean: float | None
    median: float | None
    p90: float | None
    solved_median: float | None
    solved_p90: float | None

    @property
    def share(self) -> float | None:
        """On time of what can be judged, 0 to 1."""
        return self.on_time / self.judged if self.judged else None

    @property
    def taken_share(self) -> float | None:
        return self.taken_on_time / self.taken_judged if self.taken_judged else None

    @property
    def late(self) -> int:
        return self.judged - self.on_time

    @property
    def taken_late(self) -> int:
        return self.taken_judged - self.taken_on_time

    @property
    def unjudged(self) -> int:
        """Within their term still: they will be judged, and may lower or raise the share."""
        return self.received - self.judged


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one ward, field or channel; `key` is None where it is not known, or no ward answers for it."""

    key: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open in time of receipt. What is set beyond the time narrows; whatever narrows leaves restricted tickets out."""

    start: datetime
    end: datetime
    now: datetime
    ward_code: str | None = None
    field_id: str | None = None
    channel: str | None = None
    level: str | None = None
    kind: str | None = None

    @property
    def narrowed(self) -> bool:
        return any((self.ward_code, self.field_id, self.channel, self.level, self.kind))


_COUNTS = tuple(field.name for field in fields(Figures) if field.type == "int")
_SOLVED = cast(
    extract("epoch", func.greatest(Ticket.answered_at, Ticket.closed_at) - Ticket.received_at), Double
)
_KEYS: Mapping[By, Any] = {
    By.WARD: ward_of_result(),
    By.FIELD: Ticket.field_id,
    By.CHANNEL: Ticket.channel,
    By.LEVEL: Ticket.level,
    By.KIND: Ticket.kind,
}


def total(session: Session, wanted: Range) -> Figures:
    """All tickets, restricted ones included unless narrowed: the city's sum tells nothing about any of them."""
    row = session.execute(select(*_columns(wanted), _quantiles(_SOLVED)).where(*within(wanted))).one()
    return _figures(row)


def share(session: Session, wanted: Range) -> tuple[int, int]:
    """On time and judged of the same tickets as `total`, without its other numbers."""
    sets = counted(wanted.now, by_ward=wanted.ward_code is not None)
    on_time, judged = (func.count().filter(sets[one]) for one in (Counted.ON_TIME, Counted.JUDGED))
    row = session.execute(select(on_time, judged).where(*within(wanted))).one()
    return row[0], row[1]


def groups(session: Session, wanted: Range, by: By) -> Sequence[Group]:
    """By key, the largest first; without the time until the matter was solved, which the total has.

    Restricted tickets are left out: small groups would give them away.
    """
    key = _KEYS[by]
    rows = session.execute(
        select(key.label("key"), *_columns(wanted, by_ward=by is By.WARD))
        .where(*within(wanted), ~is_restricted())
        .group_by("key")
        .order_by(func.count().desc(), "key")
    )
    return [Group(row[0], _figures(row[1:])) for row in rows]


def shares(session: Session, wanted: Range, by: By) -> dict[str, tuple[int, int]]:
    """On time and judged of every known key: what rankings need, without the times."""
    sets, key = counted(wanted.now, by_ward=wanted.ward_code is not None), _KEYS[by]
    on_time, judged = (func.count().filter(sets[one]) for one in (Counted.ON_TIME, Counted.JUDGED))
    query = select(key.label("key"), on_time, judged).where(*within(wanted), ~is_restricted())
    rows = session.execute(query.group_by("key"))
    return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}


def counted(now: datetime, *, by_ward: bool = False) -> Mapping[Counted, ColumnElement[bool]]:
    """Which tickets each number counts. `by_ward`: what the Centre took over after an appeal is overdue there, not here."""
    answered = Ticket.first_answer_at.is_not(None)
    judged = and_(Ticket.answer_due_at.is_not(None), or_(answered, Ticket.answer_due_at < now))
    on_time = and_(judged, Ticket.answered_on_time.is_(True))
    taken = Ticket.accepted_at.is_not(None)
    taken_judged = and_(Ticket.receive_due_at.is_not(None), or_(taken, Ticket.receive_due_at < now))
    taken_on_time = and_(taken_judged, func.coalesce(Ticket.accepted_at <= Ticket.receive_due_at, False))
    waits = one_of(Ticket.state, "new", "review", "open")
    return {
        Counted.RECEIVED: Ticket.id > 0,
        Counted.ANSWERED: answered,
        Counted.JUDGED: judged,
        Counted.ON_TIME: on_time,
        Counted.LATE: and_(judged, func.coalesce(Ticket.answered_on_time, False).is_(False)),
        Counted.TAKEN_JUDGED: taken_judged,
        Counted.TAKEN_ON_TIME: taken_on_time,
        Counted.TAKEN_LATE: and_(taken_judged, not_(taken_on_time)),
        Counted.OVERDUE: and_(waits, Ticket.answer_due_at < now, of_wards() if by_ward else Ticket.id > 0),
        Counted.REOPENED: Ticket.reopened > 0,
        Counted.REJECTED: one_of(Ticket.state, "rejected"),
        Counted.HANDED_OVER: one_of(Ticket.state, "handed_over"),
        Counted.RATED: Ticket.rating.is_not(None),
    }


def within(wanted: Range) -> list[ColumnElement[bool]]:
    """The tickets that a report is about."""
    same = {
        Ticket.field_id: wanted.field_id,
        Ticket.channel: wanted.channel,
        Ticket.level: wanted.level,
        Ticket.kind: wanted.kind,
    }
    conditions = [Ticket.received_at >= wanted.start, Ticket.received_at < wanted.end]
    conditions += [column == value for column, value in same.items() if value is not None]
    if wanted.ward_code is not None:
        conditions.append(ward_of_result() == wanted.ward_code)
    if wanted.narrowed:
        conditions.append(~is_restricted())
    return conditions


def _columns(wanted: Range, *, by_ward: bool = False) -> list[ColumnElement[Any]]:
    sets = counted(wanted.now, by_ward=by_ward or wanted.ward_code is not None)
    return [
        *(
            func.count() if name == "received" else func.count().filter(sets[Counted(name)])
            for name in _COUNTS
        ),
        func.avg(Ticket.rating),
        func.avg(Ticket.answer_worked_seconds),
        _quantiles(cast(Ticket.answer_worked_seconds, Double)),
    ]


def _quantiles(value: ColumnElement[float]) -> ColumnElement[Any]:
    """Median and 90th percentile in one sort."""
    return func.percentile_cont(array([0.5, 0.9])).within_group(value)


def _figures(row: Sequence[Any]) -> Figures:
    rating, mean, worked, *solved = row[len(_COUNTS) :]
    median, p90 = worked or (None, None)
    solved_median, solved_p90 = (solved and solved[0]) or (None, None)
    return Figures(
        **dict(zip(_COUNTS, row, strict=False)),
        rating=None if rating is None else float(rating),
        mean=None if mean is None else float(mean),
        median=median,
        p90=p90,
        solved_median=solved_median,
        solved_p90=solved_p90,
    )
