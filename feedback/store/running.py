"""Tickets whose clock runs, in batches, with everything that moved their deadlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.domain.workflow import WAITING
from feedback.store.queries.reach import is_restricted
from feedback.store.tables import ExtensionRow, Move, PauseRow, Ticket

BATCH = 1000
_RUNS = (Ticket.state.in_(sorted(WAITING)), Ticket.answer_due_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Running:
    """A ticket with its pauses and extensions of the present round, oldest first."""

    ticket: Ticket
    pauses: Sequence[PauseRow]
    extensions: Sequence[ExtensionRow]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Ticket).where(*_RUNS)) or 0


def every(session: Session) -> Iterator[Running]:
    """All of them by id, `BATCH` at a time."""
    last = 0
    while found := session.scalars(_after(last).limit(BATCH)).all():
        last = found[-1].id
        yield from with_history(session, found)
        session.expunge_all()


def with_history(session: Session, found: Sequence[Ticket]) -> list[Running]:
    """The tickets with what moved their deadlines, in the same order."""
    paused = _by_ticket(session, PauseRow, found, PauseRow.started_at)
    extended = _by_ticket(session, ExtensionRow, found, ExtensionRow.asked_at)
    return [Running(ticket, paused[ticket.id], extended[ticket.id]) for ticket in found]


def ids_after(session: Session, last: int, limit: int) -> Sequence[int]:
    return session.scalars(_after(last).with_only_columns(Ticket.id).limit(limit)).all()


def by_versions(session: Session) -> Mapping[tuple[str | None, str | None], int]:
    """How many running tickets are judged by which terms and calendar; a number that is looked at every day counts no
    restricted ones."""
    versions = (Ticket.rule_version, Ticket.calendar_version)
    rows = session.execute(
        select(*versions, func.count()).where(*_RUNS, ~is_restricted()).group_by(*versions)
    )
    return {(terms, calendar): number for terms, calendar, number in rows}


def move_under_way(session: Session, *, lock: bool = False) -> Move | None:
    """The one move that is not finished. `lock`: for this transaction alone, or None where another has it."""
    query = select(Move).where(Move.done_at.is_(None))
    return session.scalars(query.with_for_update(skip_locked=True) if lock else query).first()


def last_moves(session: Session, limit: int = 10) -> Sequence[Move]:
    return session.scalars(select(Move).order_by(Move.id.desc()).limit(limit)).all()


def _after(last: int) -> Any:
    return select(Ticket).where(*_RUNS, Ticket.id > last).order_by(Ticket.id)


def _by_ticket(session: Session, table: Any, found: Sequence[Ticket], order: Any) -> Mapping[int, list[Any]]:
    rounds = {ticket.id: ticket.reopened for ticket in found}
    rows = defaultdict[int, list[Any]](list)
    for row in session.scalars(select(table).where(table.ticket_id.in_(rounds)).order_by(order)):
        if row.round == rounds[row.ticket_id]:
            rows[row.ticket_id].append(row)
    return rows
