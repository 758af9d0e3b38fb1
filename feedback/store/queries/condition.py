"""The service's own condition: schema, queues, outbox."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from feedback.store.queries.reach import is_denunciation
from feedback.store.tables import OutboxRow, Ticket


@dataclass(frozen=True, slots=True)
class Depth:
    """Open tickets of one queue, and the age in seconds of the one that waits longest."""

    queue: str
    tickets: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Pending:
    """Outbox rows of one task in one state."""

    task: str
    state: str
    rows: int
    oldest_seconds: float


def revision(session: Session) -> str | None:
    """The migration the database stands at."""
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def depths(session: Session) -> list[Depth]:
    """Without denunciations: a gauge that rises by one would tell of each of them."""
    age = func.extract("epoch", func.now() - func.min(Ticket.received_at))
    rows = session.execute(
        select(Ticket.queue, func.count(), age)
        .where(Ticket.state.in_(("new", "review", "open")), ~is_denunciation())
        .group_by(Ticket.queue)
    )
    return [Depth(queue, count, float(oldest)) for queue, count, oldest in rows]


def pending(session: Session) -> list[Pending]:
    """Everything in the outbox that is not done."""
    age = func.extract("epoch", func.now() - func.min(OutboxRow.created_at))
    rows = session.execute(
        select(OutboxRow.task, OutboxRow.state, func.count(), age)
        .where(OutboxRow.state != "done")
        .group_by(OutboxRow.task, OutboxRow.state)
    )
    return [Pending(task, state, count, float(oldest)) for task, state, count, oldest in rows]
