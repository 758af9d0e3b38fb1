"""What deadlines are judged by, and everything that moved one: versions of the rules, pauses, extensions, reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id

DIGEST_STATES = ("waiting", "claimed", "sent", "failed", "unknown", "desk", "void")


class TermsVersion(Base):
    """One version of all terms, never changed. In force for tickets received from `valid_from` on, until a later one."""

    __tablename__ = "terms_version"
    __table_args__ = (Index("ix_terms_version_valid_from", "valid_from"),)
    audited = True

    version: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(server_default="")
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    published_by_id: Mapped[int | None]


class CalendarVersion(Base):
    """One version of the working calendar, never changed."""

    __tablename__ = "calendar_version"

    version: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    added_at: Mapped[datetime]


class Move(Base):
    """Running tickets are taken over to other versions, one after the other in the order of their ids.

    A version left empty stays each ticket's own. `last_id`: how far it has come; `done_at`: nothing is left.
    """

    __tablename__ = "move"
    __table_args__ = (
        Index("uq_move_running", text("(1)"), unique=True, postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[Id]
    terms_version: Mapped[str | None] = mapped_column(ForeignKey("terms_version.version"))
    calendar_version: Mapped[str | None] = mapped_column(ForeignKey("calendar_version.version"))
    note: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    asked_by_id: Mapped[int | None]
    total: Mapped[int]
    last_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    seen: Mapped[int] = mapped_column(server_default="0")
    moved: Mapped[int] = mapped_column(server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]


class PauseRow(Base):
    """The clock of a ticket stands still from `started_at` to `ended_at`, at most to `until`.

    `round`: how often the ticket had been reopened. At most one pause runs, and each reason serves once in a round.
    `message_id`: what the citizen was told, or asked.
    """

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("until > started_at", name="lasts"),
        CheckConstraint("ended_at >= started_at AND ended_at <= until", name="ends"),
        UniqueConstraint("ticket_id", "round", "reason"),
        Index("uq_pause_running", "ticket_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )
    audited = True

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    round: Mapped[int]
    reason: Mapped[str]
    started_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


class ExtensionRow(Base):
    """Somebody asked for more time, and somebody else decided. `term` is written as in the terms: "3wd".

    `note_id`: the explanation, an internal note. A request lapses where the ticket is answered before it is decided.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("decision IN ('approved', 'refused', 'lapsed')", name="decision"),
        UniqueConstraint("ticket_id", "round", "reason"),
        Index("uq_extension_open", "ticket_id", unique=True, postgresql_where=text("decided_at IS NULL")),
    )
    audited = True

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    round: Mapped[int]
    reason: Mapped[str]
    term: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision: Mapped[str | None]


class Escalation(Base):
    """A ticket reached `step` per cent of the term of `part`. The key makes it happen once, however many clocks run."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("part IN ('receive', 'answer')", name="part"),
        UniqueConstraint("ticket_id", "round", "part", "step"),
    )
    audited = True

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    round: Mapped[int]
    part: Mapped[str]
    step: Mapped[int]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime]


class Digest(Base):
    """One mail of reminders to one person.

    `sending_at` is set before the mail server is called: a process that ends in between leaves it `unknown`, and nobody
    is told twice. `desk`: there is no mail, the desk shows it. `void`: when its turn came, nothing was left to tell.
    """

    __tablename__ = "digest"
    __table_args__ = (
        CheckConstraint(f"state IN {DIGEST_STATES}", name="state"),
        UniqueConstraint("account_id", "slot"),
        Index("ix_digest_waiting", "available_at", postgresql_where=text("state IN ('waiting', 'claimed')")),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    slot: Mapped[datetime]
    urgent: Mapped[bool] = mapped_column(server_default="false")
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    available_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    sending_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Reminder(Base):
    """One person is told of one escalation: on the desk at once, by mail in a digest."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("escalation_id", "account_id"),
        Index("ix_reminder_account", "account_id", "id"),
        Index("ix_reminder_unseen", "account_id", postgresql_where=text("seen_at IS NULL")),
        Index("ix_reminder_undigested", "account_id", postgresql_where=text("digest_id IS NULL")),
    )

    id: Mapped[Id]
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    urgent: Mapped[bool] = mapped_column(server_default="false")
    told_at: Mapped[datetime]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digest.id"), index=True)
    seen_at: Mapped[datetime | None]
