"""`feedback audit …`"""

from __future__ import annotations

from feedback.settings import Settings
from feedback.store import Store, audit
from feedback.store.engine import connect


def verify(settings: Settings) -> int:
    """Recompute every hash chain. Exit code 1 and the first broken row where the trail does not hold."""
    store = Store(connect(settings.database_url, pool_size=1, timeout_ms=0))
    with store.reading() as session:
        result = audit.verify(session)
    if result.broken is None:
        print(f"audit trail holds: {result.rows} rows in {result.chains} chains")
        return 0
    broken = result.broken
    where = f"row id {broken.row_id}, " if broken.row_id is not None else ""
    print(
        f"AUDIT TRAIL BROKEN at chain {broken.chain}, number {broken.seq} ({where.rstrip(', ') or 'no row'}): {broken.why}"
    )
    return 1
