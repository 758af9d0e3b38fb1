"""`feedback db …`"""

from __future__ import annotations

import sys

from feedback.settings import Settings
from feedback.store import migrate


def upgrade(settings: Settings) -> int:
    """Bring schema and reference data up to date, as the owner role."""
    try:
        migrate.upgrade(settings.database_owner_url)
    except migrate.Refused as refusal:
        print(f"database not upgraded: {refusal}", file=sys.stderr)
        return 1
    print(f"database is at revision {migrate.current(settings.database_owner_url)}")
    return 0


def current(settings: Settings) -> int:
    """Exit code 1 where the database is not at the newest revision."""
    found, newest = migrate.current(settings.database_owner_url), migrate.head()
    print(f"database: {found or 'empty'}, code: {newest}")
    return 0 if found == newest else 1
