"""Days are sealed once, without gaps, whoever writes meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from feedback.clock import HANOI
from feedback.domain.permissions import Actor
from feedback.jobs import chores
from feedback.services import seal_trail
from feedback.services.app import App
from feedback.services.seal_trail import NotOver
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.audit import seals
from feedback.store.faults import DatabaseFault
from feedback.store.tables import AuditEvent
from tests.feedback.store.sealed import Past
from tests.servers import DatabaseUrls


@pytest.fixture
def past(app: App, settings: Settings) -> Past:
    found = Past(app, settings)
    found.live()
    return found


def sealed(app: App) -> list[tuple[str, int]]:
    with app.store.reading() as session:
        return [(str(seal.statement.day), seal.statement.rows) for seal in seals.every(session)]


def test_every_finished_day_gets_a_seal_also_one_without_rows(past: Past) -> None:
    made = past.seal()
    assert [(seal.statement.day, seal.statement.rows) for seal in made] == [
        (past.day(4), 4),
        (past.day(3), 0),
        (past.day(2), 4),
        (past.day(1), 0),
    ]
    assert past.seal() == []


def test_each_seal_stands_in_the_trail_with_its_root(past: Past) -> None:
    made = past.seal()
    with past.app.store.reading() as session:
        rows = session.query(AuditEvent).filter_by(chain="seals").order_by(AuditEvent.seq).all()
    assert [row.after for row in rows] == [
        {"day": str(seal.statement.day), "rows": seal.statement.rows, "root": seal.statement.root}
        for seal in made
    ]


def test_an_empty_trail_has_nothing_to_seal(app: App, settings: Settings) -> None:
    assert Past(app, settings).seal() == []


def test_a_day_that_is_not_over_is_not_sealed(past: Past) -> None:
    assert past.app.signer is not None
    with pytest.raises(NotOver):
        seal_trail.seal_until(past.app.store, past.app.signer, past.day(0))
    assert sealed(past.app) == []


def test_the_clock_process_seals_ten_minutes_after_midnight_and_catches_up(past: Past) -> None:
    midnight = datetime.combine(past.day(0), datetime.min.time(), HANOI).astimezone(UTC)
    app = replace(past.app, store=Store(past.app.store.engine, clock=lambda: midnight + timedelta(minutes=9)))
    assert [seal.statement.day for seal in seal_trail.nightly(app)] == [past.day(4), past.day(3), past.day(2)]
    app = replace(
        past.app, store=Store(past.app.store.engine, clock=lambda: midnight + timedelta(minutes=10))
    )
    assert [seal.statement.day for seal in seal_trail.nightly(app)] == [past.day(1)]


def test_sealing_is_a_chore_of_the_clock_process(past: Past) -> None:
    (chore,) = [chore for chore in chores.CHORES if chore.run is seal_trail.nightly]
    assert chores.once(past.app, chore)
    assert len(sealed(past.app)) >= 3


def test_without_a_key_the_clock_process_seals_nothing(past: Past) -> None:
    assert seal_trail.nightly(replace(past.app, signer=None)) == []
    assert sealed(past.app) == []


def test_a_transaction_that_has_written_into_the_day_holds_the_seal_up(past: Past) -> None:
    """The seal waits, gives up, and the next attempt covers the row that was on its way."""
    with past.at(1).store.transaction(Actor.system("test")) as late:
        late.audit("account:1", "logged_in")
        with pytest.raises(DatabaseFault):
            past.seal()
        assert sealed(past.app) == []
        late.commit()
    assert [seal.statement.rows for seal in past.seal()] == [4, 0, 4, 1]
    assert past.verify().findings == ()


def test_a_transaction_from_before_midnight_cannot_write_after_the_seal(past: Past) -> None:
    with past.at(1).store.transaction(Actor.system("test")) as late:
        late.session.connection()
        past.seal()
        with pytest.raises(DatabaseFault, match="is closed"):
            late.audit("account:1", "logged_in")
    with past.app.store.transaction(Actor.system("test")) as again:
        again.audit("account:1", "logged_in")
        again.commit()
    assert past.verify().findings == ()


def test_two_sealers_make_one_seal_a_day(past: Past) -> None:
    together = threading.Barrier(2)
    faults: list[BaseException] = []

    def run() -> None:
        together.wait()
        try:
            past.seal()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [rows for _, rows in sealed(past.app)] == [4, 0, 4, 0]
    assert past.verify().findings == ()


def test_unrelated_chains_never_wait_for_each_other(past: Past, database_urls: DatabaseUrls) -> None:
    with past.app.store.transaction(Actor.system("test")) as first:
        first.audit("account:1", "logged_in")
        with past.app.store.transaction(Actor.system("test")) as second:
            second.session.connection().exec_driver_sql("SET LOCAL lock_timeout = '1ms'")
            for chain in ("account:2", "account:3", "ticket:1"):
                second.audit(chain, "logged_in")
            with pytest.raises(DatabaseFault, match="lock timeout"):
                second.audit("account:1", "logged_in")
        first.commit()


WRITER = """
import os, sys
from feedback.domain.permissions import Actor
from feedback.store import Store
from feedback.store.engine import connect
store = Store(connect(os.environ["DATABASE_URL"], pool_size=1))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2])):
    with store.transaction(Actor.system(sys.argv[1])) as tx:
        tx.audit("account:1", "logged_in")
        tx.audit(f"account:1{sys.argv[1]}", "logged_in")
        tx.commit()
"""
TIMES = 60


def writer(environ: Mapping[str, str], name: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", WRITER, name, str(TIMES))
    return subprocess.Popen(
        command, env=dict(environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_four_processes_write_while_a_fifth_seals_and_no_link_is_lost(
    past: Past, environ: dict[str, str]
) -> None:
    writers = [writer(environ, name) for name in "abcd"]
    for each in writers:
        assert each.stdout and each.stdout.readline() == "ready\n"
    for each in writers:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    while any(each.poll() is None for each in writers) and not past.seal():
        pass
    assert [each.wait(120) for each in writers] == [0, 0, 0, 0]
    for each in writers:
        for pipe in (each.stdin, each.stdout):
            assert pipe
            pipe.close()
    result = past.verify()
    assert result.findings == ()
    assert result.sealed == 4
    with psycopg.connect(environ["DATABASE_URL"]) as connection:
        heads = connection.execute(
            "SELECT chain, seq FROM audit_head WHERE chain LIKE 'account:1%'"
        ).fetchall()
    assert dict(heads) == {"account:1": 4 * TIMES, **{f"account:1{name}": TIMES for name in "abcd"}}
