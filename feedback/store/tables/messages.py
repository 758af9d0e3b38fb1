"""What citizen and officers said, what was attached, what the classifier read in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id

DIRECTIONS = ("in", "out", "note")
DELIVERY = ("none", "waiting", "sent", "callback", "failed", "unknown")


class Message(Base):
    """One utterance. `direction`: in (citizen), out (to the citizen), note (between staff).

    `delivery` is the state of an outgoing message; `callback` waits for a member of staff to telephone.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction"),
        CheckConstraint(f"delivery IN {DELIVERY}", name="delivery"),
        Index("ix_message_ticket", "ticket_id", "id"),
        Index("ix_message_provider", "provider_id"),
    )
    audited = True

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    raw_event_id: Mapped[int | None] = mapped_column(ForeignKey("raw_event.id"))
    direction: Mapped[str]
    purpose: Mapped[str] = mapped_column(server_default="message")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(server_default="")
    subject: Mapped[str | None]
    text: Mapped[str]
    hints: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    external_id: Mapped[str | None]
    provider_id: Mapped[str | None]
    delivery: Mapped[str] = mapped_column(server_default="none")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sealed: Mapped[bool] = mapped_column(server_default="false")


class Attachment(Base):
    """A reference: provider's `url`, MIME `part` of the raw event, or `blob_id` of an upload."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    url: Mapped[str | None]
    part: Mapped[int | None]
    content_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"), index=True)


class Blob(Base):
    """Bytes of a portal upload, found by content."""

    __tablename__ = "blob"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[Id]
    sha256: Mapped[str]
    content_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class PredictionRow(Base):
    """What the classifier said, whole (scores, runners-up, evidence, model), and never changed."""

    __tablename__ = "prediction"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    model: Mapped[str]
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
