"""Closing a day, the tree over its rows, and the seals as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from feedback.clock import in_hanoi
from feedback.domain import merkle
from feedback.domain.sealing import Seal, Statement, bounds
from feedback.store.audit.links import streamed
from feedback.store.tables import AuditDay, AuditEvent, AuditSeal

CHAIN = "seals"
"""Every seal has its row in this chain, so that a removed one is missed."""

_CLOSE = text("SELECT close_audit_day(:day)")
_ONE_AFTER_ANOTHER = text("SELECT pg_advisory_xact_lock(7306)")
_SEAL = text(
    "SELECT seal_audit_day(:day, :rows, :first_id, :last_id, :root, :previous, :version, :key_id, :signature, :sealed_at)"
)


@dataclass(frozen=True, slots=True)
class Tree:
    """What the rows of a day come to. `root` in hexadecimal."""

    rows: int
    first_id: int | None
    last_id: int | None
    root: str


def close(session: Session, day: date) -> None:
    """From the commit on no row can be written into `day` or a day before it.

    Waits at most two seconds for transactions that have written rows and not ended; then OperationalError, nothing
    changed. IntegrityError where the day is not over by the database's clock.
    """
    session.execute(_CLOSE, {"day": day})


def wait_for_others(session: Session) -> None:
    """One sealing transaction at a time; released with it."""
    session.execute(_ONE_AFTER_ANOTHER)


def write(session: Session, seal: Seal) -> None:
    """Raises IntegrityError where the day is not closed, not the next one, or has other rows than the seal says."""
    statement = seal.statement
    session.execute(
        _SEAL,
        {
            "day": statement.day,
            "rows": statement.rows,
            "first_id": statement.first_id,
            "last_id": statement.last_id,
            "root": statement.root,
            "previous": statement.previous,
            "version": statement.version,
            "key_id": statement.key_id,
            "signature": seal.signature,
            "sealed_at": statement.sealed_at,
        },
    )


def last(session: Session) -> Seal | None:
    row = session.scalars(select(AuditSeal).order_by(AuditSeal.day.desc()).limit(1)).first()
    return as_seal(row) if row else None


def every(session: Session) -> Sequence[Seal]:
    """All seals by day: one for each day of service."""
    return [as_seal(row) for row in session.scalars(select(AuditSeal).order_by(AuditSeal.day))]


def as_seal(row: AuditSeal) -> Seal:
    return Seal(
        Statement(
            day=row.day,
            rows=row.rows,
            first_id=row.first_id,
            last_id=row.last_id,
            root=row.root,
            previous=row.previous,
            version=row.version,
            key_id=row.key_id,
            sealed_at=row.sealed_at,
        ),
        row.signature,
    )


def next_day(session: Session) -> date | None:
    """The first day that has no seal: the day after the last one, or that of the oldest row; None for an empty trail."""
    sealed: date | None = session.scalar(select(func.max(AuditSeal.day)))
    if sealed is not None:
        return sealed + timedelta(days=1)
    oldest = session.scalar(select(func.min(AuditEvent.at)))
    return in_hanoi(oldest).date() if oldest is not None else None


def unsealed(session: Session, until: date) -> list[date]:
    """The days up to `until` (counted) that have no seal yet."""
    first = next_day(session)
    if first is None:
        return []
    return [first + timedelta(days=each) for each in range((until - first).days + 1)]


def rows(session: Session) -> int:
    """How many rows are sealed, as the seals say."""
    return int(session.scalar(select(func.coalesce(func.sum(AuditSeal.rows), 0))) or 0)


def closed_until(session: Session) -> date | None:
    found: date | None = session.scalar(select(func.max(AuditDay.day)))
    return found


def tree(session: Session, day: date) -> Tree:
    """Read the rows of `day` in the order of their ids, a few thousand at a time.

    Raises ValueError where a row's hash is none.
    """
    growing, first_id, last_id = merkle.Growing(), None, None
    for row_id, row_hash in leaves(driver(session), day):
        growing.add(merkle.leaf(row_id, row_hash))
        first_id = row_id if first_id is None else first_id
        last_id = row_id
    return Tree(growing.size, first_id, last_id, growing.root().hex())


def leaves(connection: psycopg.Connection[Any], day: date) -> Iterator[tuple[Any, ...]]:
    """Id and hash of each row of a Hanoi day, by id."""
    query = sql.SQL("SELECT id, hash FROM audit_event WHERE at >= %s AND at < %s ORDER BY id")
    yield from streamed(connection, query, bounds(day))


def driver(session: Session) -> psycopg.Connection[Any]:
    """The driver's own connection, inside the session's transaction: its rows cost a third of the ORM's."""
    found = session.connection().connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found
