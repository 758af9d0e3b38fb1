"""The operator's command line as a process: contracts, exit codes, one clear line for each fault."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from feedback.services.app import App
from feedback.settings import Settings
from tests.feedback.matters import routed
from tests.servers import DatabaseUrls

ROOT = Path(__file__).parent.parent.parent


def feedback(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "feedback.cli", *words),
        env=dict(environ),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_status_is_the_published_contract(app: App, settings: Settings, environ: dict[str, str]) -> None:
    routed(app, settings)
    done = feedback(environ, "status", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) >= {
        "received",
        "tickets",
        "joined",
        "duplicates",
        "rejected",
        "quarantined",
        "routed",
        "review",
        "ignored",
        "replies_sent",
        "replies_waiting",
        "dead",
    }
    parts = ("tickets", "joined", "duplicates", "rejected", "quarantined", "ignored")
    assert found["received"] == sum(found[part] for part in parts) == 1
    assert (found["routed"], found["replies_waiting"]) == (1, 1)


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2026-02-13T16:30+07:00", "4wh", "2026-02-23T11:30:00+07:00"),
        ("2026-03-02T08:00+07:00", "4wh", "2026-03-02T12:00:00+07:00"),
        ("2026-03-02T17:00+07:00", "4wh", "2026-03-03T12:00:00+07:00"),
        ("2026-03-02T10:00+07:00", "5wd", "2026-03-09T17:00:00+07:00"),
        ("2026-03-01T00:00Z", "10d", "2026-03-11T17:00:00+07:00"),
    ],
)
def test_clock_due(environ: dict[str, str], start: str, term: str, due: str) -> None:
    done = feedback(environ, "clock", "due", start, term)
    assert (done.returncode, done.stdout.strip()) == (0, due)


def test_clock_says_beside_the_answer_that_a_year_is_only_assumed(environ: dict[str, str]) -> None:
    done = feedback(environ, "clock", "due", "2027-03-01T08:00+07:00", "4wh")
    assert (done.returncode, done.stdout.strip()) == (0, "2027-03-01T12:00:00+07:00")
    assert "2027 là giả định" in done.stderr


def test_clock_worked_and_its_faults(environ: dict[str, str]) -> None:
    done = feedback(environ, "clock", "worked", "2026-03-02T08:00+07:00", "2026-03-02T14:30+07:00")
    assert (done.returncode, done.stdout.strip()) == (0, str(int(5.5 * 3600)))
    for words in (
        ("worked", "2026-03-02T09:00", "2026-03-02T08:00"),
        ("due", "2026-03-02T09:00", "0wh"),
        ("due", "gestern", "4wh"),
    ):
        refused = feedback(environ, "clock", *words)
        assert refused.returncode == 1
        assert len(refused.stderr.strip().splitlines()) == 1
        assert refused.stdout == ""


def test_clock_scan_says_what_it_did(app: App, settings: Settings, environ: dict[str, str]) -> None:
    code = routed(app, settings)
    with psycopg.connect(settings.database_owner_url) as connection:
        connection.execute("UPDATE ticket SET next_step_at = now() - interval '1 minute'")
    done = feedback(environ, "clock", "scan", "--once")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 tickets looked at, 0 steps recorded, 0 reminders written, 0 tickets put off\n"
    with psycopg.connect(settings.database_owner_url) as connection:
        connection.execute("UPDATE ticket SET rule_version = 'no such', next_step_at = now()")
    done = feedback(environ, "clock", "scan", "--once")
    assert done.returncode == 1
    assert "1 tickets put off" in done.stdout
    assert code in done.stderr


def test_all_faults_of_the_settings_at_once(environ: dict[str, str]) -> None:
    done = feedback(
        {**environ, "DATABASE_URL": "mysql://x", "FEEDBACK_PUBLIC_PORT": "many"}, "status", "--json"
    )
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "FEEDBACK_PUBLIC_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_audit_verify_names_the_broken_row(
    app: App, settings: Settings, environ: dict[str, str], database_urls: DatabaseUrls
) -> None:
    routed(app, settings)
    good = feedback(environ, "audit", "verify")
    assert (good.returncode, "holds: 2 rows" in good.stdout) == (0, True)
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_guard")
        connection.execute("UPDATE audit_event SET reason = 'x' WHERE seq = 2")
    bad = feedback(environ, "audit", "verify")
    assert bad.returncode == 1
    assert "chain ticket:1, number 2" in bad.stdout


def test_doctor_finds_what_is_wrong(environ: dict[str, str], tmp_path: Path) -> None:
    done = feedback({**environ, "FEEDBACK_MODELS_DIR": str(tmp_path)}, "doctor")
    assert done.returncode == 1
    assert "FAULT  models" in done.stdout
    assert "ok     database" in done.stdout
    assert "ok     audit rows: append-only" in done.stdout


def test_doctor_without_redis_warns(environ: dict[str, str]) -> None:
    done = feedback(
        {**environ, "REDIS_URL": "redis://127.0.0.1:1/0", "FEEDBACK_MODELS_DIR": str(ROOT / "models")},
        "doctor",
    )
    assert done.returncode == 0, done.stdout
    assert "WARN   redis" in done.stdout


def test_quarantine_lists_without_content(app: App, environ: dict[str, str]) -> None:
    from channels.message import RawDelivery
    from feedback.clock import utc_now
    from feedback.services import intake

    intake.receive(app, RawDelivery("web", "portal", b"secret words", {}, utc_now()))
    done = feedback(environ, "quarantine", "list")
    assert done.returncode == 0
    assert "1 in quarantine" in done.stdout
    assert "secret" not in done.stdout
    again = feedback(environ, "quarantine", "replay", "1")
    assert again.returncode == 1


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys, feedback.cli;"
        "heavy = {'sqlalchemy','flask','sklearn','underthesea','numpy','alembic','rq'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_an_upgrade_that_cannot_be_done_says_so_in_one_line(environ: dict[str, str]) -> None:
    nowhere = environ["DATABASE_OWNER_URL"].replace("/test_", "/missing_")
    done = feedback({**environ, "DATABASE_OWNER_URL": nowhere}, "db", "upgrade")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "does not exist" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_doctor_warns_of_demo_accounts(environ: dict[str, str]) -> None:
    assert feedback(environ, "accounts", "demo").returncode == 0
    done = feedback({**environ, "FEEDBACK_MODELS_DIR": str(ROOT / "models")}, "doctor")
    assert "WARN   accounts" in done.stdout
