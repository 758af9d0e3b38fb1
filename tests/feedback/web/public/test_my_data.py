"""“My data” on the portal, and a provider that tells of a withdrawal."""

from __future__ import annotations

import json
import random

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain import codes
from feedback.domain.retention import Request
from feedback.services import rights
from feedback.services.app import App
from tests.feedback.web.public.conftest import ZALO, Rows
from tests.feedback.web.public.pages import code_of, hidden, look_up

PAGE = "/ho-so/du-lieu"
USER = "3000000000000000003"

UNKNOWN = codes.new_code(2026, random.Random(7))


def post(client: FlaskClient, what: str) -> TestResponse:
    """What Zalo sends when a person writes, or withdraws consent."""
    if what == "text":
        call = ZALO.text(USER, "Ngõ 12 phố Láng mất nước")
    else:
        ends = {"sender": {"id": USER}, "recipient": {"id": ZALO.oa_id}}
        call = ZALO.webhook({"event_name": "user_withdraw", **ends})
    return client.post("/hooks/zalo", data=call.body, headers=call.headers)


def form(client: FlaskClient, **fields: str) -> dict[str, str]:
    return {**hidden(client, PAGE), **fields}


def test_the_page_needs_the_proof_of_code_and_contact(client: FlaskClient) -> None:
    for response in (client.get(PAGE), client.post(PAGE), client.post(f"{PAGE}/tai-ve")):
        assert response.status_code in (302, 303)
        assert response.location == "/tra-cuu"


def test_everything_is_shown_and_can_be_taken_along(client: FlaskClient, rows: Rows) -> None:
    code = code_of(client, name="Bà Thử Nghiệm")
    page = client.get(PAGE)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Rác ùn ứ đầu ngõ 12 phố Vọng" in page.text
    file = client.post(f"{PAGE}/tai-ve", data=form(client))
    content = json.loads(file.text)
    assert content["matters"][0]["code"] == code
    assert "attachment" in file.headers["Content-Disposition"]
    assert rows.one("SELECT state FROM rights_request WHERE kind = 'access'") == "done"


def test_whoever_knows_only_code_and_number_learns_no_name(client: FlaskClient) -> None:
    code_of(client, name="Bà Thử Nghiệm", email="thu@example.test")
    code_of(client, text="Người khác gửi bằng số này")
    page = client.get(PAGE).text
    assert "Thử Nghiệm" not in page
    assert "thu@example.test" not in page


@pytest.mark.parametrize("kind", ["delete", "withdraw"])
def test_a_request_is_written_down_once(client: FlaskClient, rows: Rows, kind: str) -> None:
    code_of(client)
    answer = client.post(PAGE, data=form(client, kind=kind), follow_redirects=True)
    assert "Đã ghi nhận yêu cầu YC-" in answer.text
    assert rows.one("SELECT kind FROM rights_request") == kind
    again = client.post(PAGE, data=form(client, kind=kind))
    assert again.status_code == 422
    assert "đang chờ" in again.text
    assert rows.one("SELECT count(*) FROM rights_request") == 1


def test_a_correction_is_checked_field_by_field(client: FlaskClient, rows: Rows) -> None:
    code_of(client)
    wrong = client.post(PAGE, data=form(client, kind="correct", phone="mười hai"))
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng" in wrong.text
    assert "mười hai" in wrong.text
    assert client.post(PAGE, data=form(client, kind="correct")).status_code == 422
    assert rows.one("SELECT count(*) FROM rights_request") == 0
    client.post(PAGE, data=form(client, kind="correct", name="Trần Văn Thử"))
    assert rows.one("SELECT new_name FROM rights_request") == "Trần Văn Thử"


@pytest.mark.parametrize("kind", ["", "access", "forget"])
def test_another_kind_is_refused(client: FlaskClient, rows: Rows, kind: str) -> None:
    code_of(client)
    assert client.post(PAGE, data=form(client, kind=kind)).status_code == 422
    assert rows.one("SELECT count(*) FROM rights_request") == 0


def test_the_form_of_another_ticket_or_without_token_does_nothing(client: FlaskClient, rows: Rows) -> None:
    first = code_of(client)
    old = form(client, kind="delete")
    code_of(client, text="Một việc khác hẳn")
    assert old["code"] == first
    assert client.post(PAGE, data=old).location == "/tra-cuu"
    assert client.post(PAGE, data=form(client, kind="delete", csrf_token="x")).status_code == 400
    assert rows.one("SELECT count(*) FROM rights_request") == 0


def test_an_erased_ticket_is_looked_up_in_vain(client: FlaskClient, service: App, rows: Rows) -> None:
    code = code_of(client)
    rows.all("UPDATE outbox SET state = 'done' RETURNING 1")
    rows.all("UPDATE ticket SET state = 'closed' RETURNING 1")
    asked = rights.ask(service, code, Request.DELETE)
    from tests.feedback.people import HOA

    rights.settle(service, HOA, asked.id, rights.Decision(grant=True))
    rows.all("UPDATE outbox SET state = 'done' RETURNING 1")
    rights.finish(service)
    assert client.get(PAGE).location == "/tra-cuu"
    assert look_up(client, code).status_code == 404
    assert look_up(client, UNKNOWN).status_code == 404


def test_a_withdrawal_told_by_zalo_is_carried_out_at_once(
    client: FlaskClient, service: App, rows: Rows
) -> None:
    assert post(client, "text").status_code == 200
    assert rows.one("SELECT count(*) FROM contact WHERE address IS NOT NULL") == 1
    for _ in range(2):
        assert post(client, "withdraw").status_code == 200
    assert rows.all("SELECT kind, way, state FROM rights_request") == [("withdraw", "channel", "done")]
    assert rows.one("SELECT count(*) FROM contact WHERE address IS NOT NULL") == 0
    assert str(rows.one("SELECT conversation FROM ticket")).startswith("withdrawn:")
    assert rows.one("SELECT count(*) FROM raw_event WHERE outcome = 'ticket' AND length(body) > 0") == 0


def test_a_withdrawal_waits_where_something_must_be_kept(
    client: FlaskClient, service: App, rows: Rows
) -> None:
    post(client, "text")
    rows.all(
        "INSERT INTO legal_hold (contact_id, reason, authority, set_by, set_at)"
        " SELECT id, 'court', 'TAND', 'test', now() FROM contact RETURNING 1"
    )
    post(client, "withdraw")
    assert rows.one("SELECT state FROM rights_request") == "asked"
    assert rows.one("SELECT count(*) FROM contact WHERE address IS NOT NULL") == 1


def test_a_withdrawal_of_somebody_unknown_changes_nothing(client: FlaskClient, rows: Rows) -> None:
    assert post(client, "withdraw").status_code == 200
    assert rows.one("SELECT count(*) FROM rights_request") == 0
