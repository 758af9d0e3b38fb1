"""The restricted store: what denunciations say, encrypted, readable by a database role of its own only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base

WHAT = ("ticket", "message", "file", "prediction")


class Sealed(Base):
    """One encrypted piece. `row_id` is the row of the ordinary table that it was taken from.

    `feedback_app` may insert here and nothing else; `feedback_denunciation` reads, re-encrypts and removes.
    """

    __tablename__ = "sealed"
    __table_args__ = (
        CheckConstraint(f"what IN {WHAT}", name="what"),
        Index("ix_sealed_ticket", "ticket_id"),
        Index("ix_sealed_key", "key_id"),
    )

    what: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key_id: Mapped[str]
    content: Mapped[bytes]
    sealed_at: Mapped[datetime]


class SealTrace(Base):
    """Keyed hashes by which the writer of a sealed ticket is recognised, without anything that could be read."""

    __tablename__ = "seal_trace"
    __table_args__ = (
        Index("ix_seal_trace_writer", "writer_hash"),
        Index("ix_seal_trace_email", "email_hash"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False)
    writer_hash: Mapped[str]
    conversation_hash: Mapped[str]
    email_hash: Mapped[str | None]
    proofs: Mapped[list[Any]]
