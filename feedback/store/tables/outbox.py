"""Work still to do, written in the transaction that causes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id

STATES = ("waiting", "claimed", "done", "dead", "unknown", "manual")


class OutboxRow(Base):
    """`state`: waiting → claimed (until `lease_until`) → done; `dead` gave up, `unknown` may have been sent,
    `manual` waits for a person (a call-back). `dedup_key` makes an effect happen once."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "ix_outbox_waiting",
            "task",
            "available_at",
            postgresql_where=text("state IN ('waiting', 'claimed')"),
        ),
        Index(
            "ix_outbox_attention", "state", postgresql_where=text("state IN ('dead', 'unknown', 'manual')")
        ),
    )

    id: Mapped[Id]
    task: Mapped[str]
    dedup_key: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    available_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class DeliveryAttempt(Base):
    """Written before the provider is called, completed after it answered: a crash leaves `outcome` empty."""

    __tablename__ = "delivery_attempt"

    id: Mapped[Id]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    code: Mapped[str | None]
    reason: Mapped[str | None]
