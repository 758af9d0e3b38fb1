"""What a citizen sees while the clock stands still, how the answer reaches us, and what an extension looks like."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from feedback.domain.permissions import Role
from feedback.services import extending, pausing
from feedback.services.app import App
from tests.feedback.matters import read, reading, ticket
from tests.feedback.people import LAN, THANH_LIET, THU, staff
from tests.feedback.watch import hired
from tests.feedback.web.public.pages import act, code_of

QUESTION = "Anh/chị cho biết số nhà gần nhất?"


@pytest.fixture
def code(client: FlaskClient, service: App) -> str:
    found = code_of(client)
    read(service, reading())
    return found


def pause(service: App, code: str, reason: str, note: str) -> None:
    pausing.pause(service, LAN, code, ticket(service, code).version, reason, note)


def test_a_citizen_is_asked_answers_on_the_page_and_the_clock_goes_on(
    client: FlaskClient, service: App, code: str
) -> None:
    pause(service, code, "waiting_citizen", QUESTION)
    page = client.get("/ho-so").text
    assert "Tạm dừng, chờ thông tin của anh/chị" in page
    assert page.count(QUESTION) == 1
    assert "Gửi câu trả lời" in page
    assert act(client, "/ho-so/bo-sung", text="Số 15 ngõ 12.").status_code == 303
    assert ticket(service, code).paused_until is None
    after = client.get("/ho-so").text
    assert "Tạm dừng" not in after
    assert QUESTION in after
    assert "Số 15 ngõ 12." in after


def test_an_empty_answer_is_refused_beside_its_box(client: FlaskClient, service: App, code: str) -> None:
    pause(service, code, "waiting_citizen", QUESTION)
    response = act(client, "/ho-so/bo-sung", text="  ")
    assert response.status_code == 422
    assert 'id="add-fault"' in response.text
    assert ticket(service, code).paused_until is not None


def test_waiting_for_others_asks_nothing_of_the_citizen(client: FlaskClient, service: App, code: str) -> None:
    pause(service, code, "waiting_agency", "Công ty Thoát nước")
    page = client.get("/ho-so").text
    assert "Chúng tôi đang chờ ý kiến của cơ quan khác." in page
    assert "Gửi câu trả lời" not in page
    assert "Lan" not in page


def test_after_an_extension_the_page_says_why_and_until_when(
    client: FlaskClient, service: App, code: str
) -> None:
    lan, lead = hired(service, LAN), hired(service, staff("Tuyết", Role.WARD_LEAD, ward=THANH_LIET))
    note = "Chờ tổ trưởng xác nhận."
    extending.ask(service, lan, code, ticket(service, code).version, "several_agencies", "3wd", note)
    assert "gia hạn" not in client.get("/ho-so").text
    extending.decide(service, lead, code, ticket(service, code).version, approve=True)
    page = client.get("/ho-so").text
    assert "Hạn đã được gia hạn. Lý do: Cần phối hợp nhiều cơ quan." in page
    assert note not in page


def test_a_restricted_matter_shows_no_standstill(client: FlaskClient, service: App, code: str) -> None:
    found = code_of(client, text="Cán bộ nhận tiền")
    read(service, reading(kind="denunciation"))
    version = ticket(service, found).version
    pausing.pause(service, THU, found, version, "waiting_agency", "Thanh tra")
    page = client.get("/ho-so").text
    assert "tạm dừng" not in page.lower()
    assert "Thanh tra" not in page
