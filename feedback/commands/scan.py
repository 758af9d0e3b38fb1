"""`feedback clock scan`: what the clock process does with the steps of terms, with the counts on the screen."""

from __future__ import annotations

import time

from feedback import bootstrap
from feedback.services import escalate
from feedback.services.escalate import Counts
from feedback.settings import Settings

EVERY = 10.0
"""Seconds between two scans, here and in the clock process."""


def scan(settings: Settings, *, once: bool) -> int:
    """Scan now, or again and again until Ctrl-C. 1 where a ticket could not be settled in a single scan."""
    app = bootstrap.build(settings, pool_size=2)
    found = escalate.run(app)
    print(line(found), flush=True)
    while not once:
        time.sleep(EVERY)
        print(line(escalate.run(app)), flush=True)
    return 1 if found.failed else 0


def line(found: Counts) -> str:
    return (
        f"{found.tickets} tickets looked at, {found.steps} steps recorded, "
        f"{found.told} reminders written, {found.failed} tickets put off"
    )
