"""How the tickets of a report spread: over time, over working hours, over the week, over reasons and officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, extract, func, literal_column, select
from sqlalchemy.orm import Session

from feedback.store.queries.figures import Counted, Range, counted, within
from feedback.store.queries.reach import is_restricted
from feedback.store.tables import ExtensionRow, PauseRow, Ticket, User

BIN_HOURS = 4
BINS = 15
"""Fifteen bins of four working hours; the sixteenth holds everything beyond."""


class Step(StrEnum):
    """What a series counts by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a series; `start` is its first day in Hanoi."""

    start: date
    received: int
    judged: int
    on_time: int


@dataclass(frozen=True, slots=True)
class Bin:
    """First answers within this many working hours and the next bin's, as they were judged."""

    hours: int
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Paused:
    """One pause as far as it has run."""

    ticket_id: int
    reason: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Extensions:
    """Requests for more time by how they were decided."""

    granted: int
    refused: int
    open: int


@dataclass(frozen=True, slots=True)
class Officer:
    """What one person answered first. `median` in working seconds; None without an answer."""

    name: str
    answered: int
    judged: int
    on_time: int
    median: float | None


_LOCAL = func.timezone("Asia/Ho_Chi_Minh", Ticket.received_at)


def series(session: Session, wanted: Range, step: Step) -> list[Point]:
    """By time of receipt, only steps with tickets. Restricted ones are left out: one day is a small group, too."""
    sets = counted(wanted.now, by_ward=wanted.ward_code is not None)
    start = func.date_trunc(step.value, _LOCAL).label("start")
    rows = session.execute(
        select(
            start,
            func.count(),
            func.count().filter(sets[Counted.JUDGED]),
            func.count().filter(sets[Counted.ON_TIME]),
        )
        .where(*within(wanted), ~is_restricted())
        .group_by("start")
        .order_by("start")
    )
    return [Point(row[0].date(), row[1], row[2], row[3]) for row in rows]


def bins(session: Session, wanted: Range) -> list[Bin]:
    """First answers by working hours, all bins, empty ones too."""
    sets = counted(wanted.now, by_ward=wanted.ward_code is not None)
    place = func.least(Ticket.answer_worked_seconds / literal_column(str(BIN_HOURS * 3600)), BINS)
    number = func.floor(place).label("bin")
    rows = session.execute(
        select(
            number,
            func.count().filter(sets[Counted.ON_TIME]),
            func.count().filter(sets[Counted.LATE]),
        )
        .where(*within(wanted), ~is_restricted(), Ticket.answer_worked_seconds.is_not(None))
        .group_by("bin")
    )
    found = {int(row[0]): (row[1], row[2]) for row in rows}
    return [Bin(one * BIN_HOURS, *found.get(one, (0, 0))) for one in range(BINS + 1)]


def week(session: Session, wanted: Range) -> list[list[int]]:
    """Tickets received, by weekday (Monday first) and hour in Hanoi."""
    day, hour = extract("isodow", _LOCAL).label("day"), extract("hour", _LOCAL).label("hour")
    rows = session.execute(
        select(day, hour, func.count()).where(*within(wanted), ~is_restricted()).group_by("day", "hour")
    )
    found = {(int(row[0]), int(row[1])): row[2] for row in rows}
    return [[found.get((one, at), 0) for at in range(24)] for one in range(1, 8)]


def reasons(session: Session, wanted: Range) -> list[tuple[str | None, int]]:
    """Why tickets were rejected, the most frequent first."""
    return _by_reason(
        session, wanted, counted(wanted.now, by_ward=wanted.ward_code is not None)[Counted.REJECTED]
    )


def closings(session: Session, wanted: Range) -> list[tuple[str | None, int]]:
    """Why tickets were closed that nobody ever answered: their clock stopped, and they count as answered."""
    return _by_reason(session, wanted, and_(Ticket.state == "closed", Ticket.answered_at.is_(None)))


def _by_reason(session: Session, wanted: Range, which: ColumnElement[bool]) -> list[tuple[str | None, int]]:
    rows = session.execute(
        select(Ticket.outcome_reason, func.count())
        .where(*within(wanted), ~is_restricted(), which)
        .group_by(Ticket.outcome_reason)
        .order_by(func.count().desc(), Ticket.outcome_reason)
    )
    return [(row[0], row[1]) for row in rows]


def pauses(session: Session, wanted: Range) -> list[Paused]:
    """Every pause of the tickets of a report, a running one until now; one whose bound has passed ended there."""
    end = func.least(func.coalesce(PauseRow.ended_at, wanted.now), PauseRow.until)
    rows = session.execute(
        select(PauseRow.ticket_id, PauseRow.reason, PauseRow.started_at, end)
        .join(Ticket, Ticket.id == PauseRow.ticket_id)
        .where(*within(wanted), ~is_restricted(), PauseRow.started_at <= wanted.now)
    )
    return [Paused(*row) for row in rows]


def extensions(session: Session, wanted: Range) -> Extensions:
    """How many extensions were granted, refused, or wait for a decision."""
    decision = ExtensionRow.decision
    row = session.execute(
        select(
            func.count().filter(decision == "approved"),
            func.count().filter(decision == "refused"),
            func.count().filter(decision.is_(None)),
        )
        .select_from(ExtensionRow)
        .join(Ticket, Ticket.id == ExtensionRow.ticket_id)
        .where(*within(wanted), ~is_restricted())
    ).one()
    return Extensions(*row)


def officers(session: Session, wanted: Range) -> Sequence[Officer]:
    """By who gave the first answer, in the order of names: this is no ranking."""
    sets = counted(wanted.now, by_ward=wanted.ward_code is not None)
    rows = session.execute(
        select(
            User.name,
            func.count(),
            func.count().filter(sets[Counted.JUDGED]),
            func.count().filter(sets[Counted.ON_TIME]),
            func.percentile_cont(0.5).within_group(Ticket.answer_worked_seconds),
        )
        .select_from(Ticket)
        .join(User, User.id == Ticket.answered_by)
        .where(*within(wanted), ~is_restricted(), sets[Counted.ANSWERED])
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
    )
    return [
        Officer(row[0], row[1], row[2], row[3], None if row[4] is None else float(row[4])) for row in rows
    ]
