"""What an administrator looks at: channels, quarantine, messages that did not go out. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.store.queries.reach import is_restricted
from feedback.store.tables import OutboxRow, RawEvent, Ticket

SHOWN = 100


@dataclass(frozen=True, slots=True)
class ChannelState:
    """`waiting` and `dead` count outgoing messages; `last` is the newest delivery."""

    name: str
    last: datetime | None
    quarantined: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An outgoing message that needs a person."""

    code: str
    channel: str
    message_id: int
    state: str
    attempts: int
    error: str | None
    created_at: datetime


def channels(session: Session, names: Sequence[str]) -> list[ChannelState]:
    """One row for each name, in that order."""
    outbox = _outbox(session)
    return [
        ChannelState(
            name=name,
            last=session.scalar(select(func.max(RawEvent.received_at)).where(RawEvent.channel == name)),
            quarantined=_quarantined(session, name),
            waiting=sum(outbox.get((name, state), 0) for state in ("waiting", "claimed")),
            dead=sum(outbox.get((name, state), 0) for state in ("dead", "unknown")),
        )
        for name in names
    ]


def dead_letters(session: Session) -> list[DeadLetter]:
    """The oldest `SHOWN`; those of restricted tickets stay with their desk."""
    query = (
        select(
            Ticket.code,
            Ticket.channel,
            OutboxRow.message_id,
            OutboxRow.state,
            OutboxRow.attempts,
            OutboxRow.last_error,
            OutboxRow.created_at,
        )
        .join(Ticket, Ticket.id == OutboxRow.ticket_id)
        .where(
            OutboxRow.task == "deliver", OutboxRow.state.in_(("dead", "unknown", "manual")), ~is_restricted()
        )
        .order_by(OutboxRow.id)
        .limit(SHOWN)
    )
    return [DeadLetter(*row) for row in session.execute(query)]


def _quarantined(session: Session, channel: str) -> int:
    query = select(func.count()).where(RawEvent.outcome == "quarantined", RawEvent.channel == channel)
    return session.scalar(query) or 0


def _outbox(session: Session) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Ticket.channel, OutboxRow.state, func.count())
        .join(Ticket, Ticket.id == OutboxRow.ticket_id)
        # Counted like the list beside it: the difference would tell that something restricted waits.
        .where(OutboxRow.task == "deliver", OutboxRow.state != "done", ~is_restricted())
        .group_by(Ticket.channel, OutboxRow.state)
    )
    return {(channel, state): count for channel, state, count in rows}
