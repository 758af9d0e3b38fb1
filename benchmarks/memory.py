"""Memory of each process after work, and what the web process must not have loaded."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]
import psycopg

from benchmarks import load
from benchmarks.desk import Browser
from benchmarks.figures import Figure
from benchmarks.pages import DISPATCHER, WARD
from benchmarks.sizes import Size
from benchmarks.stage import ROOT, DidNotStart, Place, Stage, run

PART = "memory"
LIMITS_MB: dict[str, float | None] = {"web": 130.0, "desk": None, "worker": 350.0, "clock": None}
"""Decimal megabytes of resident memory."""
HEAVY = ("sklearn", "scipy", "numpy", "underthesea", "alembic")
PATIENCE = 30.0
LOADED = """
import os, sys
from feedback.settings import Settings
from feedback.web import create_app
create_app(Settings.from_env(os.environ), {surface!r})
print(" ".join(name for name in {heavy!r} if name in sys.modules))
"""


def measure(stage: Stage, size: Size) -> Iterator[Figure]:
    """All processes of the Procfile at once, some hundred deliveries and pages, then a look at each."""
    with stage.place() as place, contextlib.ExitStack() as stack:
        run(place, "feedback accounts demo")
        started: dict[str, subprocess.Popen[bytes]] = {}
        for name in LIMITS_MB:
            try:
                started[name] = stack.enter_context(place.process(name))
            except DidNotStart as fault:
                yield Figure(PART, name, None, "MB", limit=LIMITS_MB[name], note=str(fault))
        work(place, size, drains="worker" in started)
        for name, process in started.items():
            yield resident(name, process.pid)
        for surface in ("public", "desk"):
            yield loaded(place, surface)


def work(place: Place, size: Size, *, drains: bool) -> None:
    web = place.settings.web
    load.apart(web.public.url, seconds=size.journey_seconds / 5, rate=2 * size.journey_rate)
    for email in (WARD, DISPATCHER):
        browser = Browser(web.desk.url, email)
        for _ in range(size.page_requests):
            browser.get("/")
        browser.close()
    ends = time.monotonic() + PATIENCE
    while drains and waiting(place) and time.monotonic() < ends:
        time.sleep(0.2)


def waiting(place: Place) -> int:
    """Outbox rows of triage that are not done."""
    with psycopg.connect(place.superuser_url) as connection:
        query = "SELECT count(*) FROM outbox WHERE task = 'triage' AND state <> 'done'"
        found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def resident(name: str, pid: int) -> Figure:
    """The largest process of the tree is judged; what the whole tree holds alone and shared stands beside."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    found = [process.memory_full_info() for process in tree]
    proportional = sum(getattr(part, "pss", part.rss) for part in found) / 1e6
    note = f"{len(tree)} processes, PSS of all {proportional:.0f} MB"
    return Figure(PART, name, max(part.rss for part in found) / 1e6, "MB", LIMITS_MB[name], note=note)


def loaded(place: Place, surface: str) -> Figure:
    """Heavy libraries in a process that built the surface as gunicorn does."""
    code = LOADED.format(surface=surface, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=dict(place.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    names = done.stdout.split()
    note = ", ".join(names) or f"looked for {', '.join(HEAVY)}"
    return Figure(PART, f"heavy libraries loaded by {surface}", len(names), "libraries", 0, note=note)
