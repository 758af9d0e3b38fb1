"""`feedback clock run`: fetches mailbox and drop folder, rings again for work that no bell announced, does the chores."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from channels.errors import SourceUnreachable
from channels.port import Poller
from feedback import bootstrap
from feedback.clock import utc_now
from feedback.jobs import chores
from feedback.services import intake
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import outbox
from feedback.store.faults import DatabaseFault
from feedback.store.locks import only_one

log = logging.getLogger(__name__)

POLL_EVERY = 3.0
RING_EVERY = 15.0


def main(settings: Settings) -> int:
    """Sweep until SIGTERM or Ctrl-C; returns the exit code."""
    app = bootstrap.build(settings, pool_size=8)
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    threads = [
        threading.Thread(target=_repeat, args=(app, name, stop), name=f"poll-{name}")
        for name, adapter in app.adapters.items()
        if isinstance(adapter, Poller)
    ]
    threads += chores.threads(app, stop)
    for thread in threads:
        thread.start()
    while not stop.wait(RING_EVERY):
        ring_again(app)
    for thread in threads:
        thread.join(timeout=30)
    return 0


def _repeat(app: App, name: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            fetch(app, name)
        except Exception:
            # The edge of the process: a thread that ends here would leave every later message lying.
            log.exception("a poll failed; going on", extra={"channel": name})
        stop.wait(POLL_EVERY)


def fetch(app: App, name: str) -> int:
    """Take in everything that waits at channel `name`, on one host only; returns how many deliveries were stored."""
    adapter = app.adapters[name]
    if not isinstance(adapter, Poller):
        raise TypeError(f"channel {name} is pushed, not fetched")
    stored = 0
    try:
        with only_one(app.store.engine, f"poll:{name}") as mine:
            for polled in adapter.poll(utc_now()) if mine else ():
                # Committed first, moved afterwards: a crash between the two only makes a duplicate.
                outcome = intake.receive(app, polled.delivery)
                if outcome.fault is not None:
                    # Where quarantine has no room it is kept here only; what waits behind it must not wait for room.
                    polled.failed(outcome.reason or "")
                else:
                    polled.done()
                stored += 1
    except SourceUnreachable as fault:
        log.warning("source unreachable", extra={"channel": name, "fault": str(fault)})
    except DatabaseFault:
        log.exception("a fault of the database; nothing was moved", extra={"channel": name})
    return stored


def ring_again(app: App) -> None:
    """Ring for rows that are due: their bell was lost, their time has come, or their worker died."""
    try:
        with app.store.reading() as session:
            tasks = outbox.due_tasks(session)
    except DatabaseFault:
        log.exception("a fault of the database; no sweep")
        return
    if tasks:
        app.store.ring(tasks)
