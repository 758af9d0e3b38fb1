"""What a worker process does when the bell rings, or when it looks for itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import redis

from feedback.bell import flag
from feedback.domain.events import Task
from feedback.services import deliver, triage
from feedback.services.app import App
from feedback.store.faults import DatabaseFault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """`name` is unique per process: claims in the outbox carry it. After `stop` no further batch is claimed."""

    app: App
    reader: triage.Reader | None
    name: str
    redis: redis.Redis
    deliver_now: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def answer_ring(self, task: str) -> None:
        """A ring says that rows wait. The flag goes first, so that a row written meanwhile rings again."""
        self.redis.delete(flag(task))
        if task == Task.DELIVER:
            self.deliver_now.set()  # slow providers must not keep triage waiting
        else:
            self.triage()

    def triage(self) -> int:
        """Read and route until nothing waits; returns how many messages were handled."""
        return self._until_empty(lambda: triage.drain(self.app, self.reader, self.name), triage.BATCH)

    def deliver(self) -> int:
        self.deliver_now.clear()
        return self._until_empty(lambda: deliver.drain(self.app, self.name, deliver.BATCH), deliver.BATCH)

    def _until_empty(self, drain: Callable[[], int], batch: int) -> int:
        total, handled = 0, batch
        while handled == batch and not self.stop.is_set():
            handled = drain()
            total += handled
        return total


def pump(step: Callable[[], int], wake: threading.Event, stop: threading.Event, seconds: float) -> None:
    """Run `step` when woken and at least every `seconds`, until told to stop. A database that is away is waited for."""
    while not stop.is_set():
        try:
            step()
        except DatabaseFault:
            log.exception("a fault of the database; trying again")
        except Exception:
            # The edge of the process: a thread that ends here would leave every later message lying.
            log.exception("a step failed; going on")
        wake.wait(seconds)
