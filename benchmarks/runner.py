"""Runs the measurements one after another and shows each figure as soon as it is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping

import psycopg

from benchmarks import city, journey, memory, report, triage, webhook
from benchmarks.figures import Figure, guarded
from benchmarks.sizes import Size
from benchmarks.stage import Stage, opened

Measurement = Callable[[Stage, Size], Iterator[Figure]]
MEASUREMENTS: Mapping[str, Measurement] = {
    "webhook": webhook.measure,
    "city": city.measure,
    "memory": memory.measure,
    "triage": triage.measure,
    "journey": journey.measure,
}


def run(
    size: Size, chosen: Collection[str] = tuple(MEASUREMENTS)
) -> tuple[list[Figure], report.Circumstances]:
    """Measure on fresh servers. A measurement that fails leaves a failed figure."""
    figures: list[Figure] = []
    began = time.monotonic()
    with opened(durable=size.durable) as stage:
        found = report.circumstances(size.name, server_version(stage))
        for name in chosen:
            say(f"{name} …", began)
            for figure in guarded(name, MEASUREMENTS[name](stage, size)):
                figures.append(figure)
                say("  " + "  ".join(filter(None, report.cells(figure))), began)
    say("done", began)
    return figures, found


def server_version(stage: Stage) -> str:
    with psycopg.connect(stage.cluster.url("postgres", "postgres")) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""


def say(line: str, began: float) -> None:
    print(f"[{time.monotonic() - began:5.0f} s] {line}", flush=True)
