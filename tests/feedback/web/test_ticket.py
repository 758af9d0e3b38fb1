"""The ticket page and everything that can be done on it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from feedback.domain.permissions import Role
from feedback.services import appeal
from feedback.store.tables import Attachment, AuditEvent, Blob, Message
from feedback.web.desk import words
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, SYSTEM, TEXT, Town, Visitor


@pytest.fixture
def lan(town: Town) -> Visitor:
    """An officer of Nghĩa Đô."""
    return town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))


@pytest.fixture
def hung(town: Town) -> Visitor:
    """Her colleague."""
    return town.log_in(town.hire("hung", Role.WARD_OFFICER, NGHIA_DO))


@pytest.fixture
def dung(town: Town) -> Visitor:
    """A dispatcher."""
    return town.log_in(town.hire("dung", Role.DISPATCHER))


def form_of(visitor: Visitor, code: str) -> dict[str, str]:
    """The hidden fields of the ticket page as it stands now."""
    page = visitor.text(f"/ho-so/{code}")
    names = ("version", "seen_message", "seen_event")
    return {name: re.search(rf'name="{name}" value="(\d+)"', page)[1] for name in names}  # type: ignore[index]


def test_evidence_is_marked_where_it_stands_and_explained(town: Town, lan: Visitor) -> None:
    code = town.ticket(
        "🚧 " + TEXT, evidence=[("phường Nghĩa Đô", "tên phường hiện nay"), ("phố Tô Hiệu", "tuyến phố")]
    )
    page = lan.text(f"/ho-so/{code}")
    assert '<mark title="tên phường hiện nay">phường Nghĩa Đô</mark>' in page
    assert '<mark title="tuyến phố">phố Tô Hiệu</mark>' in page
    assert "<li>tuyến phố</li>" in page


def test_what_a_citizen_writes_is_text_and_nothing_else(town: Town, lan: Visitor) -> None:
    code = town.ticket("<script>alert(1)</script> {{ 7*7 }} <img src=x>")
    page = lan.text(f"/ho-so/{code}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_an_answer_is_queued_timed_and_shown(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    done = lan.post(f"/ho-so/{code}/tra-loi", {**form_of(lan, code), "text": "Đã lắp nắp mới."})
    assert done.status_code == 302
    ticket = town.look(code)
    assert ticket.state == "answered"
    assert ticket.answer_worked_seconds is not None
    assert "answered" in town.actions(code)
    page = lan.text(f"/ho-so/{code}")
    assert "Đã lắp nắp mới." in page
    assert "Đang chờ gửi" in page


def test_an_empty_answer_is_refused_beside_its_field(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    page = lan.post(f"/ho-so/{code}/tra-loi", {**form_of(lan, code), "text": "   "})
    assert page.status_code == 422
    assert "Hãy nhập nội dung trả lời." in page.get_data(as_text=True)
    assert town.look(code).state == "open"


def test_two_officers_at_once_get_409_with_both_texts(town: Town, lan: Visitor, hung: Visitor) -> None:
    code = town.ticket()
    lans, hungs = form_of(lan, code), form_of(hung, code)
    assert lan.post(f"/ho-so/{code}/tra-loi", {**lans, "text": "Lan: đã sửa xong."}).status_code == 302
    late = hung.post(f"/ho-so/{code}/tra-loi", {**hungs, "text": "Hùng: mai sẽ sửa."})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    since = page[page.index('id="since-h"') : page.index('class="ticket-title"')]
    assert "Lan: đã sửa xong." in since
    assert "Hùng: mai sẽ sửa." in since
    assert "Trả lời" in since
    kept = re.search(r'<textarea[^>]*id="answer"[^>]*>([^<]*)<', page)
    assert kept is not None
    assert kept[1] == "Hùng: mai sẽ sửa."
    again = hung.post(f"/ho-so/{code}/tra-loi", {**form_of(hung, code), "text": "Hùng: bổ sung."})
    assert again.status_code == 302


def test_a_transfer_needs_a_reason_and_takes_the_ticket_away(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    refused = lan.post(f"/ho-so/{code}/chuyen", {**form_of(lan, code), "place": f"ward:{HAI_BA_TRUNG}"})
    assert refused.status_code == 422
    done = lan.post(
        f"/ho-so/{code}/chuyen",
        {**form_of(lan, code), "place": f"ward:{HAI_BA_TRUNG}", "reason": "wrong_ward"},
    )
    assert done.location.endswith("/")
    assert town.look(code).ward_code == HAI_BA_TRUNG
    assert lan.get(f"/ho-so/{code}").status_code == 404


@pytest.mark.parametrize(
    ("verb", "form", "state"),
    [
        ("dong", {"reason": "done", "note": "Đã xử lý tại hiện trường."}, "closed"),
        ("tu-choi", {"reason": "out_of_scope", "note": "Xin gửi cơ quan khác."}, "rejected"),
        ("chuyen-tra", {"reason": "wrong_ward"}, "review"),
        ("ghi-chu", {"text": "Đã gọi tổ dân phố."}, "open"),
        ("nhan", {}, "open"),
        ("phan-loai", {"kind": "proposal", "field_id": "roads", "level": "normal"}, "open"),
        (
            "phan-loai",
            {"kind": "proposal", "field_id": "roads", "level": "complex", "reason": "misread"},
            "open",
        ),
        (
            "phan-loai",
            {
                "kind": "denunciation",
                "field_id": "roads",
                "level": "normal",
                "reason": "accuses_violation",
            },
            "review",
        ),
    ],
)
def test_each_move_of_a_ward_does_what_it_says(
    town: Town, lan: Visitor, verb: str, form: dict[str, str], state: str
) -> None:
    code = town.ticket()
    before = town.look(code).version
    assert lan.post(f"/ho-so/{code}/{verb}", {**form_of(lan, code), **form}).status_code == 302
    assert town.look(code).state == state
    assert town.look(code).version == before + 1


def test_what_the_role_cannot_do_is_neither_offered_nor_possible(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    page = lan.text(f"/ho-so/{code}")
    assert "/ban-giao" not in page
    assert "/dieu-phoi" not in page
    form = {**form_of(lan, code), "text": "x", "place": "centre"}
    assert lan.post(f"/ho-so/{code}/ban-giao", form).status_code == 403
    assert lan.post(f"/ho-so/{code}/dieu-phoi", form).status_code == 403
    auditor = town.log_in(town.hire("an", Role.AUDITOR))
    assert auditor.post(f"/ho-so/{code}/tra-loi", form).status_code == 403
    assert town.look(code).state == "open"


def test_the_auditor_reads_without_seeing_who_wrote(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    auditor = town.log_in(town.hire("an", Role.AUDITOR))
    page = auditor.text(f"/ho-so/{code}")
    assert "Bà Thử Nghiệm" not in page
    assert "+84900000012" not in page
    assert "Bà Thử Nghiệm" in lan.text(f"/ho-so/{code}")
    assert town.actions(code)[-2:] == ["ticket_read", "contact_read"]


def test_a_failed_message_can_be_sent_again_or_told_by_telephone(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    message = town.failed_reply(code)
    assert "Gửi lại" in lan.text(f"/ho-so/{code}")
    assert lan.post(f"/ho-so/{code}/gui-lai/{message}", form_of(lan, code)).status_code == 302
    assert not town.look(code).delivery_problem
    called = town.ticket()
    message = town.failed_reply(called, "manual")
    assert lan.post(f"/ho-so/{called}/da-goi/{message}", form_of(lan, called)).status_code == 302
    assert "reply_sent" in town.actions(called)


def test_uploads_are_handed_over_as_downloads_to_those_in_reach(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    with town.app.store.transaction(SYSTEM) as tx:
        blob = Blob(sha256="0" * 64, content_type="image/png", data=b"\x89PNG\r\n\x1a\n", created_at=tx.now)
        message = tx.session.query(Message).filter_by(ticket_id=town.look(code).id).one()
        tx.session.add(blob)
        tx.session.flush()
        upload = Attachment(message_id=message.id, kind="image", name="ảnh <hố ga>.png", blob_id=blob.id)
        link = Attachment(message_id=message.id, kind="image", url="https://photo.example.test/1.jpg")
        tx.session.add_all([upload, link])
        tx.commit()
    page = lan.text(f"/ho-so/{code}")
    assert 'href="https://photo.example.test/1.jpg" rel="noreferrer noopener nofollow"' in page
    got = lan.get(f"/tep/{upload.id}")
    assert got.data.startswith(b"\x89PNG")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    stranger = town.log_in(town.hire("mai", Role.WARD_OFFICER, HAI_BA_TRUNG))
    assert stranger.get(f"/tep/{upload.id}").status_code == 404
    assert lan.get(f"/tep/{link.id}").status_code == 404


def test_a_form_without_its_version_changes_nothing(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    lan.text(f"/ho-so/{code}")
    for version in ("", "x", "9" * 30, "-1", "²"):
        page = lan.post(f"/ho-so/{code}/tra-loi", {"version": version, "text": "Xong."})
        assert page.status_code == 422, version
    assert town.look(code).state == "open"


def test_deadlines_are_explained(town: Town, lan: Visitor) -> None:
    page = lan.text(f"/ho-so/{town.ticket(age=timedelta(days=90))}")
    assert "Hạn trả lời" in page
    assert "ngày làm việc" in page
    assert "Quá hạn" in page
    assert "giả định" in page


def test_the_review_queue_decides_one_ticket_after_the_other(town: Town, dung: Visitor) -> None:
    waiting = {"state": "review", "queue": "dispatcher", "ward_code": None, "accepted_at": None}
    first = town.ticket(**waiting, review_reasons=["Hai phường có thể đúng"], age=timedelta(days=2))
    second = town.ticket(**waiting)
    page = dung.text("/duyet")
    assert first in page
    assert "Hai phường có thể đúng" in page
    form = {**form_of(dung, first), "kind": "report", "was_kind": "report", "level": "urgent"}
    done = dung.post(f"/duyet/{first}", {**form, "place": f"ward:{NGHIA_DO}", "field_pick": "roads"})
    assert done.status_code == 302
    ticket = town.look(first)
    assert (ticket.state, ticket.ward_code, ticket.field_id, ticket.level) == (
        "open",
        NGHIA_DO,
        "roads",
        "urgent",
    )
    assert second in dung.text("/duyet")
    skipped = town.look(second).id
    assert "Không còn hồ sơ nào chờ duyệt" in dung.text(f"/duyet?skip={skipped}.x.99999999999999999999")


def test_stored_ids_are_shown_in_words(town: Town, dung: Visitor) -> None:
    code = town.ticket(
        state="review", queue="dispatcher", ward_code=None, review_reasons=["low_confidence", "no_ward"]
    )
    for page in (dung.text("/duyet"), dung.text(f"/ho-so/{code}")):
        assert "Phân loại chưa chắc chắn" in page
        assert "Chưa xác định được phường/xã" in page
        assert "low_confidence" not in page
    assert "The reading is not certain" in dung.text(f"/ho-so/{code}?lang=en")


def test_the_trail_names_parts_of_the_service_by_what_they_do(town: Town) -> None:
    event = AuditEvent(actor="delivery", actor_id=None)
    with town.flask_app.test_request_context():
        assert words.actor_title(event) == "Hệ thống gửi trả lời"
        event.actor, event.actor_id = "delivery", 7
        assert words.actor_title(event) == "delivery"


def test_a_denunciation_found_in_review_leaves_the_normal_road(town: Town, dung: Visitor) -> None:
    code = town.ticket(state="review", queue="dispatcher", ward_code=None)
    form = {**form_of(dung, code), "kind": "denunciation", "was_kind": "report", "level": "normal"}
    form |= {"place": "centre", "field_id": "land"}
    without = dung.post(f"/duyet/{code}", form)
    assert without.status_code == 422
    assert "Hãy chọn một lý do trong danh sách." in without.get_data(as_text=True)
    done = dung.post(f"/duyet/{code}", {**form, "reason": "accuses_violation", "note": "Nêu tên cán bộ."})
    assert done.status_code == 302
    ticket = town.look(code)
    assert (ticket.queue, ticket.restricted) == ("denunciation", True)
    assert dung.get(f"/ho-so/{code}").status_code == 404


def test_an_answer_that_is_told_by_telephone_says_so_beforehand(town: Town, lan: Visitor) -> None:
    page = lan.text(f"/ho-so/{town.ticket(channel='hotline')}")
    assert "gọi điện cho người dân" in page
    assert "Gửi trả lời" not in page
    assert "Gửi qua Cổng thông tin" in lan.text(f"/ho-so/{town.ticket(channel='web')}")


def test_a_complaint_offers_no_ward_to_send_it_to(town: Town, dung: Visitor) -> None:
    code = town.ticket(state="review", queue="reception", kind="complaint", restricted=True, ward_code=None)
    card = dung.text("/duyet")
    assert "không chuyển về phường, xã" in card
    assert not re.search(r'name="place"[^>]*checked', card)
    page = dung.text(f"/ho-so/{code}")
    assert f"/ho-so/{code}/dieu-phoi" not in page
    assert f"/ho-so/{code}/phan-loai" in page


def test_a_complaint_is_never_routed_to_a_ward(town: Town, dung: Visitor) -> None:
    code = town.ticket(state="review", queue="reception", kind="complaint", restricted=True, ward_code=None)
    form = {**form_of(dung, code), "kind": "complaint", "was_kind": "complaint", "level": "normal"}
    page = dung.post(f"/duyet/{code}", {**form, "place": f"ward:{NGHIA_DO}", "field_id": "land"})
    assert page.status_code == 422
    assert town.look(code).queue == "reception"
    done = dung.post(
        f"/ho-so/{code}/ban-giao", {**form_of(dung, code), "text": "Xin nộp đơn tại Ban Tiếp công dân."}
    )
    assert done.status_code == 302
    assert town.look(code).state == "handed_over"


def test_the_terms_of_the_law_are_shown_as_information_for_complaints_only(town: Town, dung: Visitor) -> None:
    complaint = town.ticket(kind="complaint", queue="reception", restricted=True, ward_code=None)
    page = dung.get(f"/ho-so/{complaint}").get_data(as_text=True)
    assert "Giải quyết khiếu nại lần đầu" in page
    assert "Luật Khiếu nại 2011" in page
    assert "Luật Khiếu nại" not in dung.get(f"/ho-so/{town.ticket()}").get_data(as_text=True)


def test_the_letter_of_a_complaint_is_looked_at_before_it_is_sent(town: Town, dung: Visitor) -> None:
    code = town.ticket(state="review", queue="reception", kind="complaint", restricted=True, ward_code=None)
    preview = dung.post(
        f"/ho-so/{code}/van-ban", {**form_of(dung, code), "text": "Xin mang theo <b>quyết định</b>."}
    ).get_data(as_text=True)
    assert "Xem trước văn bản gửi người dân" in preview
    assert "&lt;b&gt;quyết định&lt;/b&gt;" in preview
    assert "Thụ lý khiếu nại: 10 ngày" in preview
    assert town.look(code).state == "review"
    assert dung.get(f"/ho-so/{code}/van-ban").status_code == 404
    dung.post(f"/ho-so/{code}/ban-giao", {**form_of(dung, code), "text": "Xin mang theo quyết định."})
    assert town.look(code).state == "handed_over"
    assert "Xin mang theo quyết định." in dung.text(f"/ho-so/{code}/van-ban")
    assert f"/ho-so/{code}/van-ban" in dung.text(f"/ho-so/{code}")


def test_a_ward_sees_what_the_centre_took_over_and_nothing_of_it(town: Town, lan: Visitor) -> None:
    code = town.ticket(state="answered", first_answer_at=None)
    appeal.submit(town.app, code, "Câu trả lời không đúng.")
    page = lan.text("/")
    assert "Trung tâm đang xem xét" in page
    assert code in page
    assert "Câu trả lời không đúng" not in page
    assert lan.get(f"/ho-so/{code}").status_code == 404


def test_terms_are_told_in_the_language_of_the_page(town: Town) -> None:
    code = town.ticket()
    visitor = town.log_in(town.hire("an", Role.WARD_OFFICER, NGHIA_DO))
    assert "5 working days" in visitor.text(f"/ho-so/{code}?lang=en")
    assert "5 ngày làm việc" in visitor.text(f"/ho-so/{code}?lang=vi")
