"""What is measured over a year of tickets: the desk's pages and the audit trail."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import crowd, escalation, pages, trail
from benchmarks.figures import Figure, guarded
from benchmarks.sizes import Size
from benchmarks.stage import Stage


def measure(stage: Stage, size: Size) -> Iterator[Figure]:
    with stage.place() as place:
        crowd.fill(place.superuser_url, size.tickets)
        yield from guarded(pages.PART, pages.measure(place, size))
        yield from guarded(trail.PART, trail.measure(place))
        yield from guarded(
            escalation.PART, escalation.measure(place)
        )  # last: it makes every ticket wait again
