"""Retention in the clock process: at night, on one host, in short slices that end well within a stop of the process."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from feedback.clock import in_hanoi
from feedback.domain import retention
from feedback.services import retain
from feedback.services.app import App
from feedback.store.locks import only_one

log = logging.getLogger(__name__)

NIGHT = range(2, 6)
"""Hours of a Hanoi clock."""
SLICE = 20.0
"""Seconds; what is not done goes on with the next slice."""


def nightly(app: App) -> int:
    """Erase for a while what has been kept long enough; how many rows. Nothing by day, and on one host only."""
    if not is_night(app.store.now()):
        return 0
    with only_one(app.store.engine, "retention") as mine:
        return run(app) if mine else 0


def run(app: App, seconds: float = SLICE) -> int:
    """One slice; how many rows were erased."""
    from classifier.pii import mask  # heavy, and needed here only

    end = time.monotonic() + seconds
    done = retain.run(app, retention.shipped(), mask, stopped=lambda: time.monotonic() > end)
    for row in done:
        if row.erased or row.failed:
            log.info("retention", extra={"rule": row.rule.id, "count": row.erased, "failed": row.failed})
    return sum(row.erased for row in done)


def is_night(now: datetime) -> bool:
    return in_hanoi(now).hour in NIGHT
