"""The trail that is only ever added to: the application's role may insert and read, not update, delete or truncate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id


class AuditEvent(Base):
    """One change or one read of personal data.

    `chain` is `ticket:<id>` or a subject such as `account:<id>`; `seq` counts from 1 within it; `hash` covers the row and
    `prev_hash`, so that unrelated tickets never wait for each other.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "seq"), Index("ix_audit_event_at", "at"))

    id: Mapped[Id]
    chain: Mapped[str]
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    actor: Mapped[str]
    actor_id: Mapped[int | None]
    action: Mapped[str]
    reason: Mapped[str | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prev_hash: Mapped[str]
    hash: Mapped[str]
