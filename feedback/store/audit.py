"""The audit trail: a hash chain per subject, so that unrelated tickets never wait for each other.

Each row's hash covers the row and the hash before it (Haber & Stornetta 1991, linked time-stamping). The application's
database role may only insert and read; `verify` recomputes everything from the rows alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from feedback.domain.permissions import Actor
from feedback.store.tables import AuditEvent, Ticket

GENESIS = "0" * 64
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:chain, 0))")


def ticket_chain(ticket_id: int) -> str:
    return f"ticket:{ticket_id}"


def append(
    session: Session,
    *,
    chain: str,
    at: datetime,
    actor: Actor,
    action: str,
    reason: str | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    first: bool = False,
) -> AuditEvent:
    """Add the next link of `chain`. Waits only for another writer of the same chain.

    `first`: the subject was made in this transaction, so nobody else can know the chain; a false promise ends at
    the unique key.
    """
    last = None if first else _last(session, chain)
    event = AuditEvent(
        chain=chain,
        seq=(last.seq if last else 0) + 1,
        at=at,
        actor=actor.name,
        actor_id=actor.user_id,
        action=action,
        reason=reason,
        before=plain(before),
        after=plain(after),
        prev_hash=last.hash if last else GENESIS,
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def _last(session: Session, chain: str) -> Row[int, str] | None:
    """The link to continue, with the chain locked until the transaction ends."""
    session.execute(_LOCK, {"chain": chain})
    return session.execute(
        select(AuditEvent.seq, AuditEvent.hash)
        .where(AuditEvent.chain == chain)
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).first()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values that PostgreSQL gives back letter for letter: instants as UTC text, other objects as text."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def digest(row: AuditEvent | Row[Any]) -> str:
    """SHA-256 over the canonical JSON of every column but `id` and `hash`."""
    body = json.dumps(
        [
            row.chain,
            row.seq,
            row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.actor,
            row.actor_id,
            row.action,
            row.reason,
            row.before,
            row.after,
            row.prev_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first row at which the trail does not hold, and why."""

    chain: str
    seq: int
    row_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    rows: int
    chains: int
    broken: Break | None


def verify(session: Session) -> Verified:
    """Recompute every chain in order; stop at the first row that does not hold."""
    rows = chains = 0
    chain, seq, previous = "", 0, GENESIS
    for row in _all_rows(session):
        if row.chain != chain:
            chain, seq, previous = row.chain, 0, GENESIS
            chains += 1
        rows += 1
        why = _fault(row, seq, previous)
        if why:
            return Verified(rows, chains, Break(row.chain, row.seq, row.id, why))
        seq, previous = row.seq, row.hash
    return Verified(rows, chains, _orphan(session))


def _fault(row: Row[Any], seq: int, previous: str) -> str | None:
    if row.seq != seq + 1:
        return f"row {seq + 1} of the chain is missing"
    if row.prev_hash != previous:
        return "does not continue the row before it"
    if row.hash != digest(row):
        return "was changed after it was written"
    return None


def _orphan(session: Session) -> Break | None:
    """A ticket whose trail is gone altogether, or shorter than the changes its version counter has seen."""
    counts = (
        select(AuditEvent.chain, func.max(AuditEvent.seq).label("last")).group_by(AuditEvent.chain).subquery()
    )
    last = func.coalesce(counts.c.last, 0)
    # Materialised: before a LIMIT the planner expects an early hit and joins row by row, minutes for 50,000 tickets.
    short = (
        select(Ticket.id, last.label("last"))
        .outerjoin(counts, counts.c.chain == func.concat("ticket:", Ticket.id))
        .where(last < Ticket.version)
        .cte("short")
        .prefix_with("MATERIALIZED")
    )
    found = session.execute(select(short).order_by(short.c.id).limit(1)).first()
    if found is None:
        return None
    return Break(ticket_chain(found.id), found.last + 1, None, "the end of the chain is missing")


def _all_rows(session: Session) -> Iterator[Row[Any]]:
    query = select(*AuditEvent.__table__.columns).order_by(AuditEvent.chain, AuditEvent.seq)
    yield from session.execute(query.execution_options(yield_per=2000))
