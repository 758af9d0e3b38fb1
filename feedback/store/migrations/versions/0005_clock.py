"""Rules in versions, pauses, extensions, escalation

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "reminder",
    "digest",
    "escalation",
    "extension",
    "pause",
    "move",
    "calendar_version",
    "terms_version",
)
KEPT = ("terms_version", "calendar_version", "escalation")
"""What the application may add to and read, but never change."""
FIGURES = (
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
TICKET = ("answered_by", "answered_ward", "paused_until", "next_step_at")


def upgrade() -> None:
    _versions()
    _moved_deadlines()
    _reminders()
    _ticket()
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO feedback_app")
    for table in KEPT:
        op.execute(f"REVOKE UPDATE ON {table} FROM feedback_app")
    op.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO feedback_app")


def downgrade() -> None:
    op.drop_index("ix_ticket_figures", "ticket")
    op.drop_index("ix_ticket_next_step", "ticket")
    for column in TICKET:
        op.drop_column("ticket", column)
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True)


def _instant(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _to(name: str, target: str, *, needed: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=not needed)


def _text(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=not needed)


def _versions() -> None:
    op.create_table(
        "terms_version",
        sa.Column("version", sa.Text(), primary_key=True),
        _instant("valid_from", needed=True),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        _text("note", ""),
        _instant("published_at", needed=True),
        _text("published_by"),
        sa.Column("published_by_id", sa.Integer()),
    )
    op.create_index("ix_terms_version_valid_from", "terms_version", ["valid_from"])
    op.create_table(
        "calendar_version",
        sa.Column("version", sa.Text(), primary_key=True),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        _instant("added_at", needed=True),
    )
    op.create_table(
        "move",
        _id(),
        sa.Column("terms_version", sa.Text(), sa.ForeignKey("terms_version.version")),
        sa.Column("calendar_version", sa.Text(), sa.ForeignKey("calendar_version.version")),
        _text("note"),
        _instant("asked_at", needed=True),
        _text("asked_by"),
        sa.Column("asked_by_id", sa.Integer()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seen", sa.Integer(), server_default="0", nullable=False),
        sa.Column("moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        _instant("done_at"),
    )
    op.create_index(
        "uq_move_running", "move", [text("(1)")], unique=True, postgresql_where=text("done_at IS NULL")
    )


def _moved_deadlines() -> None:
    op.create_table(
        "pause",
        _id(),
        _to("ticket_id", "ticket.id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("reason"),
        _instant("started_at", needed=True),
        _instant("until", needed=True),
        _instant("ended_at"),
        _to("message_id", "message.id", needed=False),
        sa.CheckConstraint("until > started_at", name="ck_pause_lasts"),
        sa.CheckConstraint("ended_at >= started_at AND ended_at <= until", name="ck_pause_ends"),
        sa.UniqueConstraint("ticket_id", "round", "reason", name="uq_pause_ticket_id_round_reason"),
    )
    op.create_index("ix_pause_ticket_id", "pause", ["ticket_id"])
    op.create_index(
        "uq_pause_running", "pause", ["ticket_id"], unique=True, postgresql_where=text("ended_at IS NULL")
    )
    op.create_table(
        "extension",
        _id(),
        _to("ticket_id", "ticket.id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("reason"),
        _text("term"),
        _instant("asked_at", needed=True),
        _to("asked_by", "account.id", needed=False),
        _to("note_id", "message.id", needed=False),
        _instant("decided_at"),
        _to("decided_by", "account.id", needed=False),
        _text("decision", needed=False),
        sa.CheckConstraint("decision IN ('approved', 'refused', 'lapsed')", name="ck_extension_decision"),
        sa.UniqueConstraint("ticket_id", "round", "reason", name="uq_extension_ticket_id_round_reason"),
    )
    op.create_index("ix_extension_ticket_id", "extension", ["ticket_id"])
    op.create_index(
        "uq_extension_open",
        "extension",
        ["ticket_id"],
        unique=True,
        postgresql_where=text("decided_at IS NULL"),
    )


def _reminders() -> None:
    op.create_table(
        "escalation",
        _id(),
        _to("ticket_id", "ticket.id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("part"),
        sa.Column("step", sa.Integer(), nullable=False),
        _instant("due_at", needed=True),
        _instant("raised_at", needed=True),
        sa.CheckConstraint("part IN ('receive', 'answer')", name="ck_escalation_part"),
        sa.UniqueConstraint(
            "ticket_id", "round", "part", "step", name="uq_escalation_ticket_id_round_part_step"
        ),
    )
    op.create_table(
        "digest",
        _id(),
        _to("account_id", "account.id"),
        _instant("slot", needed=True),
        sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False),
        _text("state", "waiting"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _instant("available_at", needed=True),
        _instant("lease_until"),
        _text("claimed_by", needed=False),
        _instant("sending_at"),
        _text("last_error", needed=False),
        _instant("created_at", needed=True),
        _instant("sent_at"),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'failed', 'unknown', 'desk', 'void')",
            name="ck_digest_state",
        ),
        sa.UniqueConstraint("account_id", "slot", name="uq_digest_account_id_slot"),
    )
    op.create_index(
        "ix_digest_waiting",
        "digest",
        ["available_at"],
        postgresql_where=text("state IN ('waiting', 'claimed')"),
    )
    op.create_table(
        "reminder",
        _id(),
        _to("escalation_id", "escalation.id"),
        _to("account_id", "account.id"),
        sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False),
        _instant("told_at", needed=True),
        _to("digest_id", "digest.id", needed=False),
        _instant("seen_at"),
        sa.UniqueConstraint("escalation_id", "account_id", name="uq_reminder_escalation_id_account_id"),
    )
    op.create_index("ix_reminder_account", "reminder", ["account_id", "id"])
    op.create_index("ix_reminder_digest_id", "reminder", ["digest_id"])
    op.create_index(
        "ix_reminder_unseen", "reminder", ["account_id"], postgresql_where=text("seen_at IS NULL")
    )
    op.create_index(
        "ix_reminder_undigested", "reminder", ["account_id"], postgresql_where=text("digest_id IS NULL")
    )


def _ticket() -> None:
    op.add_column("ticket", _to("answered_by", "account.id", needed=False))
    op.add_column("ticket", sa.Column("answered_ward", sa.Text(), sa.ForeignKey("ward.code")))
    op.execute(
        "UPDATE ticket SET answered_ward = ward_code WHERE first_answer_at IS NOT NULL AND queue = 'ward'"
    )
    op.add_column("ticket", _instant("paused_until"))
    op.add_column("ticket", _instant("next_step_at"))
    op.create_index(
        "ix_ticket_next_step",
        "ticket",
        ["next_step_at"],
        postgresql_where=text("state IN ('new', 'review', 'open')"),
    )
    # Figures of a period are counted from the index alone.
    op.create_index("ix_ticket_figures", "ticket", ["received_at"], postgresql_include=list(FIGURES))
    # The clock finds them at once and works out what is next; what nothing has read yet still has its hour.
    op.execute(
        "UPDATE ticket SET next_step_at = CASE WHEN answer_due_at IS NULL"
        " THEN received_at + interval '1 hour' ELSE now() END WHERE state IN ('new', 'review', 'open')"
    )
