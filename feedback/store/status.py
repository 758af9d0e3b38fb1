"""The counters of the whole service, from the rows themselves: nothing is counted twice, nothing is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.store.tables import Message, OutboxRow, RawEvent, Refusal, Ticket


def deliveries(session: Session) -> Mapping[str, int]:
    """First deliveries by outcome, and `duplicates`: every further delivery of a known event."""
    rows = session.execute(
        select(RawEvent.outcome, func.count(), func.sum(RawEvent.deliveries - 1)).group_by(RawEvent.outcome)
    ).all()
    found = {outcome: count for outcome, count, _ in rows}
    return {**found, "duplicates": sum(int(repeats) for _, _, repeats in rows)}


def refusals(session: Session) -> int:
    """Deliveries turned away unread."""
    return int(session.scalar(select(func.coalesce(func.sum(Refusal.count), 0))) or 0)


def routed(session: Session) -> int:
    """Tickets that have reached a desk, now or earlier."""
    return session.scalar(select(func.count()).where(Ticket.accepted_at.is_not(None))) or 0


def in_review(session: Session) -> int:
    """Tickets that wait for a person's decision now, restricted ones included."""
    return session.scalar(select(func.count()).where(Ticket.state == "review")) or 0


def replies_sent(session: Session) -> int:
    """Messages that have reached the citizen's channel, acknowledgements included."""
    query = select(func.count()).where(Message.direction == "out", Message.delivery == "sent")
    return session.scalar(query) or 0


def outbox_states(session: Session) -> Mapping[tuple[str, str], int]:
    """Rows by (task, state)."""
    rows = session.execute(
        select(OutboxRow.task, OutboxRow.state, func.count()).group_by(OutboxRow.task, OutboxRow.state)
    )
    return {(task, state): count for task, state, count in rows}
