"""The letter tells whoever complained what it is, why not here, where, how, until when, and what comes next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedback.domain import letters, terms_document
from feedback.domain.kinds import Kind
from feedback.domain.letters import Letter, Matter

RECEIVED = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def letter(note: str = "", name: str | None = "Bà Thử Nghiệm") -> Letter:
    terms = terms_document.current().legal_terms(Kind.COMPLAINT)
    return letters.hand_over(Matter("HN-26-7K3F-92", RECEIVED, name), NOW, terms, note)


@pytest.mark.parametrize(
    "words",
    [
        "09:30 ngày 20/11/2026",
        "mã hồ sơ HN-26-7K3F-92",
        "Hà Nội, ngày 23 tháng 11 năm 2026",
        "Luật Khiếu nại 2011",
        "không có thẩm quyền giải quyết khiếu nại",
        "nơi tiếp công dân",
        "ngày, tháng, năm khiếu nại",
        "họ tên, địa chỉ của người khiếu nại",
        "nội dung, lý do khiếu nại và yêu cầu giải quyết",
        "chữ ký hoặc điểm chỉ",
        "90 ngày",
        "Thụ lý khiếu nại: 10 ngày",
        "Giải quyết khiếu nại lần đầu: 30 ngày",
        "thông tin tham khảo",
        "khiếu nại lần hai",
        "khởi kiện vụ án hành chính",
    ],
)
def test_what_the_letter_says(words: str) -> None:
    assert words in letter().as_text()


def test_reminders_to_ourselves_are_not_sent() -> None:
    assert "đối chiếu" not in letter().as_text()


def test_the_officers_note_stands_in_it_and_a_missing_name_leaves_no_gap() -> None:
    assert "Xin mang theo quyết định số 12." in letter("Xin mang theo quyết định số 12. ").as_text()
    assert letter(name=None).to == "Kính gửi: Ông/Bà"


def test_a_title_that_the_writer_gave_is_not_doubled() -> None:
    assert letter().to == "Kính gửi: Bà Thử Nghiệm"
    assert letter(name="Lê Thử").to == "Kính gửi: Ông/Bà Lê Thử"


def test_a_kept_letter_is_the_letter_that_was_sent() -> None:
    assert Letter.from_json(letter("Ghi chú.").as_json()) == letter("Ghi chú.")


@pytest.mark.parametrize("url", ["https://phan-anh.example.test/tra-cuu", None])
def test_the_short_form_fits_a_chat_message_and_says_where_the_whole_is(url: str | None) -> None:
    text = letters.short("HN-26-7K3F-92", url, "Ghi chú.")
    assert len(text) < 1000
    assert "90 ngày" in text
    assert (url or "nhắn lại tại đây") in text
