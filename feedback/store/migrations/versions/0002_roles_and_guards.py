"""Roles and guards

The owner migrates; every process works as `feedback_app`, which may add audit rows but never change or remove one.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_event", "prediction")

CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'feedback_app') THEN
    CREATE ROLE feedback_app NOLOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'role feedback_app is missing, and the owner may not create it';
END $$
"""

# Roles belong to the whole cluster: another database may have granted it already, or another role may own it.
LEND_ROLE = """
DO $$ DECLARE member text; BEGIN
  FOR member IN SELECT rolname FROM pg_roles WHERE rolname IN (current_user, 'feedback_login') LOOP
    IF NOT pg_has_role(member, 'feedback_app', 'MEMBER') THEN
      BEGIN
        EXECUTE format('GRANT feedback_app TO %I', member);
      EXCEPTION WHEN insufficient_privilege THEN
        -- Lending it to others is a service to small installations; only the owner itself needs it here.
        IF member = current_user THEN RAISE; END IF;
      END;
    END IF;
  END LOOP;
END $$
"""

GUARD = """
CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append-only';
END $$;
CREATE TRIGGER audit_event_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
"""


def upgrade() -> None:
    op.execute(CREATE_ROLE)
    op.execute(LEND_ROLE)
    op.execute("GRANT USAGE ON SCHEMA public TO feedback_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO feedback_app")
    op.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO feedback_app")
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM feedback_app")
    op.execute("REVOKE DELETE, TRUNCATE ON raw_event FROM feedback_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM feedback_app")
    op.execute(GUARD)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_event_guard ON audit_event")
    op.execute("DROP FUNCTION audit_event_is_append_only()")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM feedback_app")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM feedback_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM feedback_app")
