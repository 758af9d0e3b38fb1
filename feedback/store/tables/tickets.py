"""The citizen's matter, from receipt to rating."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.store.tables.base import Base, Id
from feedback.store.tables.contacts import Contact

STATES = ("new", "review", "open", "answered", "closed", "rejected", "handed_over")
QUEUES = ("ward", "centre", "dispatcher", "reception", "denunciation")
_RUNNING = "state IN ('new', 'review', 'open', 'answered')"


_FIGURES = (
    "ward_code",
    "answered_ward",
    "field_id",
    "channel",
    "level",
    "kind",
    "queue",
    "restricted",
    "state",
    "first_answer_at",
    "answered_on_time",
    "answer_due_at",
    "accepted_at",
    "receive_due_at",
    "answer_worked_seconds",
    "answered_at",
    "closed_at",
    "reopened",
    "rating",
    "id",
)
"""Figures of a period are counted from an index that holds these as well."""


class Ticket(Base):
    """No personal data in this row except `address` and `search`, which retention empties.

    `answer_due_at` is what is owed now; a reopened ticket owes a new answer. `answered_on_time` judges the first
    answer by the term that held when it was given, and never changes afterwards.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"queue IN {QUEUES}", name="queue"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_ticket_worklist", "queue", "ward_code", "state", "answer_due_at", "id"),
        Index("ix_ticket_due", "state", "answer_due_at", "id", postgresql_where=text("NOT restricted")),
        Index("ix_ticket_received", "received_at"),
        Index("ix_ticket_conversation", "contact_id", "conversation", postgresql_where=text(_RUNNING)),
        Index("ix_ticket_search", "search_vector", postgresql_using="gin"),
        Index(
            "ix_ticket_waiting_due",
            "answer_due_at",
            "id",
            postgresql_where=text("state IN ('review', 'open')"),
        ),
        Index(
            "ix_ticket_review_due", "answer_due_at", "id", postgresql_where=text("state IN ('new', 'review')")
        ),
        Index(
            "ix_ticket_centre_due",
            "answer_due_at",
            "id",
            postgresql_where=text("queue = 'centre' AND state = 'open'"),
        ),
        Index("ix_ticket_figures", "received_at", postgresql_include=list(_FIGURES)),
        Index(
            "ix_ticket_next_step",
            "next_step_at",
            postgresql_where=text("state IN ('new', 'review', 'open')"),
        ),
        Index(
            "ix_ticket_fresh",
            "id",
            postgresql_where=text("last_citizen_at > COALESCE(answered_at, received_at)"),
        ),
        Index(
            "ix_ticket_restricted",
            "state",
            "answer_due_at",
            "id",
            postgresql_where=text(
                "restricted OR queue IN ('denunciation', 'reception') OR kind = 'denunciation'"
            ),
        ),
        Index("ix_ticket_kept", "kind", "received_at", postgresql_where=text("erased_at IS NULL")),
        Index("ix_ticket_mine", "assigned_to", postgresql_where=text("assigned_to IS NOT NULL")),
    )
    audited = True

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    channel: Mapped[str]
    account: Mapped[str]
    conversation: Mapped[str]

    state: Mapped[str] = mapped_column(server_default="new")
    queue: Mapped[str] = mapped_column(server_default="dispatcher")
    restricted: Mapped[bool] = mapped_column(server_default="false")
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    field_id: Mapped[str | None] = mapped_column(ForeignKey("field.id"))
    kind: Mapped[str] = mapped_column(server_default="report")
    level: Mapped[str] = mapped_column(server_default="normal")
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(Integer, server_default="1")

    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    last_citizen_at: Mapped[datetime]
    receive_due_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    rule_version: Mapped[str | None]
    calendar_version: Mapped[str | None]
    answered_on_time: Mapped[bool | None]
    reopened_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    answer_worked_seconds: Mapped[int | None] = mapped_column(BigInteger)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who gave the first answer."""
    answered_ward: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    """On which ward's desk the first answer was given; None at the Centre. An appeal does not take it from the ward."""
    paused_until: Mapped[datetime | None]
    """The bound of the running pause; in the past: it has ended by itself."""
    next_step_at: Mapped[datetime | None]
    """When the clock next looks whether somebody must be told: a timer, no fact of the ticket."""

    review_reasons: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    outcome_reason: Mapped[str | None]
    reopened: Mapped[int] = mapped_column(server_default="0")
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    delivery_problem: Mapped[bool] = mapped_column(server_default="false")
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    address: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(server_default="")
    search: Mapped[str] = mapped_column(server_default="")
    search_vector: Mapped[Any] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', search)", persisted=True), deferred=True
    )

    contact: Mapped[Contact] = relationship(lazy="raise_on_sql")
