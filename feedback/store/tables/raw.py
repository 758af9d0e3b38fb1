"""What arrived, byte for byte, and the counters of what was turned away before it was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id

OUTCOMES = ("ticket", "joined", "ignored", "quarantined")


class RawEvent(Base):
    """One authentic or quarantined delivery. A repeat only increments `deliveries`.

    `outcome` says what became of the first delivery. `body` may be emptied by retention, never changed; then its
    digest and size stay, so that a copy kept elsewhere can still be recognised.
    """

    __tablename__ = "raw_event"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_raw_event_channel", "channel", "received_at"),
        Index("ix_raw_event_quarantined", "received_at", postgresql_where=text("outcome = 'quarantined'")),
    )

    id: Mapped[Id]
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    deliveries: Mapped[int] = mapped_column(server_default="1")
    last_delivery_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]
    body_sha256: Mapped[str | None]
    body_size: Mapped[int | None] = mapped_column(BigInteger)


class Refusal(Base):
    """How many deliveries were rejected unread, by day and reason (a 413 leaves no body to keep)."""

    __tablename__ = "refusal"

    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, server_default="0")


class MailCursor(Base):
    """How far a mailbox was read: `last_uid` counts within `uidvalidity` only."""

    __tablename__ = "mail_cursor"

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
