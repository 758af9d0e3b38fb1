"""The packaged model on odd input, and its shape."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.pipeline import MODELS, Classifier
from classifier.prediction import Prediction, Query


@cache
def classifier() -> Classifier:
    return Classifier.load()


def read(text: str, subject: str | None = None) -> Prediction:
    return classifier().predict(Query(text, subject))


@given(st.text(max_size=300), st.none() | st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_gives_a_reading(text: str, subject: str | None) -> None:
    said = read(text, subject)
    for span in said.evidence:
        source = (subject or "") if span.in_subject else text
        assert source[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "🔥" * 50,
        "<b>mất nước</b> &lt;phường&gt;",
        "x" * 50_000,
        "mất điện phường Láng. " * 2300,
    ],
)
def test_odd_texts(text: str) -> None:
    assert read(text).field.id


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("The street light on our road is not working, please help", "en"),
        ("路灯坏了,请修理", "zh"),
        ("가로등이 고장났어요", "ko"),
        ("Фонарь не работает на улице", "other"),
        ("mat nuoc ba ngay nay roi", "vi"),
        ("Đèn đường hỏng", "vi"),
    ],
)
def test_language(text: str, tongue: str) -> None:
    said = read(text)
    assert said.language == tongue
    assert said.needs_review or tongue == "vi"


def test_decomposed_text_reads_the_same() -> None:
    text = "Cống tắc, nước thải trào lên ngõ 20 phố Lò Đúc"
    said = read(unicodedata.normalize("NFD", text))
    assert said.field.id == read(text).field.id == "drainage"


def test_single_and_batch_agree_exactly() -> None:
    queries = [Query("mất nước ba ngày"), Query("", "Sổ đỏ"), Query("cây đổ chắn ngang đường Láng")]
    assert classifier().predict_many(queries) == [classifier().predict(query) for query in queries]
    assert classifier().predict_many([]) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Tôi khiếu nại quyết định xử phạt số 12 của UBND phường, đề nghị xem xét lại và hủy quyết định",
            "complaint",
        ),
        (
            "Tôi tố cáo ông Q., công chức địa chính, nhận hối lộ 20 triệu, tôi có ghi âm làm bằng chứng",
            "denunciation",
        ),
    ],
)
def test_complaint_and_denunciation_always_go_to_a_person(text: str, kind: str) -> None:
    said = read(text)
    assert said.kind.id == kind
    assert said.needs_review


def test_artefacts_are_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) <= 10_000_000


REPORTS = [
    "Dây điện đứt đang vướng ngang đường Láng",
    "Cống tắc, nước thải trào lên ngõ 20 phố Lò Đúc",
    "nắp cống vỡ giữa đường, xe vừa sập hố",
    "đèn đường ngõ 5 tắt cả tuần nay",
    "rác ba ngày chưa ai dọn",
    "cán bộ phường bắt tôi chờ cả buổi rồi quát dân",
]
COURTESIES = [
    "{}, em cảm ơn ạ",
    "{}. Xin trân trọng cảm ơn!",
    "alo ad ơi {}",
    "Kính gửi quý cơ quan, {}. Xin cảm ơn.",
]


@pytest.mark.parametrize("courtesy", COURTESIES)
@pytest.mark.parametrize("text", REPORTS)
def test_courtesy_changes_no_matter(text: str, courtesy: str) -> None:
    plain, polite = read(text), read(courtesy.format(text))
    assert polite.kind.id not in ("thanks", "spam")
    assert (polite.field.id, polite.urgent.value) == (plain.field.id, plain.urgent.value)


@pytest.mark.parametrize(
    "text", ["Cảm ơn anh chị nhiều, đang có cháy to ở nhà bên", "cảm ơn, có người ngã xuống hồ chưa vớt được"]
)
def test_thanks_beside_danger_are_seen_by_a_person(text: str) -> None:
    said = read(text)
    assert said.urgent.value or said.needs_review
    assert said.kind.id != "thanks" or said.needs_review


def test_thanks_for_a_danger_put_right_are_not_urgent() -> None:
    said = read("Xin cảm ơn các chú phường Tây Hồ đã cho thay nắp hố ga hôm qua, nhanh quá ạ")
    assert (said.kind.id, said.urgent.value) == ("thanks", False)


def test_plain_thanks_are_thanks() -> None:
    assert read("Cảm ơn các anh chị, đèn đã sáng rồi ạ").kind.id == "thanks"
