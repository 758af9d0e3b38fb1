"""Heads of chains and daily seals of the audit trail

The functions belong to the owner and run with the owner's rights, so that the application's role can neither move a head nor
write a seal out of order. Their search path is pinned: a function or table of the same name elsewhere is never found.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

TABLES = ("audit_head", "audit_day", "audit_seal")

LINK = """
CREATE FUNCTION audit_event_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- A snapshot older than the closing of a day would not show that it is closed.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'audit_event: rows are written in READ COMMITTED only'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF EXISTS (SELECT FROM public.audit_day WHERE day >= (NEW.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) THEN
    RAISE EXCEPTION 'audit_event: the day of % is closed, try again with the present time', NEW.at
      USING ERRCODE = 'serialization_failure';
  END IF;
  IF NEW.seq = 1 AND NEW.prev_hash = repeat('0', 64) THEN
    INSERT INTO public.audit_head (chain, seq, hash) VALUES (NEW.chain, 1, NEW.hash);
    RETURN NEW;
  END IF;
  UPDATE public.audit_head SET seq = NEW.seq, hash = NEW.hash
    WHERE chain = NEW.chain AND seq = NEW.seq - 1 AND hash = NEW.prev_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit_event: number % does not continue the head of chain %', NEW.seq, NEW.chain
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_link();
"""

# The lock waits for every transaction that has written a row and not ended yet; who writes its first row later finds the day
# closed. It is held for this one statement, and it gives up early: everybody else queues behind it.
CLOSE = """
CREATE FUNCTION close_audit_day(wanted date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
  IF wanted >= (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
    RAISE EXCEPTION 'audit_day: % is not over yet', wanted USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM public.audit_day WHERE day >= wanted) THEN
    RETURN false;
  END IF;
  LOCK TABLE public.audit_event IN SHARE MODE;
  INSERT INTO public.audit_day (day, closed_at) VALUES (wanted, clock_timestamp())
    ON CONFLICT (day) DO NOTHING;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION close_audit_day(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_audit_day(date) TO feedback_app;
"""

# The seal's own words are signed and checked outside; here stands only what the database itself can know.
SEAL = """
CREATE FUNCTION seal_audit_day(
  wanted date, row_count bigint, first_row bigint, last_row bigint, tree_root text, seal_before text,
  form integer, signer text, signed text, instant timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last_sealed date;
  found record;
BEGIN
  PERFORM pg_advisory_xact_lock(7306);
  IF NOT EXISTS (SELECT FROM public.audit_day WHERE day >= wanted) THEN
    RAISE EXCEPTION 'audit_seal: % is not closed', wanted USING ERRCODE = 'check_violation';
  END IF;
  SELECT max(day) INTO last_sealed FROM public.audit_seal;
  IF wanted <> last_sealed + 1 THEN
    RAISE EXCEPTION 'audit_seal: % does not follow %', wanted, last_sealed USING ERRCODE = 'check_violation';
  END IF;
  SELECT count(*) AS rows, min(id) AS first_id, max(id) AS last_id INTO found FROM public.audit_event
    WHERE at >= wanted::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
      AND at < (wanted + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh';
  IF (row_count, first_row, last_row) IS DISTINCT FROM (found.rows, found.first_id, found.last_id) THEN
    RAISE EXCEPTION 'audit_seal: % has % rows, not %', wanted, found.rows, row_count
      USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO public.audit_seal
    (day, rows, first_id, last_id, root, previous, version, key_id, signature, sealed_at)
    VALUES (wanted, row_count, first_row, last_row, tree_root, seal_before, form, signer, signed, instant);
END $$;
REVOKE ALL ON FUNCTION
  seal_audit_day(date, bigint, bigint, bigint, text, text, integer, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  seal_audit_day(date, bigint, bigint, bigint, text, text, integer, text, text, timestamptz) TO feedback_app;
"""

# Even the owner has to disable a trigger first: a deliberate act.
GUARDS = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_day_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_day
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_head_guard BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_head_follows BEFORE INSERT OR UPDATE ON audit_head
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_is_append_only();
"""

FILL_HEADS = """
INSERT INTO audit_head (chain, seq, hash)
  SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_event ORDER BY chain, seq DESC
"""


def upgrade() -> None:
    op.execute("LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE")
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_day")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=True),
        sa.Column("last_id", sa.BigInteger(), nullable=True),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_seal")),
    )
    op.execute(FILL_HEADS)
    for table in TABLES:
        op.execute(f"REVOKE ALL ON {table} FROM feedback_app")
        op.execute(f"GRANT SELECT ON {table} TO feedback_app")
    for statement in (LINK, CLOSE, SEAL, GUARDS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_event_link ON audit_event")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute(
        "DROP FUNCTION seal_audit_day(date, bigint, bigint, bigint, text, text, integer, text, text, timestamptz)"
    )
    op.execute("DROP FUNCTION close_audit_day(date)")
    op.execute("DROP FUNCTION audit_event_link()")
    op.execute("DROP FUNCTION audit_is_append_only()")
