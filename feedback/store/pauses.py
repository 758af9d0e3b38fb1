"""Pauses and extensions of a ticket, and the reminders it has had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.store.tables import Escalation, ExtensionRow, PauseRow, Ticket


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


def last_step(session: Session, ticket: Ticket) -> int:
    """The highest share of the term, in per cent, that somebody has been told of in this round; 0 for none."""
    query = select(func.max(Escalation.step)).where(
        Escalation.ticket_id == ticket.id, Escalation.round == ticket.reopened
    )
    return session.scalar(query) or 0
