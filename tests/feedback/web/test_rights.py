"""The privacy officer's screens."""

from __future__ import annotations

import random
import re

import pytest

from feedback.domain import codes
from feedback.domain.permissions import Role
from feedback.domain.retention import Request
from feedback.services import rights
from feedback.store.tables import LegalHold, RightsRequest
from tests.feedback.web.desk_town import TEXT, Town, Visitor

UNKNOWN = codes.new_code(2026, random.Random(7))
GRANT = {"decision": "grant", "sure": "1"}


@pytest.fixture
def hoa(town: Town) -> Visitor:
    """The privacy officer."""
    return town.log_in(town.hire("hoa", Role.PRIVACY_OFFICER))


def ended(town: Town) -> str:
    return town.ticket(state="closed", contact={"address": "+84900000012"})


def asked(town: Town, code: str, kind: Request = Request.DELETE) -> RightsRequest:
    return rights.ask(town.app, code, kind)


def test_the_officer_lands_on_the_requests(town: Town, hoa: Visitor) -> None:
    response = hoa.get("/")
    assert response.status_code == 302
    assert response.location == "/quyen-du-lieu"
    assert "Không có yêu cầu nào đang chờ" in hoa.text("/quyen-du-lieu")


def test_the_administrator_still_lands_on_the_accounts(town: Town) -> None:
    assert town.log_in(town.hire("quan", Role.ADMIN)).get("/").location == "/tai-khoan"


def test_a_request_is_listed_opened_and_carried_out(town: Town, hoa: Visitor) -> None:
    code = ended(town)
    request = asked(town, code)
    assert request.ref in hoa.text("/quyen-du-lieu")
    page = hoa.text(f"/quyen-du-lieu/{request.id}")
    assert "Sẽ bị ảnh hưởng" in page
    assert "Tô Hiệu" not in page, "no message text"
    done = hoa.post(f"/quyen-du-lieu/{request.id}", GRANT, follow_redirects=True)
    assert "Đã giải quyết yêu cầu" in done.get_data(as_text=True)
    assert town.look(code).erased_at is not None
    assert "erased" in town.actions(code)
    again = hoa.post(f"/quyen-du-lieu/{request.id}", GRANT)
    assert again.status_code == 409
    assert "đã được giải quyết" in again.get_data(as_text=True)


def test_a_refusal_without_reason_is_shown_again_with_what_was_typed(town: Town, hoa: Visitor) -> None:
    request = asked(town, ended(town))
    page = hoa.post(f"/quyen-du-lieu/{request.id}", {"decision": "refuse", "reason": "", "note": "Chưa rõ"})
    assert page.status_code == 422
    assert "Chưa rõ" in page.get_data(as_text=True)


def test_whoever_grants_says_that_the_person_was_checked(town: Town, hoa: Visitor) -> None:
    request = asked(town, ended(town))
    page = hoa.post(f"/quyen-du-lieu/{request.id}", {"decision": "grant"})
    assert page.status_code == 422
    assert "Hãy xác nhận" in page.get_data(as_text=True)


def test_a_running_ticket_offers_no_deletion(town: Town, hoa: Visitor) -> None:
    request = asked(town, town.ticket())
    page = hoa.text(f"/quyen-du-lieu/{request.id}")
    assert "Chưa thực hiện được" in page
    assert 'value="grant"' not in page
    assert hoa.post(f"/quyen-du-lieu/{request.id}", GRANT).status_code == 409


def test_a_person_at_the_counter(town: Town, hoa: Visitor) -> None:
    code = ended(town)
    form = {"code": code, "kind": "access"}
    page = hoa.post("/quyen-du-lieu", form, follow_redirects=True).get_data(as_text=True)
    assert "Tại quầy" in page
    number = int(re.findall(r'action="/quyen-du-lieu/(\d+)"', page)[0])
    assert hoa.get(f"/quyen-du-lieu/{number}/du-lieu.json").status_code == 404
    hoa.post(f"/quyen-du-lieu/{number}", GRANT)
    file = hoa.get(f"/quyen-du-lieu/{number}/du-lieu.json")
    assert file.headers["Cache-Control"] == "no-store"
    assert TEXT in file.get_data(as_text=True)
    twice = hoa.post("/quyen-du-lieu", {"code": code, "kind": "correct"})
    assert twice.status_code == 422


@pytest.mark.parametrize("form", [{"code": UNKNOWN, "kind": "delete"}, {"code": "bừa", "kind": "delete"}])
def test_an_unknown_code_and_a_denunciation_are_one_answer(
    town: Town, hoa: Visitor, form: dict[str, str]
) -> None:
    hidden = town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review")
    pages = []
    for typed in (form["code"], hidden):
        response = hoa.post("/quyen-du-lieu", {**form, "code": typed})
        assert response.status_code == 404
        pages.append(response.get_data(as_text=True).replace(typed, "…").replace(hoa.token, "…"))
    assert pages[0] == pages[1]


def test_an_unknown_kind_is_refused(town: Town, hoa: Visitor) -> None:
    assert hoa.post("/quyen-du-lieu", {"code": ended(town), "kind": "forget"}).status_code == 422
    assert hoa.get("/quyen-du-lieu/999").status_code == 404
    assert hoa.post("/quyen-du-lieu/999", GRANT).status_code == 404


def test_a_hold_is_set_and_lifted_on_the_officers_page(town: Town, hoa: Visitor) -> None:
    code = ended(town)
    form = {"code": code, "reason": "court", "authority": "TAND số 1"}
    page = hoa.post("/quyen-du-lieu/giu", form, follow_redirects=True).get_data(as_text=True)
    assert code in page
    with town.app.store.reading() as session:
        number = session.query(LegalHold).one().id
    page = hoa.post(f"/giu/{number}/go", {"reason": "ended"}, follow_redirects=True).get_data(as_text=True)
    assert "Đã gỡ lệnh giữ" in page
    page = hoa.post(f"/giu/{number}/go", {"reason": "ended"}, follow_redirects=True).get_data(as_text=True)
    assert "Lệnh giữ này đã được gỡ" in page
    assert hoa.post("/quyen-du-lieu/giu", {**form, "code": UNKNOWN}).status_code == 404
    assert hoa.post("/quyen-du-lieu/giu", {**form, "authority": ""}).status_code == 422


def test_a_hold_is_shown_to_whoever_reads_the_ticket(town: Town, hoa: Visitor) -> None:
    code = ended(town)
    hoa.post("/quyen-du-lieu/giu", {"code": code, "reason": "court", "authority": "TAND số 1"})
    page = town.log_in(town.hire("diep", Role.DISPATCHER)).text(f"/ho-so/{code}")
    assert "TAND số 1" in page
    assert "Gỡ lệnh giữ" not in page


def test_the_denunciation_officer_holds_on_the_tickets_page(town: Town) -> None:
    code = town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review")
    tam = town.log_in(town.hire("tam", Role.DENUNCIATION_OFFICER))
    assert "Giữ lại hồ sơ này" in tam.text(f"/ho-so/{code}")
    tam.post(f"/ho-so/{code}/giu", {"reason": "investigation", "authority": "CQĐT"})
    assert "CQĐT" in tam.text(f"/ho-so/{code}")
    other = town.log_in(town.hire("binh", Role.DISPATCHER))
    assert other.post(f"/ho-so/{code}/giu", {"reason": "court", "authority": "x"}).status_code == 403


def test_the_register_is_shown_and_exported(town: Town, hoa: Visitor) -> None:
    request = asked(town, ended(town))
    hoa.post(f"/quyen-du-lieu/{request.id}", GRANT)
    page = hoa.text("/so-xoa")
    assert request.ref in page
    assert "Thời hạn lưu" in page
    assert request.ref in hoa.get("/so-xoa/csv").get_data(as_text=True)
    assert hoa.get("/so-xoa?from=2026-13-01&to=x").status_code == 422


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.AUDITOR, Role.ADMIN, Role.WARD_LEAD])
def test_nobody_else_opens_a_request(town: Town, role: Role) -> None:
    request = asked(town, ended(town))
    other = town.log_in(town.hire("ai", role, "00160" if role is Role.WARD_LEAD else None))
    for path in (f"/quyen-du-lieu/{request.id}", f"/quyen-du-lieu/{request.id}/du-lieu.json", "/so-xoa"):
        assert other.get(path).status_code == 403
    assert other.post(f"/quyen-du-lieu/{request.id}", GRANT).status_code == 403


def test_an_erased_ticket_still_opens_and_says_so(town: Town, hoa: Visitor) -> None:
    code = ended(town)
    hoa.post(f"/quyen-du-lieu/{asked(town, code).id}", GRANT)
    page = town.log_in(town.hire("diep", Role.DISPATCHER)).text(f"/ho-so/{code}")
    assert "Đã xóa dữ liệu cá nhân" in page
    assert "Tô Hiệu" not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_request_speaks_both_languages(town: Town, hoa: Visitor, language: str) -> None:
    request = asked(town, ended(town))
    assert f'<html lang="{language}">' in hoa.text(f"/quyen-du-lieu/{request.id}?lang={language}")
