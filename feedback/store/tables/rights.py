"""Personal data at its end: what was erased, what must not be, and what persons asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from feedback.domain.rights import reference
from feedback.store.tables.base import Base, Id

WAYS = ("portal", "channel", "counter")
KINDS = ("access", "correct", "delete", "withdraw")
STATES = ("asked", "granted", "done", "refused")


class Erasure(Base):
    """One line of the register of deletions; the application's role may insert and read, nothing else.

    It says what was erased by ids and counts, never by a digest: a digest of a telephone number is still personal data.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("(rule IS NULL) <> (request_id IS NULL)", name="cause"),
        CheckConstraint("num_nonnulls(ticket_id, contact_id, raw_event_id, blob_id) = 1", name="subject"),
        Index("ix_erasure_at", "at", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    by: Mapped[str]
    by_id: Mapped[int | None]
    what: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(BigInteger)
    contact_id: Mapped[int | None] = mapped_column(BigInteger)
    raw_event_id: Mapped[int | None] = mapped_column(BigInteger)
    blob_id: Mapped[int | None] = mapped_column(BigInteger)
    rule: Mapped[str | None]
    plan_version: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("rights_request.id"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class LegalHold(Base):
    """What retention and deletion stop before, until somebody lifts it. Either a ticket or everything of a contact."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("num_nonnulls(ticket_id, contact_id) = 1", name="subject"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        Index("ix_legal_hold_ticket", "ticket_id", postgresql_where=text("lifted_at IS NULL")),
        Index("ix_legal_hold_contact", "contact_id", postgresql_where=text("lifted_at IS NULL")),
    )
    audited = True

    id: Mapped[Id]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    reason: Mapped[str]
    authority: Mapped[str]
    set_by: Mapped[str]
    set_by_id: Mapped[int | None]
    set_at: Mapped[datetime]
    lifted_by: Mapped[str | None]
    lifted_by_id: Mapped[int | None]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]


class RightsRequest(Base):
    """What a person asked about the own data. `new_*` are the values of a correction, emptied once it is settled.

    `granted` waits only for our last word to reach its address; then nothing of the person is left (`done`).
    """

    __tablename__ = "rights_request"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "uq_rights_request_open",
            "contact_id",
            "ticket_id",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('asked', 'granted')"),
        ),
        Index("ix_rights_request_state", "state", "due_at", "id"),
    )
    audited = True

    id: Mapped[Id]
    kind: Mapped[str]
    way: Mapped[str]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    new_name: Mapped[str | None]
    new_phone: Mapped[str | None]
    new_email: Mapped[str | None]
    asked_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    plan_version: Mapped[str]
    calendar_version: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="asked")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_by_id: Mapped[int | None]
    reason: Mapped[str | None]
    carried_out_at: Mapped[datetime | None]
    last_word_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))

    @property
    def ref(self) -> str:
        """What the person and the officer call it: "YC-000012"."""
        return reference(self.id)
