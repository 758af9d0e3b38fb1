"""`feedback audit explain` and `recompute` as processes: what they say, and when they fail."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from feedback.clock import in_hanoi, utc_now
from feedback.services import answer
from feedback.services.app import App
from feedback.settings import Settings
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.moving import Town, at
from tests.feedback.people import LAN
from tests.feedback.store.sealed import tamper
from tests.feedback.test_cli import feedback
from tests.servers import DatabaseUrls


@pytest.fixture
def code(app: App, settings: Settings) -> str:
    """Received on a Friday before Tết at 16:30:00.4, answered after it on Monday at 08:30:01.2."""
    town = Town(app, settings, at("2026-02-13T16:30:00.400000"))
    found = town.receive()
    town.read()
    town.to("2026-02-23T08:30:01.200000")
    answer.submit(town.app, LAN, found, town.version(found), "Đã dọn.")
    return found


def test_explain_adds_up_to_the_reported_figure(environ: dict[str, str], code: str) -> None:
    done = feedback(environ, "audit", "explain", code.lower())
    assert done.returncode == 0, done.stderr
    assert "16:30:00–17:00:00  tính" in done.stdout
    assert "Tết Nguyên đán" in done.stdout
    assert "UBND Phường Thanh Liệt giữ 1 giờ 1 giây làm việc." in done.stdout
    assert "Tổng các khoảng được tính: 3601 giây. Số liệu báo cáo: 3601 giây. khớp." in done.stdout
    assert "Quyết định 1207/QĐ-UBND" in done.stdout


def test_explain_as_json_has_every_interval(environ: dict[str, str], code: str) -> None:
    done = feedback(environ, "audit", "explain", code, "--json")
    found = json.loads(done.stdout)
    (first,) = found["rounds"]
    counted = sum(part["seconds"] for part in first["intervals"] if part["how"] == "counted")
    assert counted == first["counted_seconds"] == found["reported_seconds"] == 3601
    assert [part["from"] for part in first["intervals"]][1:] == [part["to"] for part in first["intervals"]][
        :-1
    ]
    assert {deadline["part"]: deadline["due_at"] for deadline in first["deadlines"]} == {
        "receive": "2026-02-23T16:30:00.400000+07:00",
        "answer": "2026-02-27T17:00:00+07:00",
    }
    assert found["disagreements"] == []


def test_explain_says_what_is_not_what_the_trail_says(
    environ: dict[str, str], code: str, database_urls: DatabaseUrls
) -> None:
    tamper(database_urls, "UPDATE ticket SET answer_worked_seconds = 60")
    done = feedback(environ, "audit", "explain", code)
    assert done.returncode == 1
    assert "Số liệu báo cáo: 60 giây. KHÔNG KHỚP." in done.stdout
    assert "answer_worked_seconds đang lưu 60, tính lại 3601" in done.stdout


@pytest.mark.parametrize("typed", ["HN-26-0000-00", "", "'; DROP TABLE ticket", "x" * 500])
def test_explain_of_no_ticket_is_one_line(environ: dict[str, str], typed: str) -> None:
    done = feedback(environ, "audit", "explain", typed)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_explain_tells_nothing_of_a_denunciation(
    app: App, settings: Settings, environ: dict[str, str]
) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    done = feedback(environ, "audit", "explain", code)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Hồ sơ hạn chế" in done.stderr


def test_recompute_of_a_month_that_agrees(environ: dict[str, str], code: str) -> None:
    done = feedback(environ, "audit", "recompute", "--period", "2026-02")
    assert done.returncode == 0, done.stderr
    assert "1 tickets: 1 agree, 0 disagree" in done.stdout
    assert "on time, from events:  1 of 1 judged = 100.0 %" in done.stdout
    assert "on time, from columns: 1 of 1 judged = 100.0 %" in done.stdout
    assert (
        json.loads(feedback(environ, "audit", "recompute", "--period", "2026-03", "--json").stdout)["tickets"]
        == 0
    )
    assert "figures: compared" in feedback(environ, "doctor").stdout


def test_recompute_fails_loudly(environ: dict[str, str], code: str, database_urls: DatabaseUrls) -> None:
    tamper(database_urls, "UPDATE ticket SET answered_on_time = false")
    done = feedback(environ, "audit", "recompute", "--period", "2026-02-13..2026-02-13")
    assert done.returncode == 1
    assert f"DISAGREES {code} answered_on_time: stored False, recomputed True" in done.stdout
    assert "THE TWO SHARES DIFFER" in done.stdout
    found = json.loads(feedback(environ, "audit", "recompute", "--all", "--json").stdout)
    assert (found["holds"], found["disagreeing"]) == (False, 1)
    assert found["from_events"]["on_time"] - found["from_columns"]["on_time"] == 1
    assert "FAULT  figures" in feedback(environ, "doctor").stdout


@pytest.mark.parametrize(
    "period", ["2026-13", "2026", "2026-02-30..2026-03-01", "2026-03-01..2026-02-01", "gần đây"]
)
def test_recompute_of_no_period_is_wrong_usage(environ: dict[str, str], period: str) -> None:
    done = feedback(environ, "audit", "recompute", "--period", period)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_recompute_asks_which_tickets(environ: dict[str, str]) -> None:
    assert feedback(environ, "audit", "recompute").returncode == 2


def test_both_read_real_time_too(app: App, settings: Settings, environ: dict[str, str]) -> None:
    code = routed(app, settings)
    answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    today = in_hanoi(utc_now()).date()
    period = f"{today - timedelta(days=1)}..{today}"
    assert feedback(environ, "audit", "recompute", "--period", period).returncode == 0
    assert feedback(environ, "audit", "explain", code).returncode == 0
