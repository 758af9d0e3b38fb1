"""How far a long command is, on standard error: on a terminal at once, elsewhere only when it takes long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 1.0
ELSEWHERE_EVERY = 10.0


@contextmanager
def shown(total: int, done: Callable[[], int], what: str) -> Iterator[None]:
    """Say every second (every ten where nobody looks on) how many of `total` are `done`, how fast, and what is left."""
    ended = threading.Event()
    thread = threading.Thread(target=_say, args=(total, done, what, ended), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _say(total: int, done: Callable[[], int], what: str, ended: threading.Event) -> None:
    terminal, began, said = sys.stderr.isatty(), time.monotonic(), False
    while not ended.wait(EVERY if terminal else ELSEWHERE_EVERY):
        said_now = line(total, done(), time.monotonic() - began, what)
        print(said_now, end="\r" if terminal else "\n", file=sys.stderr, flush=True)
        said = True
    if said and terminal:
        print(file=sys.stderr)


def line(total: int, done: int, seconds: float, what: str) -> str:
    """`250,000 of 1,000,000 rows, 31,250 a second, 24 s left`."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f"{max(0, total - done) / rate:.0f} s left" if rate > 0 else "not begun"
    return f"{done:,} of {total:,} {what}, {rate:,.0f} a second, {left}  "
