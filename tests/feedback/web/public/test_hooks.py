"""Webhooks through the real surface, PostgreSQL and Valkey."""

from __future__ import annotations

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from feedback import bootstrap
from feedback.settings import Settings
from feedback.web import create_app
from tests.fakes.ihanoi import IHanoiApp
from tests.fakes.server import Call
from tests.feedback.web.public.conftest import ZALO, Rows

IHANOI = IHanoiApp()
DEAD = "127.0.0.1:9"


def push(client: FlaskClient, channel: str, call: Call) -> TestResponse:
    return client.post(f"/hooks/{channel}", data=call.body, headers=call.headers)


def outcome(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json()["outcome"]


def test_a_signed_message_becomes_a_ticket_and_a_repeat_nothing_more(client: FlaskClient, rows: Rows) -> None:
    call = ZALO.text("u1", "Rác ùn ứ đầu ngõ 12 phố Vọng")
    assert outcome(push(client, "zalo", call)) == (200, "ticket")
    assert outcome(push(client, "zalo", call)) == (200, "duplicate")
    assert rows.one("SELECT count(*) FROM ticket") == 1
    assert rows.one("SELECT deliveries FROM raw_event") == 2


def test_the_answer_is_tiny_and_sets_no_cookie(client: FlaskClient) -> None:
    response = push(client, "zalo", ZALO.text("u1", "Đèn đường tắt"))
    assert len(response.data) < 60
    assert "Set-Cookie" not in response.headers


def test_only_headers_that_prove_or_explain_are_kept(client: FlaskClient, rows: Rows) -> None:
    call = ZALO.text("u1", "Nắp cống hỏng")
    call = replace(call, headers={**call.headers, "Cookie": "a=b", "Authorization": "Bearer x"})
    push(client, "zalo", call)
    kept = rows.one("SELECT headers FROM raw_event")
    assert isinstance(kept, dict)
    assert {"content-type", "x-zevent-signature"} <= kept.keys()
    assert not {"cookie", "authorization"} & kept.keys()


def test_two_messages_of_one_user_share_a_ticket(client: FlaskClient, rows: Rows) -> None:
    assert outcome(push(client, "zalo", ZALO.text("u1", "Cây đổ chắn đường")))[1] == "ticket"
    assert outcome(push(client, "zalo", ZALO.image("u1", "https://photo.zdn.vn/1.jpg")))[1] == "joined"
    assert rows.one("SELECT count(*) FROM message") == 2


def test_the_consoles_unsigned_ping_and_get_are_welcome(client: FlaskClient) -> None:
    assert client.get("/hooks/zalo").status_code == 200
    assert client.post("/hooks/zalo", data=b"{}").status_code == 200


def test_an_unknown_event_is_stored_and_ignored(client: FlaskClient, rows: Rows) -> None:
    call = ZALO.webhook(
        {"event_name": "user_sang_a_song", "sender": {"id": "u1"}, "recipient": {"id": ZALO.oa_id}}
    )
    assert outcome(push(client, "zalo", call)) == (200, "ignored")
    assert rows.one("SELECT outcome FROM raw_event") == "ignored"


def test_a_forged_zalo_message_is_kept_aside_and_answered_200(client: FlaskClient, rows: Rows) -> None:
    call = ZALO.text("u1", "giả mạo")
    forged = replace(call, headers={**call.headers, "x-zevent-signature": "mac=" + "0" * 64})
    assert outcome(push(client, "zalo", forged)) == (200, "quarantined")
    assert outcome(push(client, "zalo", forged)) == (200, "duplicate")
    assert rows.one("SELECT count(*) FROM ticket") == 0
    assert outcome(push(client, "zalo", call)) == (200, "ticket"), "a forgery must not block the real one"


def test_a_strict_setting_answers_forgeries_with_401(hook_environ: dict[str, str]) -> None:
    settings = Settings.from_env({**hook_environ, "FEEDBACK_ZALO_UNSIGNED_STATUS": "401"})
    client = create_app(settings, "public").test_client()
    call = replace(ZALO.text("u1", "giả"), headers={})
    assert push(client, "zalo", call).status_code == 401
    assert push(client, "zalo", call).status_code == 401, "a repeat gets the same answer"


def test_signed_but_truncated_json_is_kept_for_people(client: FlaskClient, rows: Rows) -> None:
    whole = ZALO.text("u1", "Mất nước từ sáng")
    stamp = str(int(datetime.now(UTC).timestamp() * 1000))
    cut = whole.body[:-9]
    headers = {**ZALO.sign(cut, stamp), "x-zevent-timestamp": stamp}
    assert outcome(push(client, "zalo", Call(cut, headers))) == (200, "quarantined")
    assert rows.one("SELECT body FROM raw_event") == cut


def test_ihanoi_report_becomes_a_ticket(client: FlaskClient, rows: Rows) -> None:
    call = IHANOI.report("r-1", "Ổ gà trước số 5", phone="0900000012", position=(21.03, 105.85))
    assert outcome(push(client, "ihanoi", call)) == (200, "ticket")
    assert rows.one("SELECT channel FROM ticket") == "ihanoi"


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_ihanoi_without_a_header_of_its_signature_is_401(client: FlaskClient, header: str) -> None:
    call = IHANOI.report("r-1", "Ổ gà")
    headers = {name: value for name, value in call.headers.items() if name != header}
    response = push(client, "ihanoi", Call(call.body, headers))
    assert response.status_code == 401
    assert push(client, "ihanoi", Call(call.body, headers)).status_code == 401


def test_an_old_ihanoi_push_is_401(client: FlaskClient) -> None:
    call = IHANOI.report("r-1", "Ổ gà", at=datetime.now(UTC) - timedelta(minutes=6))
    assert push(client, "ihanoi", call).status_code == 401


def test_signed_but_unreadable_ihanoi_is_422_with_the_reason(client: FlaskClient, rows: Rows) -> None:
    response = push(client, "ihanoi", IHANOI.sign(b'{"type": "feedback.cre', datetime.now(UTC)))
    assert outcome(response) == (422, "quarantined")
    assert "JSON" in response.get_json()["error"]
    assert rows.one("SELECT outcome FROM raw_event") == "quarantined"


def test_ten_megabytes_are_refused_unread_and_counted(client: FlaskClient, rows: Rows) -> None:
    response = client.post("/hooks/zalo", data=b"x" * 10_000_000)
    assert response.status_code == 413
    assert rows.all("SELECT channel, reason, count FROM refusal") == [("zalo", "too_large", 1)]
    assert rows.one("SELECT count(*) FROM raw_event") == 0


class Chunked(io.RawIOBase):
    """A body without a length that counts how much of it was taken."""

    def __init__(self, total: int) -> None:
        self.left, self.taken = total, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        size = min(len(view), self.left)
        view[:size] = b"x" * size
        self.left -= size
        self.taken += size
        return size


def test_a_body_without_a_length_is_bounded_on_the_way(surface: Flask, rows: Rows) -> None:
    body = Chunked(50_000_000)
    environ = create_environ("/hooks/zalo", method="POST")
    environ.pop("CONTENT_LENGTH", None)
    environ |= {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    _, status, _ = run_wsgi_app(surface.wsgi_app, environ)
    assert status.startswith("413")
    assert body.taken < 2_000_000
    assert rows.one("SELECT count FROM refusal") == 1


def test_wrong_method_and_unknown_channel(client: FlaskClient) -> None:
    refused = client.get("/hooks/ihanoi")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "POST"
    assert client.put("/hooks/zalo").status_code == 405
    assert client.post("/hooks/telegraph", data=b"{}").status_code == 404


def test_an_unconfigured_channel_is_404(settings: Settings) -> None:
    client = create_app(settings, "public").test_client()
    assert client.post("/hooks/zalo", data=b"{}").status_code == 404


def test_refusals_are_small_and_for_machines(client: FlaskClient) -> None:
    for response in (
        client.post("/hooks/zalo", data=b"x" * 2_000_000),
        client.get("/hooks/ihanoi"),
        client.post("/hooks/telegraph"),
    ):
        assert response.is_json
        assert len(response.data) < 60


def test_eight_deliveries_of_one_message_at_once_make_one_ticket(surface: Flask, rows: Rows) -> None:
    call = ZALO.text("u1", "Ngập nửa bánh xe")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: outcome(push(surface.test_client(), "zalo", call)), range(8)))
    assert sorted(answers) == [(200, "duplicate")] * 7 + [(200, "ticket")]
    assert rows.all("SELECT count(*) FROM ticket") == [(1,)]


def test_two_first_messages_of_one_user_at_once_are_one_ticket(surface: Flask, rows: Rows) -> None:
    calls = [ZALO.text("u1", "Ngập nửa bánh xe"), ZALO.image("u1", "https://photo.zdn.vn/1.jpg")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda call: outcome(push(surface.test_client(), "zalo", call)), calls))
    assert sorted(answers) == [(200, "joined"), (200, "ticket")]
    assert rows.all("SELECT count(*), count(DISTINCT ticket_id) FROM message") == [(2, 1)]


def test_without_redis_the_hook_answers_quickly(hook_environ: dict[str, str], rows: Rows) -> None:
    settings = Settings.from_env({**hook_environ, "REDIS_URL": f"redis://{DEAD}/0"})
    client = create_app(settings, "public").test_client()
    client.get("/healthz")
    started = time.perf_counter()
    assert outcome(push(client, "zalo", ZALO.text("u1", "Mất điện"))) == (200, "ticket")
    assert time.perf_counter() - started < 2.0
    assert rows.one("SELECT count(*) FROM outbox WHERE task = 'triage'") == 1


def test_without_a_database_the_sender_is_asked_to_repeat(hook_environ: dict[str, str]) -> None:
    settings = Settings.from_env({**hook_environ, "DATABASE_URL": f"postgresql://nobody@{DEAD}/none"})
    client = create_app(settings, "public").test_client()
    response = push(client, "zalo", ZALO.text("u1", "Mất điện"))
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert client.post("/hooks/zalo", data=b"x" * 2_000_000).status_code == 413


def test_an_authentic_message_that_finds_quarantine_full_must_come_again(
    hook_environ: dict[str, str], rows: Rows
) -> None:
    settings = Settings.from_env({**hook_environ, "FEEDBACK_QUARANTINE_PER_MINUTE": "1"})
    client = create_app(settings, "public", bootstrap.build(settings)).test_client()
    assert push(client, "zalo", Call(b'{"forged": 1}', {})).status_code == 200
    assert outcome(push(client, "zalo", Call(b'{"forged": 2}', {}))) == (200, "rejected")
    # Forgeries fill a room of their own: the first unreadable but authentic body is kept all the same.
    unreadable = [IHANOI.sign(json.dumps({"no": "type", "n": n}).encode(), datetime.now(UTC)) for n in (1, 2)]
    assert outcome(push(client, "ihanoi", unreadable[0])) == (422, "quarantined")
    response = push(client, "ihanoi", unreadable[1])
    assert outcome(response) == (503, "rejected")
    assert "Retry-After" in response.headers
    assert rows.one("SELECT sum(count)::int FROM refusal WHERE reason = 'quarantine_full'") == 2
