"""Webhook deliveries acknowledged per second, beside the bare inserts of the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import bare, load
from benchmarks.figures import Figure, percentile
from benchmarks.sizes import Size
from benchmarks.stage import Stage

PART = "webhook"
WARM = 10**9
"""Citizens of the first, unmeasured second: nobody who is measured has a ticket yet."""


def measure(stage: Stage, size: Size) -> Iterator[Figure]:
    """One gunicorn process as in production; the callers are a process of their own."""
    with stage.place() as place, place.process("web"):
        url = place.settings.web.public.url
        load.apart(url, seconds=min(1.0, size.webhook_seconds), first=WARM)
        answers = load.apart(url, seconds=size.webhook_seconds)
    if not answers.latencies:
        raise RuntimeError(f"no delivery was acknowledged: {answers.statuses}")
    with stage.place() as place:
        rival = bare.per_second(place.environ["DATABASE_URL"], size.rival_rows)
    note = f"{len(answers.latencies)} acknowledged by {load.THREADS} callers; rival: the same rows by bare psycopg"
    yield Figure(PART, "acknowledged", answers.per_second, "1/s", rival=rival, note=note)
    for share in (0.50, 0.95, 0.99):
        value = 1000 * percentile(answers.latencies, share)
        yield Figure(PART, f"acknowledgement, p{100 * share:.0f}", value, "ms")
    yield Figure(PART, "not acknowledged", answers.refused, "calls", limit=0)
