"""What the database says about itself, for `feedback doctor`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def server_version(session: Session) -> int:
    """As PostgreSQL numbers itself: 180004 is 18.4."""
    return int(session.execute(text("SHOW server_version_num")).scalar_one())


def may_change_audit(session: Session) -> bool:
    """Whether the role of this session could update or delete audit rows."""
    query = (
        "SELECT has_table_privilege('audit_event', 'UPDATE') OR has_table_privilege('audit_event', 'DELETE')"
    )
    return bool(session.execute(text(query)).scalar_one())


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
