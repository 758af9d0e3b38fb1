"""What both surfaces share: error pages, headers, health, languages, lightness."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from flask import Flask

from feedback import bootstrap
from feedback.domain.errors import IllegalChange, InvalidInput, NotAllowed, NotFound, StaleVersion
from feedback.domain.permissions import Role
from feedback.settings import Settings
from feedback.store import migrate
from feedback.web import create_app, health
from feedback.web.access import public_route
from tests.feedback.web.desk_town import NGHIA_DO, Town

HEAVY = ("sklearn", "underthesea", "alembic", "numpy", "scipy")


def failing(town: Town, error: Exception) -> Flask:
    def view() -> str:
        raise error

    town.flask_app.testing = False
    town.flask_app.add_url_rule("/loi", "failing", public_route(view))
    return town.flask_app


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (NotAllowed(), 403),
        (StaleVersion(), 409),
        (IllegalChange(), 409),
        (InvalidInput("Hãy chọn trong danh sách.", field="reason"), 422),
        (RuntimeError("secret 0900000012"), 500),
    ],
)
def test_each_refusal_has_its_status_page_and_json(town: Town, error: Exception, status: int) -> None:
    client = failing(town, error).test_client()
    page = client.get("/loi")
    assert page.status_code == status
    assert '<html lang="vi">' in page.get_data(as_text=True)
    assert "0900000012" not in page.get_data(as_text=True)
    told = client.get("/loi", headers={"Accept": "application/json"})
    assert told.status_code == status
    assert told.json is not None
    assert told.json["status"] == status
    assert "0900000012" not in told.json["error"]
    assert ("field" in told.json) == (status == 422)


def test_without_a_database_pages_say_so_and_when_to_come_back(settings: Settings) -> None:
    gone = dataclasses.replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    client = create_app(gone, "desk", bootstrap.build(gone, pool_size=1)).test_client()
    page = client.post("/dang-nhap", json={"email": "ai@example.test", "password": "x"})
    assert page.status_code == 400  # no token: refused before the database is asked
    for path, status in (("/healthz", 200), ("/readyz", 503), ("/metrics", 503)):
        answer = client.get(path)
        assert answer.status_code == status, path
    assert client.get("/metrics").headers["Retry-After"] == "10"


def test_ready_means_database_and_schema_and_redis_only_degrades(settings: Settings, town: Town) -> None:
    ready = town.flask_app.test_client().get("/readyz")
    assert (ready.status_code, ready.json) == (
        200,
        {"status": "ready", "database": "ok", "redis": "ok"},
    )
    deaf = dataclasses.replace(settings, redis_url="redis://127.0.0.1:1")
    degraded = create_app(deaf, "public", town.app).test_client().get("/readyz")
    assert degraded.status_code == 200
    assert degraded.json is not None
    assert degraded.json["status"] == "degraded"


def test_the_schema_asked_for_is_the_newest_migration() -> None:
    assert migrate.head() == health.SCHEMA


def test_metrics_count_requests_and_queues_without_naming_anybody(town: Town) -> None:
    code = town.ticket()
    visitor = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    visitor.get(f"/ho-so/{code}")
    text = town.flask_app.test_client().get("/metrics").get_data(as_text=True)
    assert 'feedback_http_requests_total{method="GET",route="/ho-so/<code>",status="200"} 1.0' in text
    assert 'feedback_tickets_waiting{queue="ward"} 1.0' in text
    assert code not in text
    outside = town.flask_app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "8.8.8.8"})
    assert outside.status_code == 404


def test_log_in_still_works_when_redis_is_away(settings: Settings, town: Town) -> None:
    lan = town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    deaf = dataclasses.replace(settings, redis_url="redis://127.0.0.1:1")
    lonely = Town(town.app, create_app(deaf, "desk", town.app))
    assert lonely.log_in(lan).get("/").status_code == 200


def test_every_answer_carries_the_protecting_headers(town: Town) -> None:
    for path in ("/dang-nhap", "/khong-co", "/static/app.css", "/healthz"):
        headers = town.flask_app.test_client().get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers
        assert headers["X-Request-ID"]


def test_behind_https_cookies_are_secure_and_hsts_is_sent(settings: Settings, town: Town) -> None:
    desk = dataclasses.replace(settings.web.desk, url="https://desk.example.test")
    web = dataclasses.replace(settings.web, desk=desk, trusted_proxies=1)
    client = create_app(dataclasses.replace(settings, web=web), "desk", town.app).test_client()
    page = client.get("/dang-nhap?lang=en", headers={"X-Forwarded-Proto": "https"})
    assert "max-age" in page.headers["Strict-Transport-Security"]
    for cookie in page.headers.getlist("Set-Cookie"):
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_the_language_is_chosen_and_remembered(town: Town) -> None:
    client = town.flask_app.test_client()
    assert "Đăng nhập" in client.get("/dang-nhap").get_data(as_text=True)
    assert "Log in" in client.get("/dang-nhap?lang=en").get_data(as_text=True)
    assert "Log in" in client.get("/dang-nhap").get_data(as_text=True)
    assert "Đăng nhập" in client.get("/dang-nhap?lang=vi").get_data(as_text=True)
    assert '<html lang="vi">' in client.get("/dang-nhap?lang=xx").get_data(as_text=True)


def test_a_form_without_its_token_gets_a_clear_page(town: Town) -> None:
    answer = town.flask_app.test_client().post("/dang-nhap", data={"email": "a@example.test"})
    assert answer.status_code == 400
    assert "Trang đã mở quá lâu" in answer.get_data(as_text=True)


def test_a_form_that_is_too_large_is_refused(town: Town) -> None:
    visitor = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    code = town.ticket()
    visitor.get(f"/ho-so/{code}")
    answer = visitor.post(f"/ho-so/{code}/ghi-chu", {"text": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "Nội dung quá lớn" in answer.get_data(as_text=True)


@pytest.mark.parametrize("modules", ["feedback.web.wsgi", "feedback.web.desk.chrome, feedback.bootstrap"])
def test_importing_the_web_surface_loads_nothing_heavy(modules: str) -> None:
    script = (
        f"import sys, {modules}; feedback.web.desk.chrome.blueprints() if 'chrome' in {modules!r} else None; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
