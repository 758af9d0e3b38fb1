"""Adding a link to a chain, and the hash that makes it one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text
from sqlalchemy.orm import Session

from feedback.domain import row_hash
from feedback.domain.permissions import Actor
from feedback.domain.sealing import GENESIS as GENESIS
from feedback.store.tables import AuditEvent, AuditHead

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:chain, 0))")
_LOCK_ALL = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(chain, 0)) FROM unnest(CAST(:chains AS text[])) AS chain"
)
_WRITTEN = (
    *("chain", "seq", "at", "actor", "actor_id", "action", "reason"),
    *("before", "after", "prev_hash", "hash"),
)


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

    `at` is written as it is, also where it lies before that of the link before: it must be the instant that the change
    itself has stored. The order of a chain is `seq`. `first`: the subject was made in this transaction, so nobody else
    can know the chain; a false promise ends at the unique key. Raises OperationalError where the day of `at` is closed.
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What one link of many says (`append_all`)."""

    chain: str
    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def append_all(session: Session, entries: Sequence[Entry], *, at: datetime, actor: Actor) -> None:
    """Add the next links of many chains in a few statements, in the order given.

    The caller holds the subjects of all of them: whoever else waits for two of these chains at once would be waited for.
    """
    chains = sorted({entry.chain for entry in entries})
    session.execute(_LOCK_ALL, {"chains": chains})
    heads = select(AuditHead.chain, AuditHead.seq, AuditHead.hash).where(AuditHead.chain.in_(chains))
    last = {row.chain: (row.seq, row.hash) for row in session.execute(heads)}
    rows = []
    for entry in entries:
        seq, previous = last.get(entry.chain, (0, GENESIS))
        event = AuditEvent(
            chain=entry.chain,
            seq=seq + 1,
            at=at,
            actor=actor.name,
            actor_id=actor.user_id,
            action=entry.action,
            reason=None,
            before=plain(entry.before),
            after=plain(entry.after),
            prev_hash=previous,
        )
        event.hash = digest(event)
        last[entry.chain] = (event.seq, event.hash)
        rows.append({name: getattr(event, name) for name in _WRITTEN})
    session.connection().execute(insert(AuditEvent.plain()), rows)


def _last(session: Session, chain: str) -> Row[int, str] | None:
    """The link to continue, with the chain locked until the transaction ends."""
    session.execute(_LOCK, {"chain": chain})
    return session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == chain)).first()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values that PostgreSQL gives back letter for letter: instants as UTC text, other objects as text."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return row_hash.stamp(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def digest(row: AuditEvent | Row[Any]) -> str:
    """The hash that belongs to a row."""
    values = [getattr(row, name) for name in row_hash.COLUMNS]
    values[2] = row_hash.stamp(row.at)
    return row_hash.of(values)
