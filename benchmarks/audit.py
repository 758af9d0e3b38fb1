"""`python -m benchmarks.audit`: verification of 1,000,000 audit rows beside its limit and beside a bare read-and-hash loop.

The rows are made here, with right hashes, heads, tickets and seals, and thrown away afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg
from psycopg.types.json import Jsonb

from benchmarks import crowd, report
from benchmarks.figures import Figure, guarded
from benchmarks.stage import ROOT, Place, opened
from feedback.domain import row_hash
from feedback.domain.sealing import GENESIS

PART = "audit trail"
ROWS = 1_000_000
LIMIT_SECONDS = 60.0
ROWS_A_TICKET = 5
DAYS = 90
SEED = 7
ACTIONS = ("received", "triaged", "assigned", "answered", "closed")
WHO = ((None, "intake"), (None, "triage"), (11, "Lan"), (11, "Lan"), (12, "Hùng"))
EVENT = (*crowd.EVENT[:4], "actor_id", *crowd.EVENT[4:5], "reason", *crowd.EVENT[5:])
# What a trail of this length cannot be checked without: every row read, and hashed once.
BARE = (
    "SELECT chain, seq, at::text, actor, action, before::text, after::text, prev_hash, hash FROM audit_event"
)


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    processor: float
    megabytes: float


def measure(rows: int) -> Iterator[Figure]:
    with opened(durable=True) as stage, stage.place() as place:
        began = time.perf_counter()
        fill(place.superuser_url, rows)
        print(f"{rows} rows written in {time.perf_counter() - began:.0f} s", flush=True)
        cost = feedback(place, "audit", "seal")
        yield Figure(PART, f"sealing {DAYS} days", cost.seconds, "s", note=f"peak {cost.megabytes:.0f} MB")
        bare = bare_loop(place.superuser_url)
        for workers in (2, 1):
            cost = feedback(place, "audit", "verify", "--workers", str(workers))
            limit = LIMIT_SECONDS * rows / ROWS
            name = f"verify {rows} rows, {workers} process{'es' if workers > 1 else ''}"
            note = f"{rows / cost.seconds:.0f} rows/s, {cost.processor:.1f} s of processor time"
            yield Figure(PART, name, cost.seconds, "s", limit, note=note)
            note = "bare: one process, rows in the order of the table, SHA-256 over the joined columns"
            yield Figure(PART, f"{name}, beside bare", cost.seconds, "s", rival=bare, note=note)
            yield Figure(PART, f"{name}, peak memory", cost.megabytes, "MB", note="all its processes, RSS")


def feedback(place: Place, *words: str) -> Cost:
    """Seconds of wall clock with start-up, those of processor time, and the peak of the tree's resident memory in MB."""
    began, used = time.perf_counter(), processor()
    command = [sys.executable, "-m", "feedback.cli", *words]
    process = psutil.Popen(command, cwd=ROOT, env=dict(place.environ), stdout=subprocess.DEVNULL)
    peaks: list[float] = [0.0]
    watching = threading.Thread(target=_watch, args=(process, peaks))
    watching.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    watching.join()
    if code:
        raise RuntimeError(f"feedback {' '.join(words)} ended with {code}")
    return Cost(seconds, processor() - used, max(peaks))


def processor() -> float:
    """Processor time of the ended children; the database's own is not in it."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def _watch(process: Any, peaks: list[float]) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            tree = [process, *process.children(recursive=True)]
            peaks.append(sum(each.memory_info().rss for each in tree) / 1e6)
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.1)


def bare_loop(url: str) -> float:
    """Seconds of the least that could be done in Python."""
    began = time.perf_counter()
    with psycopg.connect(url) as connection, connection.cursor(name="bare") as cursor:
        cursor.itersize = 5000
        for row in cursor.execute(BARE):
            hashlib.sha256("".join(map(str, row)).encode()).hexdigest()
    return time.perf_counter() - began


def fill(superuser_url: str, rows: int) -> None:
    count = rows // ROWS_A_TICKET
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        now = datetime.now(UTC)
        tickets = crowd.tickets(crowd.wards(connection), count, now)
        crowd.copy(connection, "contact", crowd.CONTACT, map(crowd._contact, tickets))
        crowd.copy(connection, "ticket", crowd.TICKET, (row.values for row in tickets))
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_link")
        connection.execute("ALTER TABLE audit_head DISABLE TRIGGER audit_head_follows")
        crowd.copy(connection, "audit_event", EVENT, trail(count, now))
        connection.execute(
            "INSERT INTO audit_head SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_event ORDER BY chain, seq DESC"
        )
        connection.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_link")
        connection.execute("ALTER TABLE audit_head ENABLE TRIGGER audit_head_follows")
        connection.execute("VACUUM ANALYZE")


def trail(tickets: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of their instants, so that chains lie scattered over the table as in real life."""
    rng = random.Random(SEED)
    first = now - timedelta(days=DAYS)
    step = (DAYS - 1) * 86_400 / (tickets * ROWS_A_TICKET)
    order = [number for number in range(1, tickets + 1) for _ in range(ROWS_A_TICKET)]
    rng.shuffle(order)
    heads: dict[int, tuple[int, str]] = {}
    for place, number in enumerate(order):
        seq, previous = heads.get(number, (0, GENESIS))
        row = _event(number, seq, first + timedelta(seconds=place * step), previous)
        heads[number] = (seq + 1, row[-1])
        yield row


def _event(number: int, seq: int, at: datetime, previous: str) -> tuple[Any, ...]:
    actor_id, actor = WHO[seq]
    before = {"state": "open"} if seq else {}
    after = {"state": "open", "ward_code": f"{number % 126:05}", "message": number, "field_id": "waste"}
    reason = "thiếu địa chỉ, đã gọi lại cho người gửi" if seq == 2 else None
    chain = f"ticket:{number}"
    values = [
        chain,
        seq + 1,
        row_hash.stamp(at),
        actor,
        actor_id,
        ACTIONS[seq],
        reason,
        before,
        after,
        previous,
    ]
    hashed = row_hash.of(values)
    return (
        chain,
        seq + 1,
        at,
        actor,
        actor_id,
        ACTIONS[seq],
        reason,
        Jsonb(before),
        Jsonb(after),
        previous,
        hashed,
    )


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 when something was not, or with --strict when a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="fewer, for trying it out")
    parser.add_argument("--strict", action="store_true", help="a passed limit is a failure")
    chosen = parser.parse_args(arguments)
    return report.finish(list(guarded(PART, measure(chosen.rows))), strict=chosen.strict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
