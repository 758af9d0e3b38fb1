"""Following: proof first, then the conversation, rating, reopening, adding; restricted matters stay neutral."""

from __future__ import annotations

import io
import random
import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain import contacts, reasons
from feedback.domain.codes import new_code
from feedback.domain.errors import NotFound
from feedback.services import answer, citizen, ending
from feedback.services.app import App
from feedback.web.public import passes
from tests.feedback.matters import read, reading
from tests.feedback.people import DUNG, LAN, THU
from tests.feedback.web.public.conftest import ZALO, Rows
from tests.feedback.web.public.pages import PHONE, act, code_of, fault, hidden, look_up
from tests.feedback.web.public.test_portal import PNG

ANSWER = "Tổ môi trường đã dọn xong sáng nay."


@pytest.fixture
def code(client: FlaskClient) -> str:
    return code_of(client)


def version(rows: Rows) -> int:
    found = rows.one("SELECT version FROM ticket")
    assert isinstance(found, int)
    return found


@pytest.fixture
def answered(service: App, code: str, rows: Rows) -> str:
    read(service, reading())
    answer.submit(service, LAN, code, version(rows), ANSWER)
    return code


def test_code_and_phone_in_any_writing_open_the_ticket(surface: Flask, code: str) -> None:
    for typed_code, contact in ((code, PHONE), (code.lower().replace("-", " "), "+84 900.000.012")):
        stranger = surface.test_client()
        response = look_up(stranger, typed_code, contact)
        assert (response.status_code, response.location) == (303, "/ho-so")
        assert code in stranger.get("/ho-so").text


def test_whoever_sent_it_need_not_prove_it_again(client: FlaskClient, code: str) -> None:
    assert code in client.get("/ho-so").text


@pytest.mark.parametrize("contact", ["0900000013", "nobody@example.test", "0", "%", "x" * 300])
def test_a_wrong_contact_and_a_wrong_code_get_the_same_answer(
    surface: Flask, code: str, contact: str
) -> None:
    unknown = "HN-26-AAAA-AC"
    pages = []
    for guess in (code, unknown):
        response = look_up(surface.test_client(), guess, contact)
        assert response.status_code == 404
        pages.append(re.sub(r'value="[^"]*"|<code>\w+</code>', "", response.text))
    assert pages[0] == pages[1]


def test_a_code_that_does_not_exist_takes_the_same_comparisons(
    service: App, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def counting(stored: str | None, typed: str) -> bool:
        compared.append(typed)
        return contacts.matches(stored, typed)

    monkeypatch.setattr(citizen, "contacts", SimpleNamespace(matches=counting))
    for guess in (code, "HN-26-AAAA-AC"):
        with pytest.raises(NotFound):
            citizen.prove(service, guess, guess)
    assert compared.count(code) == compared.count("HN-26-AAAA-AC") == 3


@pytest.mark.parametrize(("typed", "field"), [(("", PHONE), "code"), (("HN-26-AAAA-AC", ""), "contact")])
def test_an_empty_field_is_named(client: FlaskClient, typed: tuple[str, str], field: str) -> None:
    response = look_up(client, *typed)
    assert response.status_code == 422
    assert fault(response.text, field)


@pytest.mark.parametrize("slip", ["HN-26-AAAA-AD", "không phải mã", "HN-26-AAAA"])
def test_a_slip_in_the_code_is_told_apart_from_a_wrong_contact(client: FlaskClient, slip: str) -> None:
    response = look_up(client, slip, PHONE)
    assert response.status_code == 422
    assert "viết chưa đúng" in (fault(response.text, "code") or "")


def test_guessing_at_a_code_ends_after_a_few_tries_also_for_the_right_contact(
    surface: Flask, code: str
) -> None:
    def closed_after_guesses(start: int) -> bool:
        for number in range(start, start + 6):
            look_up(surface.test_client(), code, f"09000001{number:02d}")
        return look_up(surface.test_client(), code).status_code == 429

    # A minute may turn over in between: then the second round lies within one.
    assert closed_after_guesses(0) or closed_after_guesses(6)


def test_guessing_at_many_codes_ends_too(client: FlaskClient) -> None:
    statuses = [look_up(client, new_code(2026, random.Random(n)), PHONE).status_code for n in range(32)]
    assert statuses[0] == 404
    assert 429 in statuses


def test_successful_proofs_are_not_counted(surface: Flask, code: str) -> None:
    assert {look_up(surface.test_client(), code).status_code for _ in range(20)} == {303}


def test_a_pass_ends_after_half_an_hour(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "time", lambda: 4_000_000_000.0)
    assert client.get("/ho-so").location == "/tra-cuu"
    assert client.get("/da-gui").location == "/"


def test_leaving_ends_the_pass(client: FlaskClient, code: str) -> None:
    client.post("/ho-so/thoat")
    assert client.get("/ho-so").location == "/tra-cuu"
    assert client.get("/da-gui").location == "/"


def test_words_typed_after_the_pass_ran_out_are_given_back(client: FlaskClient, code: str) -> None:
    fields = hidden(client, "/ho-so")
    client.post("/ho-so/thoat")
    response = client.post("/ho-so/bo-sung", data={**fields, "text": "Câu này phải còn"})
    assert response.status_code == 403
    assert "Câu này phải còn" in response.text


def test_a_form_of_another_ticket_changes_nothing(client: FlaskClient, code: str, rows: Rows) -> None:
    fields = hidden(client, "/ho-so")
    other = code_of(client, text="Việc khác")
    assert other != code
    assert client.post("/ho-so/bo-sung", data={**fields, "text": "cho việc đầu"}).status_code == 403
    assert rows.one("SELECT count(*) FROM message") == 2


def test_the_page_shows_ward_deadline_and_answer_but_never_the_officer(
    client: FlaskClient, service: App, code: str, rows: Rows
) -> None:
    read(service, reading())
    page = client.get("/ho-so").text
    assert "Thanh Liệt" in page
    assert re.search(r"Hạn trả lời</dt><dd>\d\d:\d\d \d\d/\d\d/\d{4}", page)
    answer.submit(service, LAN, code, version(rows), ANSWER)
    page = client.get("/ho-so").text
    assert ANSWER in page
    assert LAN.name not in page
    assert "Hạn trả lời</dt>" not in page


def test_rating_counts_once_and_can_be_corrected(client: FlaskClient, answered: str, rows: Rows) -> None:
    assert act(client, "/ho-so/danh-gia", stars="2").status_code == 303
    assert act(client, "/ho-so/danh-gia", stars="5").status_code == 303
    assert rows.one("SELECT rating FROM ticket") == 5
    assert rows.one("SELECT count(*) FROM audit_event WHERE action = 'rated'") == 2
    assert 'value="5" checked' in client.get("/ho-so").text


@pytest.mark.parametrize("stars", ["", "0", "6", "năm", "-1", "²"])
def test_a_rating_that_is_none_is_said(client: FlaskClient, answered: str, rows: Rows, stars: str) -> None:
    response = act(client, "/ho-so/danh-gia", stars=stars)
    assert response.status_code == 422
    assert "Hãy chọn từ 1 đến 5 sao" in response.text
    assert rows.one("SELECT rating FROM ticket") is None


def test_before_the_answer_there_is_nothing_to_rate_or_reopen(client: FlaskClient, code: str) -> None:
    assert "stars" not in client.get("/ho-so").text
    assert act(client, "/ho-so/danh-gia", stars="5").status_code == 409
    assert act(client, "/ho-so/mo-lai", text="Sao chưa xong").status_code == 409


def test_reopening_brings_it_back_with_the_words(client: FlaskClient, answered: str, rows: Rows) -> None:
    assert act(client, "/ho-so/mo-lai", text="Rác lại đầy rồi").status_code == 303
    assert rows.all("SELECT state, reopened FROM ticket") == [("open", 1)]
    page = client.get("/ho-so").text
    assert "Rác lại đầy rồi" in page
    assert "Đã mở lại" in page


@pytest.mark.parametrize(("path", "field"), [("/ho-so/mo-lai", "reopen"), ("/ho-so/bo-sung", "add")])
def test_empty_and_endless_words_are_said(client: FlaskClient, answered: str, path: str, field: str) -> None:
    assert fault(act(client, path, text=" ").text, field)
    response = act(client, path, text="a" * 50_000)
    assert response.status_code == 422
    assert "50.000 ký tự" in (fault(response.text, field) or "")


def test_more_information_joins_the_ticket_once(client: FlaskClient, code: str, rows: Rows) -> None:
    fields = {**hidden(client, "/ho-so"), "text": "Thêm: sát cổng trường"}
    for _ in range(2):
        assert client.post("/ho-so/bo-sung", data=fields).location == "/ho-so"
    act(client, "/ho-so/bo-sung", text="Ảnh đây", files=(io.BytesIO(PNG), "anh.png"))
    assert rows.one("SELECT count(*) FROM ticket") == 1
    assert rows.one("SELECT count(*) FROM message") == 3
    assert rows.all("SELECT outcome, deliveries FROM raw_event ORDER BY id") == [
        ("ticket", 1), ("joined", 2), ("joined", 1)
    ]  # fmt: skip
    assert "Kèm 1 tệp" in client.get("/ho-so").text


def test_a_ticket_from_zalo_takes_more_information_from_the_portal(
    client: FlaskClient, surface: Flask, rows: Rows
) -> None:
    call = ZALO.text("u1", "Cây đổ")
    surface.test_client().post("/hooks/zalo", data=call.body, headers=call.headers)
    rows.all("UPDATE contact SET phone = '0900000012' RETURNING id")
    code = str(rows.one("SELECT code FROM ticket"))
    assert look_up(client, code).status_code == 303
    assert act(client, "/ho-so/bo-sung", text="Đã đè lên ô tô").status_code == 303
    assert rows.one("SELECT count(*) FROM ticket") == 1
    assert rows.one("SELECT count(*) FROM contact") == 1


def test_words_for_a_ticket_closed_meanwhile_become_one_of_their_own(
    client: FlaskClient, service: App, answered: str, rows: Rows
) -> None:
    fields = {**hidden(client, "/ho-so"), "text": "Vẫn còn rác"}
    ending.close(service, LAN, answered, version(rows), reasons.CLOSE[0].id)
    response = client.post("/ho-so/bo-sung", data=fields)
    assert response.location == "/da-gui"
    assert rows.one("SELECT count(*) FROM ticket") == 2


def test_a_stale_token_keeps_the_words(client: FlaskClient, code: str) -> None:
    response = act(client, "/ho-so/bo-sung", text="Câu này phải còn", csrf_token="cũ")
    assert response.status_code == 400
    assert "Câu này phải còn" in response.text


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_a_restricted_ticket_shows_a_neutral_state_only(
    client: FlaskClient, service: App, rows: Rows, kind: str
) -> None:
    code_of(client, text="Tôi tố cáo ông Thử nhận tiền")
    read(service, reading(kind=kind, field="official_conduct"))
    assert rows.one("SELECT restricted FROM ticket") is True
    page = client.get("/ho-so").text
    for word in ("tố cáo", "khiếu nại", "Thanh Liệt", "Hạn trả lời", "Thử nhận tiền", "Đang xử lý"):
        assert word not in page.split("<main")[1], word
    assert act(client, "/ho-so/bo-sung", text="Thêm chứng cứ").status_code == 303
    assert "Thêm chứng cứ" not in client.get("/ho-so").text


def test_answers_to_a_restricted_portal_ticket_still_reach_the_citizen(
    client: FlaskClient, service: App, rows: Rows
) -> None:
    code = code_of(client, text="Tôi khiếu nại quyết định xử phạt")
    read(service, reading(kind="complaint"))
    answer.submit(service, THU, code, version(rows), "Mời anh/chị đến phòng tiếp công dân.")
    assert "phòng tiếp công dân" in client.get("/ho-so").text


def test_an_appeal_says_that_the_centre_looks_at_it(client: FlaskClient, answered: str, rows: Rows) -> None:
    page = client.get("/ho-so").text
    assert "Đề nghị Trung tâm xem xét" in page
    assert "Mở lại hồ sơ" in page
    assert fault(act(client, "/ho-so/de-nghi", text=" ").text, "appeal")
    assert act(client, "/ho-so/de-nghi", text="Câu trả lời không đúng").status_code == 303
    assert rows.all("SELECT state, queue, reopened FROM ticket") == [("review", "dispatcher", 1)]
    page = client.get("/ho-so").text
    assert "Trung tâm đã nhận đề nghị" in page
    assert "Anh/chị đề nghị Trung tâm xem xét" in page
    assert act(client, "/ho-so/de-nghi", text="Lần nữa").status_code == 409


def test_the_letter_of_a_complaint_is_read_after_the_proof_only(
    client: FlaskClient, surface: Flask, service: App, rows: Rows
) -> None:
    code = code_of(client, text="Tôi khiếu nại quyết định xử phạt")
    read(service, reading(kind="complaint"))
    assert "Văn bản gửi anh/chị" not in client.get("/ho-so").text
    assert client.get("/ho-so/van-ban").location == "/ho-so"
    ending.hand_over(service, DUNG, code, version(rows), "Xin mang theo quyết định.")
    assert "Văn bản gửi anh/chị" in client.get("/ho-so").text
    letter = client.get("/ho-so/van-ban").text
    assert "Xin mang theo quyết định." in letter
    assert "Luật Khiếu nại 2011" in letter
    assert code in letter
    assert surface.test_client().get("/ho-so/van-ban").location == "/tra-cuu"


def test_a_denunciation_handed_over_shows_no_letter(client: FlaskClient, service: App, rows: Rows) -> None:
    code = code_of(client, text="Tôi tố cáo ông Thử nhận tiền")
    read(service, reading(kind="denunciation"))
    ending.hand_over(service, THU, code, version(rows), "Đã chuyển.")
    page = client.get("/ho-so").text
    assert "Văn bản gửi anh/chị" not in page
    assert "tố cáo" not in page.split("<main")[1].lower()
    assert client.get("/ho-so/van-ban").location == "/ho-so"


@pytest.mark.parametrize("path", ["/ho-so/danh-gia", "/ho-so/mo-lai", "/ho-so/bo-sung"])
def test_a_page_with_an_error_can_be_reloaded_in_the_other_language(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?lang=en").location == "/ho-so"


def test_no_page_of_a_ticket_has_anything_in_its_address(surface: Flask) -> None:
    rules = [rule.rule for rule in surface.url_map.iter_rules() if rule.endpoint.startswith("follow.")]
    assert len(rules) == 13
    assert not [rule for rule in rules if "<" in rule]
