"""Several clock processes over one database, killed at the worst moments: every step is told once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import psycopg
import pytest

from feedback import bootstrap
from feedback.settings import Settings
from tests.fakes.mail import SmtpSink
from tests.feedback.services.office import Office
from tests.servers import DatabaseUrls

TICKETS = 40
PATIENCE = 90.0
LOOK = "from feedback.services import escalate; print(escalate.run(app).steps)"
MAIL = "from feedback.jobs import digests; print(digests.send(app))"
START = """
import sys
from datetime import datetime, timedelta, UTC
from feedback import bootstrap, clock
from feedback.settings import Settings
import os
app = bootstrap.build(Settings.from_env(os.environ), pool_size=2)
{before}
print("ready", flush=True)
sys.stdin.readline()
{then}
"""
STOP_HERE = """
import signal
from feedback.services import {module}
whole = {module}.{name}
def then_die(*arguments, **named):
    {before}os.kill(os.getpid(), signal.SIGKILL)
{module}.{name} = then_die
"""
WRONG_CLOCK = """
import feedback.jobs.chores, feedback.jobs.digests
for module in list(sys.modules.values()):
    if module.__name__.startswith(("feedback", "channels")) and hasattr(module, "utc_now"):
        module.utc_now = lambda: datetime.now(UTC) + timedelta(days=400)
"""


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def surroundings(environ: dict[str, str], smtp: SmtpSink) -> dict[str, str]:
    return {
        **environ,
        "FEEDBACK_IMAP_HOST": "127.0.0.1",
        "FEEDBACK_IMAP_PORT": "1",
        "FEEDBACK_IMAP_TLS": "none",
        "FEEDBACK_IMAP_USER": "x",
        "FEEDBACK_IMAP_PASSWORD": "x",
        "FEEDBACK_SMTP_HOST": smtp.host,
        "FEEDBACK_SMTP_PORT": str(smtp.port),
        "FEEDBACK_SMTP_TLS": "none",
        "FEEDBACK_EMAIL_ADDRESS": "phananh@hanoi.test",
    }


@pytest.fixture
def office(surroundings: dict[str, str]) -> Iterator[Office]:
    """Urgent tickets of an officer and a lead, long overdue by the database's own time."""
    settings = Settings.from_env(surroundings)
    app = bootstrap.build(settings)
    found = Office.opened(app, settings)
    found.go(app.store.now() - timedelta(days=20))
    for _ in range(TICKETS):
        found.ticket(urgent=True)
    found.app = app
    yield found
    app.store.engine.dispose()


class Clock:
    """A process of its own that waits for the word to start."""

    def __init__(self, environ: dict[str, str], then: str, before: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", START.format(before=before, then=then)],
            env={**environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def start(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> str:
        said, _ = self._process.communicate(timeout=PATIENCE)
        return said.strip()

    @property
    def code(self) -> int:
        return self._process.returncode


def together(*clocks: Clock) -> list[str]:
    for clock in clocks:
        clock.start()
    return [clock.end() for clock in clocks]


def counted(office: Office) -> tuple[int, int]:
    """Steps in the table, and steps in the trail."""
    with psycopg.connect(str(office.settings.database_url)) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM escalation), (SELECT count(*) FROM audit_event WHERE action = 'escalated')"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def lines(smtp: SmtpSink) -> Counter[tuple[str, str]]:
    """How often each person was mailed each ticket's code."""
    found: Counter[tuple[str, str]] = Counter()
    for sent in smtp.sent:
        text = message_from_bytes(sent.raw, policy=default).get_content()
        codes = [line.split()[1] for line in text.splitlines() if line.startswith("- ")]
        found.update((sent.recipients[0], code) for code in codes)
    return found


def expire_leases(urls: DatabaseUrls) -> None:
    """As if the time of a lease had passed."""
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute(
            "UPDATE digest SET lease_until = now() - interval '1 second' WHERE state = 'claimed'"
        )


def test_two_clocks_at_once_tell_every_step_once(
    office: Office, surroundings: dict[str, str], smtp: SmtpSink
) -> None:
    both = f"{LOOK}\n{MAIL}"
    said = together(*(Clock(surroundings, both) for _ in range(2)))
    assert sum(int(text.split()[0]) for text in said) == 4 * TICKETS
    assert counted(office) == (4 * TICKETS, 4 * TICKETS)
    together(Clock(surroundings, MAIL))
    told = lines(smtp)
    assert set(told.values()) == {1}
    assert len(told) == 5 * TICKETS


def test_a_clock_killed_within_a_scan_leaves_nothing_half_told(
    office: Office, surroundings: dict[str, str]
) -> None:
    dies = STOP_HERE.format(module="escalate", name="_write", before="whole(*arguments); ")
    killed = Clock(surroundings, LOOK, dies)
    together(killed)
    assert killed.code == -signal.SIGKILL
    assert counted(office) == (0, 0)
    (said,) = together(Clock(surroundings, LOOK))
    assert int(said) == 4 * TICKETS
    assert counted(office) == (4 * TICKETS, 4 * TICKETS)


@pytest.mark.parametrize(
    ("name", "before", "unknown"),
    [
        ("_begun", "", 0),  # claimed, not yet begun
        ("_send", "", 1),  # begun, not yet sent: nobody can know
        ("_sent", "", 1),  # sent, not yet written down
    ],
)
def test_a_clock_killed_on_the_way_to_the_mail_server_never_mails_twice(
    office: Office,
    surroundings: dict[str, str],
    smtp: SmtpSink,
    database_urls: DatabaseUrls,
    name: str,
    before: str,
    unknown: int,
) -> None:
    together(Clock(surroundings, LOOK))
    killed = Clock(surroundings, MAIL, STOP_HERE.format(module="digest", name=name, before=before))
    together(killed)
    assert killed.code == -signal.SIGKILL
    expire_leases(database_urls)
    together(Clock(surroundings, MAIL), Clock(surroundings, MAIL))
    states = Counter(row.state for row in office.digests())
    assert states == Counter(sent=5 - unknown, unknown=unknown) - Counter()
    assert set(lines(smtp).values()) == {1}
    assert len(smtp.sent) == 5 - int(name == "_send")


def test_the_clock_of_the_host_is_not_asked(office: Office, surroundings: dict[str, str]) -> None:
    """A host that lives in the next year: what is due in three days is not told, what is overdue is."""
    fresh = bootstrap.build(office.settings)
    later = replace(office, app=fresh)
    code = later.ticket()
    (said,) = together(Clock(surroundings, LOOK, WRONG_CLOCK))
    assert int(said) == 4 * TICKETS
    assert later.steps(code) == []
    fresh.store.engine.dispose()
