"""The restricted store of denunciations

A table that the application may only add to, a role that alone may read it, hashes by which a writer is recognised, and
two functions that take the classifier's evidence out of the append-only predictions and put it back.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'feedback_denunciation') THEN
    CREATE ROLE feedback_denunciation NOLOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'role feedback_denunciation is missing, and the owner may not create it';
END $$
"""

# Whoever may work as feedback_app may step into this role for one statement; feedback_app itself is no member.
LEND_ROLE = """
DO $$ DECLARE member text; BEGIN
  FOR member IN
    SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
    WHERE a.roleid = 'feedback_app'::regrole UNION SELECT current_user
  LOOP
    BEGIN
      EXECUTE format('GRANT feedback_denunciation TO %I', member);
    EXCEPTION WHEN insufficient_privilege THEN
      IF NOT pg_has_role(member, 'feedback_denunciation', 'MEMBER') THEN
        RAISE EXCEPTION 'role feedback_denunciation cannot be lent to %', member;
      END IF;
    END;
  END LOOP;
END $$
"""

FUNCTIONS = """
CREATE FUNCTION seal_predictions(sealed_ticket bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.prediction SET result = jsonb_build_object('sealed', true, 'kind', result -> 'kind')
  WHERE ticket_id = sealed_ticket AND NOT result ? 'sealed'
    AND EXISTS (
      SELECT FROM public.sealed
      WHERE what = 'prediction' AND row_id = prediction.id AND sealed.ticket_id = sealed_ticket
    )
$$;
CREATE FUNCTION unseal_prediction(prediction_id bigint, whole jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.prediction SET result = whole WHERE id = prediction_id AND result ? 'sealed'
$$;
REVOKE ALL ON FUNCTION seal_predictions(bigint), unseal_prediction(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_predictions(bigint) TO feedback_app;
GRANT EXECUTE ON FUNCTION unseal_prediction(bigint, jsonb) TO feedback_denunciation
"""

REFUSE_LOSS = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM sealed) THEN
    RAISE EXCEPTION 'denunciations lie under seal: going back would lose their content';
  END IF;
END $$
"""


def upgrade() -> None:
    op.add_column("ticket", sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("sealed", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "sealed",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "what IN ('ticket', 'message', 'file', 'prediction')", name=op.f("ck_sealed_what")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_ticket_id")),
        sa.PrimaryKeyConstraint("what", "row_id", name=op.f("pk_sealed")),
    )
    op.create_index("ix_sealed_ticket", "sealed", ["ticket_id"])
    op.create_index("ix_sealed_key", "sealed", ["key_id"])
    op.create_table(
        "seal_trace",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("writer_hash", sa.Text(), nullable=False),
        sa.Column("conversation_hash", sa.Text(), nullable=False),
        sa.Column("email_hash", sa.Text(), nullable=True),
        sa.Column("proofs", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_seal_trace_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_seal_trace")),
    )
    op.create_index("ix_seal_trace_writer", "seal_trace", ["writer_hash"])
    op.create_index("ix_seal_trace_email", "seal_trace", ["email_hash"])
    op.execute(CREATE_ROLE)
    op.execute(LEND_ROLE)
    op.execute("GRANT USAGE ON SCHEMA public TO feedback_denunciation")
    op.execute("GRANT INSERT ON sealed TO feedback_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON seal_trace TO feedback_app")
    op.execute("GRANT SELECT, UPDATE, DELETE ON sealed TO feedback_denunciation")
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute(REFUSE_LOSS)
    op.execute("DROP FUNCTION unseal_prediction(bigint, jsonb)")
    op.execute("DROP FUNCTION seal_predictions(bigint)")
    op.drop_table("seal_trace")
    op.drop_table("sealed")
    op.execute("REVOKE USAGE ON SCHEMA public FROM feedback_denunciation")
    op.drop_column("message", "sealed")
    op.drop_column("ticket", "sealed_at")
