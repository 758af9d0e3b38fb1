"""The outbox: written with the change that causes the work, claimed with a lease, settled exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from feedback.store.tables import DeliveryAttempt, OutboxRow

LEASE = timedelta(seconds=90)
_OUTBOX = OutboxRow.plain()


def add(
    session: Session,
    *,
    task: str,
    dedup_key: str,
    ticket_id: int,
    message_id: int,
    now: datetime,
    available_at: datetime | None = None,
    state: str = "waiting",
) -> bool:
    """Put work into the outbox. False where the same effect (`dedup_key`) is already there."""
    done = session.execute(
        insert(_OUTBOX)
        .values(
            task=task,
            dedup_key=dedup_key,
            ticket_id=ticket_id,
            message_id=message_id,
            state=state,
            available_at=available_at or now,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["dedup_key"])
        .returning(_OUTBOX.c.id)
    ).first()
    return done is not None


def claim(
    session: Session, task: str, *, by: str, now: datetime, limit: int = 64, lease: timedelta = LEASE
) -> Sequence[OutboxRow]:
    """Take up to `limit` due rows for this worker; rows of a worker that died come back when their lease ends."""
    due = or_(
        and_(OutboxRow.state == "waiting", OutboxRow.available_at <= now),
        and_(OutboxRow.state == "claimed", OutboxRow.lease_until < now),
    )
    ids = (
        select(OutboxRow.id)
        .where(OutboxRow.task == task, due)
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids.scalar_subquery()))
        .values(state="claimed", claimed_by=by, lease_until=now + lease, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow)
    ).all()
    return sorted(rows, key=lambda row: row.id)


def locked(session: Session, row_id: int, *, by: str) -> OutboxRow | None:
    """The claimed row, locked for settling; None where the lease was lost to another worker meanwhile."""
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None or row.state != "claimed" or row.claimed_by != by:
        return None
    return row


def settle(row: OutboxRow, now: datetime) -> None:
    row.state, row.done_at, row.lease_until, row.last_error = "done", now, None, None


def postpone(row: OutboxRow, until: datetime, error: str) -> None:
    row.state, row.available_at, row.lease_until, row.last_error = "waiting", until, None, error


def park(row: OutboxRow, state: str, error: str) -> None:
    """Stop trying: `dead`, `unknown` (may have been sent) or `manual` (a person telephones)."""
    row.state, row.lease_until, row.last_error = state, None, error


def revive(row: OutboxRow, now: datetime) -> None:
    """Somebody asked to send again."""
    row.state, row.attempts, row.available_at, row.lease_until = "waiting", 0, now, None


def has_open_attempt(session: Session, row_id: int) -> bool:
    """Whether an earlier attempt began and never told how it ended."""
    query = select(DeliveryAttempt.id).where(
        DeliveryAttempt.outbox_id == row_id, DeliveryAttempt.outcome.is_(None)
    )
    return session.scalars(query.limit(1)).first() is not None


def close_attempts(session: Session, row_id: int, now: datetime, outcome: str, reason: str) -> None:
    session.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.outbox_id == row_id, DeliveryAttempt.outcome.is_(None))
        .values(finished_at=now, outcome=outcome, reason=reason)
    )


def finish_attempt(
    session: Session, attempt_id: int, now: datetime, outcome: str, reason: str, code: str | None
) -> None:
    session.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.id == attempt_id)
        .values(finished_at=now, outcome=outcome, reason=reason, code=code)
    )


def row_of_message(session: Session, message_id: int) -> OutboxRow | None:
    """The delivery row of an outgoing message, locked."""
    query = select(OutboxRow).where(OutboxRow.message_id == message_id, OutboxRow.task == "deliver")
    return session.scalars(query.with_for_update()).first()


def due_tasks(session: Session) -> frozenset[str]:
    """Which tasks have rows that could be claimed now."""
    due = or_(
        and_(OutboxRow.state == "waiting", OutboxRow.available_at <= func.now()),
        and_(OutboxRow.state == "claimed", OutboxRow.lease_until < func.now()),
    )
    return frozenset(session.scalars(select(OutboxRow.task).where(due).distinct()))
