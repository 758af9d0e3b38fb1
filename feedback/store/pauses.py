"""Pauses and extensions of a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.store.tables import ExtensionRow, PauseRow, Ticket


def pauses(session: Session, ticket: Ticket) -> Sequence[PauseRow]:
    """Those since the ticket was last reopened, oldest first."""
    query = select(PauseRow).where(PauseRow.ticket_id == ticket.id, PauseRow.round == ticket.reopened)
    return session.scalars(query.order_by(PauseRow.started_at)).all()


def running(session: Session, ticket: Ticket) -> PauseRow | None:
    """The pause nobody has ended yet; its bound may have passed."""
    query = select(PauseRow).where(PauseRow.ticket_id == ticket.id, PauseRow.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def passed(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of tickets whose pause has reached its bound without anybody writing that down."""
    query = select(PauseRow.ticket_id).where(PauseRow.ended_at.is_(None), PauseRow.until <= now)
    return session.scalars(query.order_by(PauseRow.until).limit(limit)).all()


def open_request(session: Session, ticket: Ticket) -> ExtensionRow | None:
    """The extension that waits for a decision."""
    query = select(ExtensionRow).where(ExtensionRow.ticket_id == ticket.id, ExtensionRow.decided_at.is_(None))
    return session.scalars(query).one_or_none()


def extensions(session: Session, ticket: Ticket) -> Sequence[ExtensionRow]:
    """Those asked for since the ticket was last reopened, oldest first."""
    query = select(ExtensionRow).where(
        ExtensionRow.ticket_id == ticket.id, ExtensionRow.round == ticket.reopened
    )
    return session.scalars(query.order_by(ExtensionRow.asked_at)).all()
