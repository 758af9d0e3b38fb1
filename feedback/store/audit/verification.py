"""The whole trail: chains, heads, seals, and the tickets' own counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.store.audit import days, seals
from feedback.store.audit.findings import Finding, Findings, Verified
from feedback.store.audit.links import Part, Tick, Walked, silent, streamed, walk

Walk = Callable[[psycopg.Connection[Any]], Callable[[], Walked]]
"""Begins to walk all chains in the snapshot of the connection; the result is called to wait for the end."""

# Two joins over the whole tables, no LIMIT: before one the planner expects an early hit and joins row by row.
_HEADLESS = """
SELECT head.chain, head.seq, event.hash IS NULL FROM audit_head AS head
LEFT JOIN audit_event AS event ON event.chain = head.chain AND event.seq = head.seq
WHERE event.hash IS DISTINCT FROM head.hash
"""
_BEYOND = """
SELECT event.chain, min(event.seq), head.seq FROM audit_event AS event
LEFT JOIN audit_head AS head ON head.chain = event.chain
WHERE head.seq IS NULL OR event.seq > head.seq GROUP BY event.chain, head.seq
"""
_SHORT = """
SELECT 'ticket:' || ticket.id, ticket.version, coalesce(head.seq, 0) FROM ticket
LEFT JOIN audit_head AS head ON head.chain = 'ticket:' || ticket.id
WHERE coalesce(head.seq, 0) < ticket.version
"""

_AHEAD = "SELECT chain, seq, id FROM audit_event WHERE at > now() + interval '5 minutes' ORDER BY id"


def here(connection: psycopg.Connection[Any]) -> Callable[[], Walked]:
    """All chains one after another in this process."""
    return lambda: walk(connection, Part(), silent)


def verify(
    session: Session, keys: Mapping[str, str] | None = None, walk_with: Walk = here, tick: Tick = silent
) -> Verified:
    """Recompute everything in the snapshot of `session` (see `Store.reading`).

    `keys`: the public keys that are trusted, by their short names (`sealing.keyring`).
    """
    connection = seals.driver(session)
    wait = walk_with(connection)
    sealed = seals.every(session)
    others = Findings()
    others.extend(days.check(session, sealed, keys or {}, tick))
    others.extend(_heads(connection))
    others.extend(_short(connection))
    others.extend(_ahead(connection))
    walked = wait()
    walked.findings.join(others)
    now: datetime = session.execute(select(func.now())).scalar_one()
    return Verified(
        rows=walked.rows,
        chains=walked.chains,
        sealed=len(sealed),
        findings=tuple(walked.findings.kept),
        count=walked.findings.count,
        late=tuple(days.late(session, now)),
    )


def _heads(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    for chain, seq, gone in streamed(connection, sql.SQL(_HEADLESS)):
        why = (
            "is the head of the chain, and the row is gone"
            if gone
            else "is not what the head of the chain says"
        )
        yield Finding(why, chain, seq)
    for chain, seq, head in streamed(connection, sql.SQL(_BEYOND)):
        why = (
            "stands behind the head of the chain"
            if head is not None
            else "stands in a chain that has no head"
        )
        yield Finding(why, chain, seq)


def _ahead(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """The database's own time stands in every row: what is dated ahead of it was dated by somebody."""
    for chain, seq, row_id in streamed(connection, sql.SQL(_AHEAD)):
        yield Finding("is dated in the future", chain, seq, row_id)


def _short(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """A ticket whose trail is gone altogether, or shorter than the changes its version counter has seen."""
    for chain, version, last in streamed(connection, sql.SQL(_SHORT)):
        yield Finding(f"is missing: the ticket has changed {version} times", chain, last + 1)
