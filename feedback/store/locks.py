"""Doing something on one host only, without a coordinator: PostgreSQL's advisory locks.

Rows are locked in one order everywhere, so that nobody waits in a circle: a claimed row of the outbox, the contact, its
tickets by id, the request about them, messages, and last the chain of the audit trail. Whoever holds a later one takes an
earlier one only where it is free (SKIP LOCKED). `test_everybody_at_once` is the test of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_TRY = text("SELECT pg_try_advisory_lock(7303, hashtext(:name))")
_HOLD = text("SELECT pg_advisory_xact_lock(7304, hashtext(:name))")
_RELEASE = text("SELECT pg_advisory_unlock(7303, hashtext(:name))")


@contextmanager
def only_one(engine: Engine, name: str) -> Iterator[bool]:
    """Yields whether this process may do `name` now; the lock ends with the block or with the connection."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.execute(_TRY, {"name": name}).scalar())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(_RELEASE, {"name": name})


def hold(session: Session, name: str) -> None:
    """Wait until nobody else holds `name`, and hold it until the transaction ends."""
    session.execute(_HOLD, {"name": name})
