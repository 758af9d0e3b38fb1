"""Retention, legal hold, requests about personal data

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

# Predictions are append-only for the application. What they quote of a message goes with the message, and only then.
# Without pg_temp at its end a search path begins with it: a temporary table would stand for one of ours.
BLANK_PREDICTIONS = """
CREATE FUNCTION erase_prediction_texts(erased bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE blanked integer;
BEGIN
  PERFORM FROM public.ticket WHERE id = erased AND erased_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ticket % is not erased', erased;
  END IF;
  UPDATE public.prediction SET result = result || '{"evidence": [], "reasons": [], "gist": null}'
    WHERE ticket_id = erased;
  GET DIAGNOSTICS blanked = ROW_COUNT;
  RETURN blanked;
END $$
"""
GUARD = """
CREATE FUNCTION erasure_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'erasure is append-only';
END $$;
CREATE TRIGGER erasure_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure
  FOR EACH STATEMENT EXECUTE FUNCTION erasure_is_append_only();
"""
GRANTS = (
    "GRANT SELECT, INSERT ON erasure, legal_hold, rights_request TO feedback_app",
    "GRANT UPDATE (lifted_by, lifted_by_id, lifted_at, lift_reason) ON legal_hold TO feedback_app",
    "GRANT UPDATE (new_name, new_phone, new_email, state, decided_at, decided_by, decided_by_id, reason,"
    " carried_out_at, last_word_id, ticket_id) ON rights_request TO feedback_app",
    "REVOKE ALL ON FUNCTION erase_prediction_texts(bigint) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION erase_prediction_texts(bigint) TO feedback_app",
)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_ticket_kept", "ticket", ["kind", "received_at"], postgresql_where=sa.text("erased_at IS NULL")
    )
    op.create_index(op.f("ix_attachment_blob_id"), "attachment", ["blob_id"])
    op.add_column("raw_event", sa.Column("emptied_at", sa.DateTime(timezone=True)))
    op.add_column("raw_event", sa.Column("body_sha256", sa.Text()))
    op.add_column("raw_event", sa.Column("body_size", sa.BigInteger()))
    _requests()
    _register()
    _holds()
    for statement in (BLANK_PREDICTIONS, GUARD, *GRANTS):
        op.execute(statement)


def _requests() -> None:
    op.create_table(
        "rights_request",
        _id(),
        *(_text(name, null=False) for name in ("kind", "way")),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger()),
        *(_text(name) for name in ("new_name", "new_phone", "new_email")),
        *(_instant(name, null=False) for name in ("asked_at", "answer_due_at", "due_at")),
        *(_text(name, null=False) for name in ("plan_version", "calendar_version")),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        _instant("decided_at"),
        _text("decided_by"),
        sa.Column("decided_by_id", sa.Integer()),
        _text("reason"),
        _instant("carried_out_at"),
        sa.Column("last_word_id", sa.BigInteger()),
        sa.CheckConstraint("kind IN ('access', 'correct', 'delete', 'withdraw')", name="kind"),
        sa.CheckConstraint("way IN ('portal', 'channel', 'counter')", name="way"),
        sa.CheckConstraint("state IN ('asked', 'granted', 'done', 'refused')", name="state"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_rights_request_contact_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_rights_request_ticket_id")),
        sa.ForeignKeyConstraint(
            ["last_word_id"], ["message.id"], name=op.f("fk_rights_request_last_word_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    op.create_index(
        "uq_rights_request_open",
        "rights_request",
        ["contact_id", "ticket_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.create_index("ix_rights_request_state", "rights_request", ["state", "due_at", "id"])


def _register() -> None:
    op.create_table(
        "erasure",
        _id(),
        _instant("at", null=False),
        _text("by", null=False),
        sa.Column("by_id", sa.Integer()),
        _text("what", null=False),
        *(
            sa.Column(name, sa.BigInteger())
            for name in ("ticket_id", "contact_id", "raw_event_id", "blob_id")
        ),
        _text("rule"),
        _text("plan_version", null=False),
        sa.Column("request_id", sa.BigInteger()),
        sa.Column("counts", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.CheckConstraint("(rule IS NULL) <> (request_id IS NULL)", name="cause"),
        sa.CheckConstraint("num_nonnulls(ticket_id, contact_id, raw_event_id, blob_id) = 1", name="subject"),
        sa.ForeignKeyConstraint(["request_id"], ["rights_request.id"], name=op.f("fk_erasure_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_at", "erasure", ["at", "id"])


def _holds() -> None:
    op.create_table(
        "legal_hold",
        _id(),
        *(sa.Column(name, sa.BigInteger()) for name in ("ticket_id", "contact_id")),
        *(_text(name, null=False) for name in ("reason", "authority", "set_by")),
        sa.Column("set_by_id", sa.Integer()),
        _instant("set_at", null=False),
        _text("lifted_by"),
        sa.Column("lifted_by_id", sa.Integer()),
        _instant("lifted_at"),
        _text("lift_reason"),
        sa.CheckConstraint("num_nonnulls(ticket_id, contact_id) = 1", name="subject"),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_legal_hold_ticket_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_legal_hold_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    for subject in ("ticket", "contact"):
        op.create_index(
            f"ix_legal_hold_{subject}",
            "legal_hold",
            [f"{subject}_id"],
            postgresql_where=sa.text("lifted_at IS NULL"),
        )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _instant(name: str, *, null: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def downgrade() -> None:
    op.execute("DROP FUNCTION erase_prediction_texts(bigint)")
    for table in ("legal_hold", "erasure", "rights_request"):
        op.drop_table(table)
    op.execute("DROP FUNCTION erasure_is_append_only()")
    for name in ("body_size", "body_sha256", "emptied_at"):
        op.drop_column("raw_event", name)
    op.drop_index(op.f("ix_attachment_blob_id"), "attachment")
    op.drop_index("ix_ticket_kept", "ticket")
    op.drop_column("ticket", "erased_at")
