"""Retention at night, and by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from feedback.clock import HANOI
from feedback.jobs import retention
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.locks import only_one
from tests.feedback.matters import ticket
from tests.feedback.services.keeping import NAME, mentions, old
from tests.feedback.test_cli import feedback
from tests.servers import DatabaseUrls


@pytest.mark.parametrize(
    ("hour", "night"), [(0, False), (1, False), (2, True), (5, True), (6, False), (14, False)]
)
def test_it_is_done_at_night_in_hanoi(hour: int, night: bool) -> None:
    assert retention.is_night(datetime(2026, 11, 22, hour, 30, tzinfo=HANOI)) is night


def test_one_host_at_a_time(app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    code = old(app, settings)
    monkeypatch.setattr(retention, "is_night", lambda _: True)
    with only_one(app.store.engine, "retention"):
        assert retention.nightly(app) == 0
    assert ticket(app, code).erased_at is None
    assert retention.nightly(app) == 1
    assert ticket(app, code).erased_at is not None


def test_by_day_nothing_is_erased(app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    old(app, settings)
    monkeypatch.setattr(retention, "is_night", lambda _: False)
    assert retention.nightly(app) == 0


def test_a_slice_ends_and_the_next_goes_on(app: App, settings: Settings) -> None:
    old(app, settings)
    assert retention.run(app, seconds=0) == 0
    assert retention.run(app) == 1


def test_the_command_rehearses_then_erases(
    app: App, settings: Settings, environ: dict[str, str], database_urls: DatabaseUrls
) -> None:
    old(app, settings)
    rehearsal = feedback(environ, "retention", "run", "--dry-run")
    assert rehearsal.returncode == 0, rehearsal.stderr
    assert any(line.split()[:2] == ["ticket.report", "1"] for line in rehearsal.stdout.splitlines())
    assert mentions(database_urls.superuser, NAME)
    done = feedback(environ, "retention", "run")
    assert done.returncode == 0, done.stderr
    assert "ticket.report: 1 of 1" in done.stderr
    assert mentions(database_urls.superuser, NAME) == []


def test_the_table_of_years_is_printed(environ: dict[str, str]) -> None:
    done = feedback(environ, "retention", "rules")
    assert done.returncode == 0, done.stderr
    assert "ticket.report" in done.stdout
    assert "giả định" in done.stdout
