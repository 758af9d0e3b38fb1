"""What the clock process does again and again. Each chore has its own thread: none waits for another, and a fault in one
is logged and tried again, never the end of the process. A chore that may run on one host only takes its own lock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from feedback.jobs import digests, retention
from feedback.services import escalate, pausing, recompute, rejudge, rights, seal_trail
from feedback.services.app import App
from feedback.store.faults import DatabaseFault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`run` is called every `seconds`; what it returns is of no interest."""

    name: str
    seconds: float
    run: Callable[[App], object]


CHORES: tuple[Chore, ...] = (
    Chore("rejudge", 5, rejudge.run),
    Chore("escalation", 10, escalate.run),
    Chore("digests", 15, digests.send),
    Chore("recompute", 600, recompute.nightly),
    Chore("last words", 30, rights.finish),
    Chore("seal", 60, seal_trail.nightly),
    Chore("retention", 300, retention.nightly),
    Chore("pauses", 20, pausing.end_passed),
)


def threads(app: App, stop: threading.Event) -> list[threading.Thread]:
    """One thread for each chore, not yet started; they end soon after `stop`."""
    return [
        threading.Thread(target=_repeat, args=(app, chore, stop), name=f"chore-{chore.name}")
        for chore in CHORES
    ]


def once(app: App, chore: Chore) -> bool:
    """Run a chore; False where it tripped over a fault, which is logged."""
    try:
        chore.run(app)
    except DatabaseFault:
        log.exception("a fault of the database; trying again", extra={"chore": chore.name})
        return False
    except Exception:
        # The edge of the process: a thread that ends here would leave this work lying for good.
        log.exception("a chore failed; going on", extra={"chore": chore.name})
        return False
    return True


def _repeat(app: App, chore: Chore, stop: threading.Event) -> None:
    while not stop.wait(chore.seconds):
        once(app, chore)
