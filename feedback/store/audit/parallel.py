"""Walking the chains with several processes, each over its own part, all on one snapshot.

One Python process hashes on one core. The parts are ranges of chains, so that no chain is cut; each process reads the
snapshot that the first one has exported, and all of them together see one moment of the trail.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from ctypes import c_longlong
from itertools import pairwise
from multiprocessing.sharedctypes import Synchronized
from typing import Any

import psycopg
from psycopg import sql

from feedback.store.audit.links import Part, Tick, Walked, walk
from feedback.store.engine import connect

WORTH_IT = 50_000
"""Rows below which starting processes costs more than it saves."""
STOP = -1
_shared: Synchronized[int] | None = None


class Stopped(Exception):
    """The first process wants no result any more."""


class Counter:
    """Rows done by all processes so far."""

    def __init__(self, shared: Synchronized[int] | None = None) -> None:
        """`shared`: the one of the first process."""
        self.shared = shared or multiprocessing.get_context("spawn").Value(c_longlong, 0)

    @property
    def rows(self) -> int:
        return max(0, self.shared.value)

    def tick(self, rows: int) -> None:
        with self.shared.get_lock():
            if self.shared.value == STOP:
                raise Stopped
            self.shared.value += rows

    def stop(self) -> None:
        with self.shared.get_lock():
            self.shared.value = STOP


def count(connection: psycopg.Connection[Any]) -> int:
    """How many rows the trail has."""
    row = connection.execute("SELECT count(*) FROM audit_event").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def walking(
    url: str, workers: int, counter: Counter
) -> Iterator[Callable[[psycopg.Connection[Any]], Callable[[], Walked]]]:
    """A `Walk` (see `verification`) by `workers` processes; a short trail is walked in this one.

    The processes end with the block. BrokenProcessPool where one of them was killed.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_share, initargs=(counter.shared,))

    def begin(connection: psycopg.Connection[Any]) -> Callable[[], Walked]:
        if workers < 2 or count(connection) < WORTH_IT:
            return lambda: walk(connection, Part(), counter.tick)
        snapshot = _exported(connection)
        futures = [pool.submit(_walk_part, url, snapshot, part) for part in parts(connection, workers)]
        return lambda: _joined(futures)

    try:
        yield begin
    except BaseException:
        counter.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def parts(connection: psycopg.Connection[Any], number: int) -> list[Part]:
    """The chains in `number` ranges of about as many chains each."""
    found = connection.execute(
        "SELECT min(chain) FROM (SELECT chain, ntile(%s) OVER (ORDER BY chain) AS part FROM audit_head) AS head"
        " WHERE part > 1 GROUP BY part ORDER BY part",
        (number,),
    )
    bounds = [None, *(row[0] for row in found), None]
    return [Part(low, high) for low, high in pairwise(bounds)]


def _joined(futures: list[Future[Walked]]) -> Walked:
    found = Walked()
    for future in futures:
        found.join(future.result())
    return found


def _exported(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    return str(row[0])


def _share(shared: Synchronized[int]) -> None:
    """In each process of the pool. Ctrl-C is for the first process, which then stops the others."""
    global _shared
    _shared = shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _walk_part(url: str, snapshot: str, part: Part) -> Walked:
    tick: Tick = Counter(_shared).tick
    engine = connect(url, pool_size=1, timeout_ms=0)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as begun:
        connection = begun.connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        return walk(connection, part, tick)
