"""What the database says about itself, for `feedback doctor`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

AUDIT_TABLES = ("audit_event", "audit_head", "audit_day", "audit_seal")
AUDIT_GUARDS = frozenset(
    {
        "audit_event_guard",
        "audit_event_link",
        "audit_day_guard",
        "audit_seal_guard",
        "audit_head_guard",
        "audit_head_follows",
    }
)


def server_version(session: Session) -> int:
    """As PostgreSQL numbers itself: 180004 is 18.4."""
    return int(session.execute(text("SHOW server_version_num")).scalar_one())


def powers_over_audit(session: Session) -> list[str]:
    """What the role of this session may do to the audit trail beyond reading and adding rows: `UPDATE on audit_event`."""
    query = """
        SELECT privilege || ' on ' || name FROM unnest(CAST(:tables AS text[])) AS name,
          unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
        WHERE has_table_privilege(name, privilege) AND (name, privilege) <> ('audit_event', 'INSERT')
    """
    return list(session.scalars(text(query), {"tables": list(AUDIT_TABLES)}))


def guards_off(session: Session) -> list[str]:
    """Triggers of the audit trail that are missing or switched off."""
    query = "SELECT tgname FROM pg_trigger WHERE tgname = ANY(:names) AND tgenabled IN ('O', 'A')"
    found = set(session.scalars(text(query), {"names": list(AUDIT_GUARDS)}))
    return sorted(AUDIT_GUARDS - found)


def logs_in_as(session: Session) -> str:
    return str(session.execute(text("SELECT session_user")).scalar_one())


def owner_of_audit(session: Session) -> str:
    query = "SELECT tableowner FROM pg_tables WHERE tablename = 'audit_event'"
    return str(session.execute(text(query)).scalar_one())


def active_accounts_at(session: Session, domain: str) -> int:
    """How many open accounts have an address at `domain`."""
    query = "SELECT count(*) FROM account WHERE active AND email LIKE '%@' || :domain"
    return int(session.execute(text(query), {"domain": domain}).scalar_one())


def database_time(session: Session) -> datetime:
    found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found
