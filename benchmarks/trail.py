"""`feedback audit verify` over the trail of all tickets, as an operator runs it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from benchmarks.figures import Figure
from benchmarks.stage import Place, run

PART = "audit"


def measure(place: Place) -> Iterator[Figure]:
    """Rows per second with start-up. Raises CalledProcessError where the trail does not hold."""
    with psycopg.connect(place.superuser_url) as connection:
        found = connection.execute("SELECT count(*) FROM audit_event").fetchone()
    rows = int(found[0]) if found else 0
    begin = time.perf_counter()
    run(place, "feedback audit verify")
    seconds = time.perf_counter() - begin
    yield Figure(PART, "verified", rows / seconds, "rows/s", note=f"{rows} rows in {seconds:.1f} s")
