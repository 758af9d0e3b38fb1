"""Tickets beside their trails, read in batches: what is stored, and the rows it can be computed from again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from feedback.domain.events import AuditAction
from feedback.domain.history import Event
from feedback.domain.rebuild import COLUMNS
from feedback.domain.workflow import WAITING
from feedback.store.audit import ticket_chain
from feedback.store.queries.reach import is_restricted
from feedback.store.tables import AuditEvent, Ticket

BATCH = 1000
_SILENT = (AuditAction.TICKET_READ, AuditAction.CONTACT_READ, AuditAction.REPLY_SENT)
"""Rows that never tell of a change to what is measured, and of which there are many."""
_EVENT = (AuditEvent.at, AuditEvent.action, AuditEvent.actor, AuditEvent.actor_id, AuditEvent.reason)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tickets: received in [start, end); with `running` also all that wait, and all that changed since `start`."""

    start: datetime
    end: datetime
    running: bool = False

    def holds(self) -> ColumnElement[bool]:
        received = (Ticket.received_at >= self.start) & (Ticket.received_at < self.end)
        if not self.running:
            return received
        return or_(
            received,
            Ticket.state.in_(sorted(WAITING)),
            Ticket.answered_at >= self.start,
            Ticket.closed_at >= self.start,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """One ticket as its columns have it. `hidden`: nobody without reach may learn more than that it exists."""

    id: int
    code: str
    hidden: bool
    columns: Mapping[str, Any]
    events: Sequence[Event]


def count(session: Session, scope: Scope) -> int:
    return session.scalar(select(func.count()).select_from(Ticket).where(scope.holds())) or 0


def stream(session: Session, scope: Scope) -> Iterator[Kept]:
    """Every ticket of the scope by id, one batch in memory at a time."""
    last = 0
    columns = [getattr(Ticket, name) for name in COLUMNS]
    while True:
        query = select(Ticket.id, Ticket.code, is_restricted(), *columns).where(
            Ticket.id > last, scope.holds()
        )
        rows = session.execute(query.order_by(Ticket.id).limit(BATCH)).all()
        if not rows:
            return
        trails = _trails(session, [row[0] for row in rows])
        for row in rows:
            yield Kept(
                row[0], row[1], row[2], dict(zip(COLUMNS, row[3:], strict=True)), trails.get(row[0], ())
            )
        last = rows[-1][0]


def events(session: Session, ticket_id: int) -> list[Event]:
    """The trail of one ticket, readings left out."""
    return _trails(session, [ticket_id]).get(ticket_id, [])


def last_of(session: Session, chain: str, reason: str | None = None) -> AuditEvent | None:
    """The newest row of a chain, or the newest that was written for `reason`."""
    query = select(AuditEvent).where(AuditEvent.chain == chain)
    if reason is not None:
        query = query.where(AuditEvent.reason == reason)
    return session.scalars(query.order_by(AuditEvent.seq.desc()).limit(1)).first()


def since(session: Session, chain: str, start: datetime) -> Sequence[AuditEvent]:
    """The rows of a chain from `start` on, the newest first."""
    query = select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.at >= start)
    return session.scalars(query.order_by(AuditEvent.seq.desc())).all()


def _trails(session: Session, ids: Sequence[int]) -> dict[int, list[Event]]:
    number = {ticket_chain(one): one for one in ids}
    query = (
        select(AuditEvent.chain, *_EVENT, AuditEvent.after)
        .where(AuditEvent.chain.in_(number), AuditEvent.action.not_in(_SILENT))
        .order_by(AuditEvent.chain, AuditEvent.seq)
    )
    found: dict[int, list[Event]] = {}
    for row in session.execute(query):
        found.setdefault(number[row[0]], []).append(Event(*row[1:]))
    return found
