"""From the acknowledged delivery to the routed ticket, with real web and worker processes under a steady stream."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from benchmarks import load
from benchmarks.figures import Figure, latencies
from benchmarks.memory import PATIENCE, waiting
from benchmarks.sizes import Size
from benchmarks.stage import Place, Stage

PART = "journey"
ROUTED_MS = 1000.0
SETTLED = """
SELECT extract(epoch FROM routed.at - received.at)
FROM audit_event AS received JOIN audit_event AS routed USING (chain)
WHERE received.action = 'received' AND routed.action IN ('triaged', 'triage_failed')
"""
"""Both instants are the database's, each read at the beginning of its transaction: the last commit is not in it."""
READ = "SELECT count(*) FILTER (WHERE action = 'triage_failed'), count(*) FROM audit_event WHERE action LIKE 'triage%'"


def measure(stage: Stage, size: Size) -> Iterator[Figure]:
    """Raises DidNotStart, and RuntimeError where not everything was read."""
    with stage.place() as place, place.process("web"), place.process("worker"):
        calls = int(size.journey_seconds * size.journey_rate)
        for number in range(calls + load.THREADS):
            stage.zalo.interact(load.user(number))
        url = place.settings.web.public.url
        answers = load.apart(url, seconds=size.journey_seconds, rate=size.journey_rate)
        ends = time.monotonic() + PATIENCE
        while waiting(place) and time.monotonic() < ends:
            time.sleep(0.2)
        seconds = settled(place)
    if not seconds or len(seconds) < len(answers.latencies):
        raise RuntimeError(f"{len(seconds)} of {len(answers.latencies)} acknowledged messages were read")
    name = f"acknowledged to routed at {size.journey_rate:.0f}/s"
    note = "database clock, from the first transaction's beginning to the last one's"
    yield from latencies(PART, name, seconds, ROUTED_MS, note)
    yield Figure(PART, f"{name}, slowest", 1000 * max(seconds), "ms")


def settled(place: Place) -> list[float]:
    """Seconds from receipt to decision of every ticket. Raises RuntimeError where the classifier read none."""
    with psycopg.connect(place.superuser_url) as connection:
        unread = connection.execute(READ).fetchone()
        if unread and unread[0]:
            raise RuntimeError(f"the classifier failed on {unread[0]} of {unread[1]} messages")
        return [float(row[0]) for row in connection.execute(SETTLED)]
