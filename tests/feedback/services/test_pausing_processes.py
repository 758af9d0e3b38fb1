"""Several processes at one ticket: one pauses, one ends the pause, and nobody does it twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from feedback.domain.permissions import Actor
from feedback.services import pausing
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import pauses, tickets
from tests.feedback.matters import routed, ticket
from tests.feedback.people import LAN

ROOT = Path(__file__).parents[3]
PAUSE = """
import os, sys
from feedback import bootstrap
from feedback.domain.errors import DomainError
from feedback.services import pausing
from feedback.settings import Settings
from tests.feedback.people import LAN
code, version, reason = sys.argv[1:]
app = bootstrap.build(Settings.from_env(os.environ))
print("ready", flush=True)
sys.stdin.readline()
try:
    pausing.pause(app, LAN, code, int(version), reason, "Ch\\u1edd.")
    print("paused")
except DomainError as refusal:
    print(type(refusal).__name__)
"""
END = """
import os, sys
from feedback import bootstrap
from feedback.services import pausing
from feedback.settings import Settings
app = bootstrap.build(Settings.from_env(os.environ))
print("ready", flush=True)
sys.stdin.readline()
print(pausing.end_passed(app))
"""


def together(environ: dict[str, str], *programs: tuple[str, ...]) -> list[str]:
    """The last line of each program; all of them begin at the same signal."""
    started = [
        subprocess.Popen(
            (sys.executable, "-c", *program),
            env={**environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for program in programs
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].strip() for process in started]


def test_of_two_processes_that_pause_at_once_one_does_and_one_is_told(
    app: App, settings: Settings, environ: dict[str, str]
) -> None:
    code = routed(app, settings)
    version = str(ticket(app, code).version)
    said = together(
        environ, (PAUSE, code, version, "waiting_citizen"), (PAUSE, code, version, "waiting_agency")
    )
    assert sorted(said) == ["StaleVersion", "paused"]
    with app.store.reading() as session:
        assert len(pauses.pauses(session, ticket(app, code))) == 1


def test_three_clock_processes_end_a_pause_once(
    app: App, settings: Settings, environ: dict[str, str]
) -> None:
    code = routed(app, settings)
    pausing.pause(app, LAN, code, ticket(app, code).version, "force_majeure", "Bão.")
    with app.store.transaction(Actor.system("test")) as tx:
        found = tickets.locked(tx.session, code)
        assert found is not None
        row = pauses.running(tx.session, found)
        assert row is not None
        # As if it had been set an instant ago: no process waits in this test.
        row.until = row.started_at + timedelta(microseconds=1)
        tx.audit(f"ticket:{found.id}", "commented")
        tx.commit()
    assert sorted(together(environ, (END,), (END,), (END,))) == ["0", "0", "1"]
    with app.store.reading() as session:
        trail = [event.action for event in tickets.trail(session, ticket(app, code).id)]
        assert pauses.running(session, ticket(app, code)) is None
    assert trail.count("resumed") == 1
