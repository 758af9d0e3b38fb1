"""Raw events: first delivery, repeats, quarantine within bounds, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, not_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback.store.tables import Message, RawEvent, Refusal, Ticket

_RAW = RawEvent.plain()


@dataclass(frozen=True, slots=True)
class Recorded:
    id: int
    first: bool


def record(
    session: Session,
    *,
    channel: str,
    account: str,
    external_id: str,
    body: bytes,
    headers: Mapping[str, str],
    received_at: datetime,
    outcome: str,
    reason: str | None = None,
) -> Recorded:
    """Store the delivery, or count one more delivery of the same. Holds the row's lock until commit."""
    query = (
        insert(_RAW)
        .values(
            channel=channel,
            account=account,
            external_id=external_id,
            body=body,
            headers=dict(headers),
            received_at=received_at,
            last_delivery_at=received_at,
            outcome=outcome,
            reason=reason,
        )
        .on_conflict_do_update(
            index_elements=["channel", "account", "external_id"],
            set_={"deliveries": _RAW.c.deliveries + 1, "last_delivery_at": received_at},
        )
        .returning(_RAW.c.id, _RAW.c.deliveries)
    )
    row = session.execute(query).one()
    return Recorded(row.id, row.deliveries == 1)


@dataclass(frozen=True, slots=True)
class QuarantineLimits:
    """`total_bytes` of kept bodies and `per_minute` new rows: unsigned posts must not fill the disk.

    What is unsigned and what is authentic but unreadable count apart, and the unsigned may fill half of the room
    only: a flood of forgeries never pushes out a citizen's message that waits for a repair.
    """

    total_bytes: int
    per_minute: int


UNSIGNED = "signature:"
"""How the reason of a delivery begins whose origin is not proven."""
_QUARANTINE_LOCK = text("SELECT pg_advisory_xact_lock(7301)")


def quarantine_has_room(
    session: Session, size: int, limits: QuarantineLimits, now: datetime, *, unsigned: bool
) -> bool:
    """Whether a body of `size` bytes may be kept. Serialises quarantine writers, so that the bound is exact."""
    session.execute(_QUARANTINE_LOCK)
    forged = RawEvent.reason.startswith(UNSIGNED)
    alike = (RawEvent.outcome == "quarantined", forged if unsigned else not_(func.coalesce(forged, False)))
    recent = session.scalar(
        select(func.count()).where(*alike, RawEvent.received_at > now - timedelta(minutes=1))
    )
    if (recent or 0) >= limits.per_minute:
        return False  # the cheap question first: a flood asks it all the time
    used = session.scalar(select(func.coalesce(func.sum(func.length(RawEvent.body)), 0)).where(*alike)) or 0
    return used + size <= limits.total_bytes // 2


def refuse(session: Session, *, channel: str, reason: str, now: datetime) -> None:
    """Count a delivery that was turned away unread."""
    session.execute(
        insert(Refusal)
        .values(day=now.date(), channel=channel, reason=reason, count=1)
        .on_conflict_do_update(index_elements=["day", "channel", "reason"], set_={"count": Refusal.count + 1})
    )


def count_repeat(session: Session, channel: str, account: str, external_id: str, now: datetime) -> int | None:
    """Count one more delivery of a known event, and say which; None where it is not known."""
    query = (
        update(RawEvent)
        .where(RawEvent.channel == channel, RawEvent.account == account, RawEvent.external_id == external_id)
        .values(deliveries=RawEvent.deliveries + 1, last_delivery_at=now)
        .returning(RawEvent.id)
    )
    return session.execute(query).scalar_one_or_none()


def set_outcome(session: Session, raw_id: int, outcome: str) -> None:
    session.execute(update(RawEvent).where(RawEvent.id == raw_id).values(outcome=outcome, reason=None))


def ticket_code(session: Session, raw_id: int) -> str | None:
    """The code of the ticket that this delivery opened or joined."""
    return session.scalar(
        select(Ticket.code)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.raw_event_id == raw_id)
    )


def take_key(session: Session, row: RawEvent, external_id: str) -> bool:
    """Give a released row the key of its event; False where the same event has been received meanwhile."""
    try:
        with session.begin_nested():
            row.external_id = external_id
    except IntegrityError:
        return False
    return True


def quarantined(session: Session, limit: int) -> Sequence[tuple[int, str, datetime, int, str, int]]:
    """(id, channel, received_at, size in bytes, reason, deliveries) of what lies in quarantine, newest first."""
    query = (
        select(
            RawEvent.id,
            RawEvent.channel,
            RawEvent.received_at,
            func.length(RawEvent.body),
            func.coalesce(RawEvent.reason, ""),
            RawEvent.deliveries,
        )
        .where(RawEvent.outcome == "quarantined", RawEvent.emptied_at.is_(None))
        .order_by(RawEvent.received_at.desc())
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]
