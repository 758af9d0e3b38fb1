"""The database: the only SQLAlchemy of the project. Rules stand in `feedback.domain`, use cases in `feedback.services`."""

from feedback.store.transaction import Store, Transaction, UnauditedChange

__all__ = ["Store", "Transaction", "UnauditedChange"]
