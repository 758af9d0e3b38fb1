"""How alembic reaches the database: the owner's URL is handed over by `feedback.store.migrate`."""

from __future__ import annotations

from alembic import context

from feedback.store.engine import connect
from feedback.store.tables import Base

url: str = context.config.attributes["url"]
engine = connect(url, role=None, pool_size=1, timeout_ms=0)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        # Two hosts that start at once must not migrate at once.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7300)")
        context.run_migrations()
engine.dispose()
