"""One look at every running clock of a city: nothing due, and five hundred tickets that have reached a step at once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from benchmarks.figures import Figure, percentile
from benchmarks.stage import Place
from feedback import bootstrap
from feedback.services import escalate
from feedback.services.app import App
from feedback.services.escalate import Counts

PART = "escalation"
DUE = 500
LOOKS = 50
WAIT = """
UPDATE ticket SET state = 'open', level = 'normal', first_answer_at = NULL, answered_at = NULL, closed_at = NULL,
  accepted_at = received_at, answer_due_at = now() + interval '20 days', next_step_at = now() + interval '1 day'
"""
REACH = """
UPDATE ticket SET received_at = now() - interval '20 days', answer_due_at = now() + interval '10 days', next_step_at = now()
WHERE id IN (SELECT id FROM ticket ORDER BY id LIMIT %s)
"""


def measure(place: Place) -> Iterator[Figure]:
    """Milliseconds of an idle scan (95th percentile of many), seconds of a scan with `DUE` tickets due."""
    app = bootstrap.build(place.settings, pool_size=2)
    with psycopg.connect(place.superuser_url, autocommit=True) as connection:
        connection.execute(WAIT)
        connection.execute("VACUUM ANALYZE ticket")
        found = connection.execute("SELECT count(*) FROM ticket").fetchone()
        waiting = int(found[0]) if found else 0
        escalate.run(app)
        idle = [_seconds(app)[0] for _ in range(LOOKS)]
        note = f"{waiting} tickets waiting, {LOOKS} measured"
        yield Figure(PART, "idle scan, p95", 1000 * percentile(idle, 0.95), "ms", limit=20, note=note)
        connection.execute(REACH, (min(DUE, waiting),))
    seconds, counts = _seconds(app)
    note = f"{counts.steps} steps recorded, {counts.told} reminders"
    yield Figure(PART, f"{counts.tickets} tickets due", seconds, "s", limit=2, note=note)
    app.store.engine.dispose()


def _seconds(app: App) -> tuple[float, Counts]:
    begin = time.perf_counter()
    counts = escalate.run(app)
    return time.perf_counter() - begin, counts
