"""What citizens read."""

from datetime import UTC, datetime

import pytest

from feedback.domain import texts
from feedback.domain.permissions import Action
from feedback.domain.reasons import reason

CODE = "HN-26-4T28-3E"
URL = "https://feedback.example.test/t"
DUE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
REASON = reason(Action.REJECT, "outside_hanoi")


def test_the_deadline_is_told_in_hanoi_time() -> None:
    assert texts.hanoi_time(DUE) == "17:00 thứ Sáu, 27/11/2026"


def test_an_acknowledgement_has_code_deadline_and_address() -> None:
    text = texts.acknowledgement(CODE, DUE, URL)
    assert CODE in text
    assert "17:00 thứ Sáu, 27/11/2026" in text
    assert URL in text
    assert "113" not in text


def test_without_a_deadline_none_is_promised() -> None:
    assert "Hạn trả lời" not in texts.acknowledgement(CODE, None, URL)


def test_an_urgent_one_says_whom_to_call() -> None:
    assert "113, 114 hoặc 115" in texts.acknowledgement(CODE, DUE, URL, urgent=True)


@pytest.mark.parametrize("word", ["tố cáo", "khiếu nại", "phản ánh", "phường", "hạn"])
def test_the_neutral_acknowledgement_gives_nothing_away(word: str) -> None:
    assert word not in texts.neutral_acknowledgement(CODE).lower()


def test_handing_over_a_denunciation_does_not_name_it() -> None:
    assert "tố cáo" not in texts.handing_over(CODE, "").lower()


def test_an_answer_keeps_the_officers_words_apart() -> None:
    text = texts.answer(CODE, " Đã vá ổ gà.\nXin cảm ơn. ", "UBND phường Nghĩa Đô", URL)
    assert "\n\nĐã vá ổ gà.\nXin cảm ơn.\n\n" in text
    assert "UBND phường Nghĩa Đô" in text


def test_a_rejection_says_why() -> None:
    text = texts.rejection(CODE, REASON, "", URL)
    assert REASON.title in text
    assert "\n\n" not in text


@pytest.mark.parametrize(
    "text",
    [
        texts.acknowledgement(CODE, DUE, URL, urgent=True),
        texts.neutral_acknowledgement(CODE),
        texts.rejection(CODE, REASON, "Ghi chú", URL),
        texts.closing(CODE, reason(Action.CLOSE, "done"), "", URL),
        texts.handing_over(CODE, ""),
    ],
)
def test_every_text_is_short_polite_and_names_the_code(text: str) -> None:
    assert len(text) < 1000
    assert CODE in text
    assert text.startswith("Kính chào") or "cảm ơn" in text


def test_who_cannot_look_the_ticket_up_is_told_to_write_again() -> None:
    assert "Theo dõi" not in texts.acknowledgement(CODE, DUE, None)
    again = f"nhắn lại tại đây, kèm mã {CODE}"
    assert again in texts.answer(CODE, "Đã vá ổ gà.", "UBND phường Nghĩa Đô", None)
    assert again in texts.rejection(CODE, REASON, "", None)
    assert again in texts.closing(CODE, REASON, "", None)
