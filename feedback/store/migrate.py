"""Schema changes, run by the owner role before any process starts. Imported by the command line only (alembic is heavy)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError

from feedback.store import reference
from feedback.store.engine import connect

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(owner_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = owner_url
    return config


class Refused(RuntimeError):
    """The server cannot be reached, or the owner may not do what a migration needs. One line, fit for an operator."""


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to `revision` and the reference data up to date. Raises Refused."""
    try:
        command.upgrade(_config(owner_url), revision)
    except (OperationalError, ProgrammingError, InternalError) as fault:
        raise Refused(_told(fault)) from fault
    if revision != "head":
        return
    engine = connect(owner_url, role=None, pool_size=1)
    with engine.begin() as connection:
        reference.load(connection)
    engine.dispose()


def _told(fault: DBAPIError) -> str:
    line = str(fault.orig).strip().splitlines()[0]
    if (
        "feedback_app" in line
        or "feedback_denunciation" in line
        or "admin option" in line.lower()
        or "permission denied to grant" in line.lower()
    ):
        return (
            f"{line}. Ask the administrator once for: CREATE ROLE feedback_app NOLOGIN; "
            "CREATE ROLE feedback_denunciation NOLOGIN; "
            "GRANT feedback_app, feedback_denunciation TO the owner and to the log-in of the processes"
        )
    return line


def downgrade(owner_url: str, revision: str) -> None:
    command.downgrade(_config(owner_url), revision)


def current(owner_url: str) -> str | None:
    """The revision the database stands at."""
    engine = connect(owner_url, role=None, pool_size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str | None:
    """The newest revision that this version of the code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
