"""`python -m benchmarks.recompute`: every figure of 50,000 tickets made again from their audit rows, beside its limit.

Some hundred tickets are driven through the real use cases over six weeks with Tết in them, then copied with their trails.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import report
from benchmarks.audit import feedback
from benchmarks.figures import Figure, guarded
from benchmarks.stage import Place, opened
from feedback import bootstrap
from feedback.domain.errors import DomainError
from feedback.domain.kinds import Kind, Level, Queue
from feedback.services import answer, assign, citizen, comment, ending, pausing, placing, read
from feedback.services.placing import Place as Desk
from tests.feedback.moving import Town, at
from tests.feedback.people import DUNG, LAN, MAI, NGHIA_DO, THANH_LIET

PART = "recompute"
TICKETS = 50_000
STORIES = 200
LEAST = 2_000
"""Tickets a second in one process, the database included."""
SEED = 5
_APART = 10_000
"""Between the numbers of a ticket and of its copy."""


def measure(tickets: int) -> Iterator[Figure]:
    with opened(durable=True) as stage, stage.place() as place:
        live(place)
        rows = multiply(place.superuser_url, tickets)
        print(f"{tickets} tickets with {rows} rows", flush=True)
        cost = feedback(place, "audit", "recompute", "--all")
        note = (
            f"{tickets / cost.seconds:.0f} tickets/s, {rows} rows, {cost.processor:.1f} s of processor time"
        )
        yield Figure(
            PART, f"{tickets} tickets, command and start-up", cost.seconds, "s", tickets / LEAST, note=note
        )
        yield Figure(PART, "peak memory", cost.megabytes, "MB", note="RSS")


def live(place: Place) -> None:
    """Stories in random order and at random times, each of two weeks."""
    settings = place.settings
    app = bootstrap.build(settings, pool_size=2)
    rng = random.Random(SEED)
    town = Town(app, settings, at("2026-01-26T07:30"))
    for number in range(STORIES):
        town.now = at("2026-01-26T07:30") + timedelta(minutes=61 * number)
        code = town.receive()
        town.read(needs_review=rng.random() < 0.2, urgent=rng.random() < 0.05)
        for _ in range(rng.randint(2, 7)):
            town.later(timedelta(seconds=rng.randint(60, 200_000)))
            _step(town, code, rng)
    app.store.engine.dispose()


def _step(town: Town, code: str, rng: random.Random) -> None:
    app, version = town.app, town.version(code)
    steps: list[Callable[[], Any]] = [
        lambda: read.open_ticket(app, LAN, code),
        lambda: assign.take(app, LAN, code, version),
        lambda: comment.add(app, LAN, code, version, "Đã gọi điện"),
        lambda: pausing.pause(app, LAN, code, version, "waiting_citizen", "Xin cho biết số nhà"),
        lambda: pausing.resume(app, LAN, code, version),
        lambda: answer.submit(app, LAN, code, version, "Đã dọn sạch."),
        lambda: answer.submit(app, MAI, code, version, "Đã dọn sạch."),
        lambda: ending.close(app, LAN, code, version, "done"),
        lambda: citizen.reopen(app, code, "Vẫn còn"),
        lambda: placing.route(app, DUNG, code, version, Desk(Queue.WARD, THANH_LIET)),
        lambda: placing.transfer(app, LAN, code, version, Desk(Queue.WARD, NGHIA_DO), "wrong_ward"),
        lambda: placing.reclassify(
            app, LAN, code, version, kind=Kind.REPORT, field_id="trees", level=Level.COMPLEX
        ),
    ]
    try:
        rng.choice(steps)()
    except DomainError:
        return  # not possible in this state: nothing happened


def multiply(superuser_url: str, tickets: int) -> int:
    """Copies of the stories under new numbers, until there are `tickets`; returns the number of audit rows."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        chain = f"'ticket:' || (substr(chain, 8)::bigint + {_APART} * copy)"
        _copy(connection, "ticket", tickets, {"id": f"id + {_APART} * copy", "code": "code || '-' || copy"})
        _copy(connection, "audit_event", tickets, {"chain": chain}, leave=("id",))
        connection.execute("VACUUM ANALYZE")
        found = connection.execute("SELECT count(*) FROM audit_event WHERE chain LIKE 'ticket:%'").fetchone()
    return int(found[0]) if found else 0


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    tickets: int,
    changed: Mapping[str, str],
    leave: Sequence[str] = (),
) -> None:
    query = (
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND table_schema = 'public' AND is_generated = 'NEVER'"
    )
    names = [row[0] for row in connection.execute(query, [table]) if row[0] not in leave]
    values = ", ".join(changed.get(name, name) for name in names)
    rows = "chain LIKE 'ticket:%'" if table == "audit_event" else "true"
    statements = (
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"INSERT INTO {table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE SELECT {values}"
        f" FROM {table}, generate_series(1, {tickets // STORIES - 1}) AS copy WHERE {rows}",
        f"ALTER TABLE {table} ENABLE TRIGGER ALL",
    )
    for statement in statements:
        connection.execute(sql.SQL(statement))


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 when something was not, or with --strict when a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recompute", description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS, help="fewer, for trying it out")
    parser.add_argument("--strict", action="store_true", help="a passed limit is a failure")
    chosen = parser.parse_args(arguments)
    return report.finish(list(guarded(PART, measure(chosen.tickets))), strict=chosen.strict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
