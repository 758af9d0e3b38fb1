"""The database: the only SQLAlchemy of the project. Rules stand in `feedback.domain`, use cases in `feedback.services`."""

from sqlalchemy.orm import Session

from feedback.store.transaction import Store, Transaction, UnauditedChange

__all__ = ["Session", "Store", "Transaction", "UnauditedChange"]
