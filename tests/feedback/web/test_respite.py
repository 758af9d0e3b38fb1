"""Pauses and extensions on the ticket page, in the lists, and on the page of those who decide."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from feedback.domain.permissions import Role
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, Town, Visitor
from tests.feedback.web.test_ticket import form_of

QUESTION = "Anh/chị cho biết số nhà gần nhất?"
ASKED = {"reason": "complex_matter", "number": "3", "unit": "wd", "note": "Chờ đo đạc lại."}


@pytest.fixture
def lan(town: Town) -> Visitor:
    """An officer of Nghĩa Đô."""
    return town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))


@pytest.fixture
def hung(town: Town) -> Visitor:
    """Her colleague."""
    return town.log_in(town.hire("hung", Role.WARD_OFFICER, NGHIA_DO))


@pytest.fixture
def tuyet(town: Town) -> Visitor:
    """Who leads them."""
    return town.log_in(town.hire("tuyet", Role.WARD_LEAD, NGHIA_DO))


def pause(visitor: Visitor, code: str, **fields: str) -> int:
    form = {**form_of(visitor, code), "reason": "waiting_citizen", "note": QUESTION, **fields}
    return visitor.post(f"/ho-so/{code}/tam-dung", form).status_code


def ask(visitor: Visitor, code: str, **fields: str) -> int:
    form = {**form_of(visitor, code), **ASKED, **fields}
    return visitor.post(f"/ho-so/{code}/de-nghi-gia-han", form).status_code


def version_of(visitor: Visitor) -> str:
    found = re.search(r'name="version" value="(\d+)"', visitor.text("/gia-han"))
    assert found
    return found[1]


def test_an_officer_pauses_sees_it_everywhere_and_resumes(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    before = town.look(code)
    assert "Tạm dừng thời hạn" in lan.text(f"/ho-so/{code}")
    assert pause(lan, code) == 302
    found = town.look(code)
    assert found.paused_until is not None
    assert found.answer_due_at is not None
    assert before.answer_due_at is not None
    assert found.answer_due_at > before.answer_due_at
    page = lan.text(f"/ho-so/{code}")
    assert "Đang tạm dừng" in page
    assert QUESTION in page
    assert "/tam-dung" not in page
    assert "Tạm dừng đến" in lan.text("/")
    assert lan.post(f"/ho-so/{code}/tiep-tuc", form_of(lan, code)).status_code == 302
    assert town.look(code).paused_until is None
    assert "Tạm dừng đến" not in lan.text("/")
    assert "Cán bộ cho tính tiếp" in lan.text(f"/ho-so/{code}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Hãy chọn một lý do trong danh sách."),
        ({"note": " "}, "Hãy ghi rõ lý do."),
        ({"until": "mai"}, "Ngày viết chưa đúng."),
        ({"until": "2026-02-30"}, "Ngày viết chưa đúng."),
        ({"until": "2020-01-01"}, "Thời gian tạm dừng phải kết thúc sau lúc này."),
        ({"until": "2099-01-01"}, "Vì lý do này chỉ tạm dừng được 5 ngày làm việc"),
    ],
)
def test_a_bad_pause_is_refused_beside_its_form_and_keeps_what_was_typed(
    town: Town, lan: Visitor, fields: dict[str, str], sentence: str
) -> None:
    code = town.ticket()
    form = {**form_of(lan, code), "reason": "waiting_citizen", "note": QUESTION, **fields}
    response = lan.post(f"/ho-so/{code}/tam-dung", form)
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 422
    assert sentence in page
    kept = re.search(r'<textarea[^>]*id="pause-note"[^>]*>([^<]*)<', page)
    assert kept is not None
    assert kept[1].strip() == form["note"].strip()
    assert town.look(code).paused_until is None


def test_two_officers_pausing_at_once_get_409_with_both_texts(
    town: Town, lan: Visitor, hung: Visitor
) -> None:
    code = town.ticket()
    hungs = form_of(hung, code)
    assert pause(lan, code) == 302
    form = {**hungs, "reason": "waiting_agency", "note": "Hùng: Công ty Thoát nước"}
    late = hung.post(f"/ho-so/{code}/tam-dung", form)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    since = page[page.index('id="since-h"') : page.index('class="ticket-title"')]
    assert QUESTION in since
    assert "Hùng: Công ty Thoát nước" in since


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"level": "urgent"}, "1207/QĐ-UBND"), ({"age": timedelta(days=90)}, "Hồ sơ đã quá hạn")],
)
def test_where_nothing_can_be_moved_the_page_says_why(
    town: Town, lan: Visitor, values: dict[str, Any], sentence: str
) -> None:
    code = town.ticket(**values)
    page = lan.text(f"/ho-so/{code}")
    assert sentence in page
    assert "/tam-dung" not in page
    assert "/de-nghi-gia-han" not in page
    assert pause(lan, code) == 409
    assert ask(lan, code) == 409


def test_a_lead_approves_with_one_click_and_the_citizen_is_told(
    town: Town, lan: Visitor, tuyet: Visitor
) -> None:
    code = town.ticket()
    before = town.look(code).answer_due_at
    assert ask(lan, code) == 302
    assert "Chờ duyệt gia hạn" in lan.text("/")
    page = tuyet.text("/gia-han")
    for words in (code, "Chờ đo đạc lại.", "Lan", "3 ngày làm việc", "Vụ việc phức tạp"):
        assert words in page
    done = tuyet.post(f"/gia-han/{code}", {"version": version_of(tuyet), "decision": "approved"})
    assert done.status_code == 302
    after = town.look(code).answer_due_at
    assert before is not None
    assert after is not None
    assert after > before
    assert "Không có đề nghị nào chờ duyệt." in tuyet.text("/gia-han")
    page = lan.text(f"/ho-so/{code}")
    assert "Đã gia hạn lúc" in page
    assert "Chúng tôi cần thêm thời gian để trả lời hồ sơ" in page


def test_a_refusal_needs_its_reason_and_the_asker_reads_it(town: Town, lan: Visitor, tuyet: Visitor) -> None:
    code = town.ticket()
    ask(lan, code)
    empty = tuyet.post(f"/gia-han/{code}", {"version": version_of(tuyet), "decision": "refused"})
    assert empty.status_code == 422
    assert "Hãy ghi rõ vì sao không duyệt." in empty.get_data(as_text=True)
    form = {**form_of(tuyet, code), "decision": "refused", "note": "Làm được trong tuần."}
    assert tuyet.post(f"/ho-so/{code}/duyet-gia-han", form).status_code == 302
    page = lan.text(f"/ho-so/{code}")
    assert "Làm được trong tuần." in page
    assert "Không duyệt gia hạn" in page


def test_whoever_asked_is_offered_no_decision_and_has_none(town: Town, tuyet: Visitor) -> None:
    code = town.ticket()
    assert ask(tuyet, code) == 302
    for page in (tuyet.text("/gia-han"), tuyet.text(f"/ho-so/{code}")):
        assert "cần người khác duyệt" in page
        assert 'value="approved"' not in page
    version = str(town.look(code).version)
    alone = tuyet.post(f"/gia-han/{code}", {"version": version, "decision": "approved"})
    assert alone.status_code == 403
    assert "không tự duyệt" in alone.get_data(as_text=True)
    assert "extension_approved" not in town.actions(code)


def test_a_decision_by_an_old_page_is_refused(town: Town, lan: Visitor, tuyet: Visitor) -> None:
    code = town.ticket()
    ask(lan, code)
    old = version_of(tuyet)
    lan.post(f"/ho-so/{code}/ghi-chu", {**form_of(lan, code), "text": "Thêm ảnh."})
    late = tuyet.post(f"/gia-han/{code}", {"version": old, "decision": "approved", "note": "Được."})
    assert late.status_code == 409
    assert "Được." in late.get_data(as_text=True)


@pytest.mark.parametrize("fields", [{"number": "0"}, {"number": "11"}, {"number": "x"}, {"unit": "tuần"}])
def test_a_bad_request_keeps_what_was_typed(town: Town, lan: Visitor, fields: dict[str, str]) -> None:
    code = town.ticket()
    form = {**form_of(lan, code), **ASKED, **fields}
    response = lan.post(f"/ho-so/{code}/de-nghi-gia-han", form)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "Chờ đo đạc lại." in page
    assert re.search(r'<p class="field-error" role="alert">[^<]+</p>', page)


def test_the_list_ends_at_the_wards_border(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    ask(lan, code)
    neighbour = town.log_in(town.hire("kien", Role.WARD_LEAD, HAI_BA_TRUNG))
    assert code not in neighbour.text("/gia-han")
    answer = neighbour.post(f"/gia-han/{code}", {"version": "2", "decision": "approved"})
    assert answer.status_code == 404


def test_an_officer_has_no_page_of_decisions(town: Town, lan: Visitor) -> None:
    assert lan.get("/gia-han").status_code == 403
    assert 'href="/gia-han"' not in lan.text("/")
