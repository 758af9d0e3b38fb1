"""The database's own failures, by the one name the rest of the application knows."""

from sqlalchemy.exc import SQLAlchemyError as DatabaseFault

__all__ = ["DatabaseFault"]
