"""Cutting a text at the edges of its evidence loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedback.web.desk.highlight import Segment, Span, segments, spans_of

spans = st.lists(st.builds(Span, st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(["a", "b", "c"])))


@given(st.text(max_size=50), spans)
def test_the_pieces_are_the_text_again(text: str, marked: list[Span]) -> None:
    assert "".join(piece.text for piece in segments(text, marked)) == text


@given(st.text(min_size=1, max_size=50), spans)
def test_a_letter_carries_exactly_the_reasons_that_cover_it(text: str, marked: list[Span]) -> None:
    position = 0
    for piece in segments(text, marked):
        for _ in piece.text:
            expected = {span.why for span in marked if span.start <= position < span.end}
            assert set(piece.whys) == expected
            position += 1


def test_offsets_count_code_points_not_bytes() -> None:
    assert segments("🚧 ngõ 5", [Span(2, 5, "ngõ")]) == [
        Segment("🚧 "),
        Segment("ngõ", ("ngõ",)),
        Segment(" 5"),
    ]


def test_evidence_of_a_later_message_is_shown_in_that_message() -> None:
    result = {
        "parts": [{"message": 7, "start": 0}, {"message": 9, "start": 12}],
        "evidence": [
            {"start": 13, "end": 15, "text": "xx", "why": "second"},
            {"start": 0, "end": 3, "text": "xxx", "why": "subject", "in": "subject"},
            {"start": 40, "end": 44, "text": "xxxx", "why": "address field"},
        ],
    }
    assert spans_of(result, 9, 5) == [Span(1, 3, "second")]
    assert spans_of(result, 7, 10) == [Span(0, 3, "subject", in_subject=True)]
    assert spans_of({}, 7, 10) == []
