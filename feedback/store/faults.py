"""What a database says when something is wrong, by names for callers that know no SQLAlchemy."""

from __future__ import annotations

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

DatabaseFault = SQLAlchemyError
"""Any of them."""
DATABASE_DOWN = (OperationalError, InterfaceError, TimeoutError)
"""Refused or broken connections and an exhausted pool: nothing was stored, the sender should repeat."""
IMPOSSIBLE_VALUE = DataError
"""A value no column can hold or be compared with (a NUL character, a number beyond 64 bits): the asker's mistake."""


def connection_lost(fault: Exception) -> bool:
    """Whether the database itself is away; any other fault was that of a statement, and the next one may succeed."""
    return isinstance(fault, DBAPIError) and fault.connection_invalidated
