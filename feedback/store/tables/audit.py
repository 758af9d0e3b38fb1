"""The trail that is only ever added to: the application's role may insert and read, not update, delete or truncate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
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


class AuditHead(Base):
    """The last link of each chain. Moved by the insert of the next one, inside the database: nobody writes it."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str]


class AuditDay(Base):
    """A Hanoi day that is closed: it and all days before it take no further row. Written by `close_audit_day` only."""

    __tablename__ = "audit_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class AuditSeal(Base):
    """The signed root over all rows of one Hanoi day (`domain.sealing`). Written by `seal_audit_day` only.

    `previous` is the hash of the seal before; `version` names the form of the statement that is signed.
    """

    __tablename__ = "audit_seal"

    day: Mapped[date] = mapped_column(primary_key=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    first_id: Mapped[int | None] = mapped_column(BigInteger)
    last_id: Mapped[int | None] = mapped_column(BigInteger)
    root: Mapped[str]
    previous: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    key_id: Mapped[str]
    signature: Mapped[str]
    sealed_at: Mapped[datetime]
