"""The sentence that says what is the matter."""

from __future__ import annotations

from classifier.gist import SHORT, gist
from classifier.prediction import Evidence

LETTER = (
    "Kính gửi Uỷ ban nhân dân phường,\n\n"
    "Tôi là cư dân sống lâu năm tại khu vực này, xin gửi lời chào trân trọng đến các anh chị.\n"
    "Ba hôm nay rác chất đống trước ngõ 12 mà không ai thu gom. Mong các anh chị quan tâm giúp đỡ.\n\n"
    "Trân trọng cảm ơn."
)


def at(words: str) -> Evidence:
    start = LETTER.index(words)
    return Evidence(start, start + len(words), words, "lý do")


def test_a_letter_is_summed_up_by_its_sentence_with_most_evidence() -> None:
    found = gist(LETTER, [at("rác"), at("thu gom"), at("phường")])
    assert found == "Ba hôm nay rác chất đống trước ngõ 12 mà không ai thu gom."


def test_short_texts_and_texts_without_evidence_have_none() -> None:
    assert gist("Rác nhiều quá", [Evidence(0, 3, "Rác", "lý do")]) is None
    assert len(LETTER) > SHORT
    assert gist(LETTER, []) is None


def test_evidence_of_the_subject_does_not_count() -> None:
    assert gist(LETTER, [Evidence(0, 8, "Kính gửi", "lý do", in_subject=True)]) is None


def test_any_text_is_survived() -> None:
    spans = [Evidence(0, 5, "x", "lý do")]
    for text in ("\n" * 500, "ở" * 50_000, "a.b." * 200, "\u0300" * 400, "🙂 " * 300, "<p>" * 200):
        assert gist(text, spans) is None or text
