"""Checking the seals: against each other, against the keys, against the rows of their days and against their own chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.domain.events import AuditAction
from feedback.domain.sealing import GENESIS, LATE_AFTER, VERSION, Seal, bounds, holds, last_ended
from feedback.store.audit import seals
from feedback.store.audit.findings import Finding
from feedback.store.audit.links import Tick, silent
from feedback.store.tables import AuditEvent


def check(
    session: Session, found: Sequence[Seal], keys: Mapping[str, str], tick: Tick = silent
) -> Iterator[Finding]:
    """Everything about the seals `found` that does not hold. `keys`: public keys by their short names."""
    yield from _links(found)
    for seal in found:
        yield from _signature(seal, keys)
        yield from _rows(session, seal)
        tick(seal.statement.rows)
    yield from _chain(session, found)
    if found:
        yield from _edges(session, found)


def late(session: Session, now: datetime) -> list[date]:
    """Days that ended more than 26 hours ago and have no seal."""
    return seals.unsealed(session, last_ended(now, LATE_AFTER))


def _links(found: Sequence[Seal]) -> Iterator[Finding]:
    before: Seal | None = None
    for seal in found:
        day = seal.statement.day
        if before is not None:
            missing, until = before.statement.day + timedelta(days=1), day - timedelta(days=1)
            if missing <= until:
                more = f", and none of the days up to {until}" if missing < until else ""
                yield Finding(f"has no seal{more}, though a later day has one: seals are gone", day=missing)
        if seal.statement.previous != (before.statement.link() if before else GENESIS):
            yield Finding("has a seal that does not continue the seal before it", day=day)
        before = seal


def _signature(seal: Seal, keys: Mapping[str, str]) -> Iterator[Finding]:
    statement = seal.statement
    if statement.version != VERSION:
        yield Finding(f"has a seal of the unknown form {statement.version}", day=statement.day)
    good = holds(seal, keys)
    if good is None:
        why = f"has a seal signed with the key {statement.key_id}, which is not among the known keys"
        yield Finding(why, day=statement.day)
    elif not good:
        yield Finding("has a seal that was changed after it was signed", day=statement.day)


def _rows(session: Session, seal: Seal) -> Iterator[Finding]:
    statement = seal.statement
    try:
        tree = seals.tree(session, statement.day)
    except ValueError:
        yield Finding("holds a row whose hash is none", day=statement.day)
        return
    if tree.rows != statement.rows:
        yield Finding(f"was sealed over {statement.rows} rows and has {tree.rows} now", day=statement.day)
    elif tree.root != statement.root:
        yield Finding("has other rows than those that were sealed, or in another order", day=statement.day)
    elif (tree.first_id, tree.last_id) != (statement.first_id, statement.last_id):
        yield Finding("has a seal that names other rows as its first and last", day=statement.day)


def _chain(session: Session, found: Sequence[Seal]) -> Iterator[Finding]:
    """Seals against the rows that say they were made."""
    query = select(AuditEvent.seq, AuditEvent.id, AuditEvent.after).where(
        AuditEvent.chain == seals.CHAIN, AuditEvent.action == AuditAction.TRAIL_SEALED
    )
    told = {row.after.get("day"): row for row in session.execute(query.order_by(AuditEvent.seq))}
    for seal in found:
        row = told.pop(seal.statement.day.isoformat(), None)
        if row is None:
            yield Finding("has a seal that the trail does not tell of", day=seal.statement.day)
        elif row.after.get("root") != seal.statement.root:
            yield Finding("has another root than the trail tells of", day=seal.statement.day)
    for day, row in told.items():
        yield Finding(f"tells of a seal of {day} that is gone", seals.CHAIN, row.seq, row.id)


def _edges(session: Session, found: Sequence[Seal]) -> Iterator[Finding]:
    first, newest = found[0].statement.day, found[-1].statement.day
    early = session.scalar(select(func.count()).where(AuditEvent.at < bounds(first)[0]))
    if early:
        yield Finding(f"is the first sealed one, and {early} rows stand before it", day=first)
    closed = seals.closed_until(session)
    if closed is None or closed < newest:
        yield Finding("is sealed but no longer closed: rows could be added to it", day=newest)
