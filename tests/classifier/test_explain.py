"""Explanations: what words added, and how it is told."""

from __future__ import annotations

import json
import unicodedata
from functools import cache

import numpy as np
import pytest

from classifier.__main__ import main
from classifier.explain import shares, told
from classifier.explain.account import Account, account
from classifier.pipeline import Classifier
from classifier.prediction import Query

MANHOLE = "Nắp cống trước cổng trường tiểu học Nghĩa Đô vỡ từ tối qua, có cháu học sinh vừa ngã xuống"


@cache
def classifier() -> Classifier:
    return Classifier.load()


def explained(text: str, subject: str | None = None) -> Account:
    return account(classifier(), Query(text, subject))


def test_words_add_up_to_the_score() -> None:
    query = Query("Nắp cống vỡ, cháu bé vừa ngã xuống hố", "Nguy hiểm quá")
    reading, made = classifier().reading(query), classifier().artefact
    words = shares.words(query, reading.ward, made)
    column = made.heads["field"].column("drainage")
    whole = float(made.added(reading.scored, column).sum())
    assert sum(float(each.added[column]) for each in words) == pytest.approx(whole, rel=0.02)
    # With the units' own bias the features give the score itself.
    units = made.unit_bias * (reading.scored.units > 0)
    bias = float(units @ made.unit_weights[:, column])
    assert whole + bias == pytest.approx(float(reading.scores[column]), abs=1e-3)


def test_each_decision_has_words_for_it_and_runners_up() -> None:
    found = explained(MANHOLE)
    field, kind, urgent = found.decisions
    assert (field.id, kind.id, urgent.id) == ("drainage", "report", "urgent")
    assert "nắp cống" in field.words_for[0].text.lower()
    assert len(field.runners_up) == len(kind.runners_up) == 2
    assert field.score > field.runners_up[0].score
    assert any("học" in each.text for each in field.words_against)
    assert any("ngã" in each.text for each in urgent.words_for)


def test_names_of_places_speak_for_nothing() -> None:
    found = explained("Mất nước ba ngày ở phường Cống Vị")
    said = [
        each.text for decision in found.decisions for each in (*decision.words_for, *decision.words_against)
    ]
    assert said
    assert not any("Cống" in text or "Vị" in text for text in said)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spans_are_of_the_original(form: str) -> None:
    text = unicodedata.normalize(form, f"<p>{MANHOLE}</p> 🔥🔥")
    subject = unicodedata.normalize(form, "V/v nắp cống hỏng")
    found = explained(text, subject)
    for decision in found.decisions:
        for each in (*decision.words_for, *decision.words_against):
            source = subject if each.in_subject else text
            assert source[each.start : each.end] == each.text


def test_a_calm_message_has_its_words_for_being_calm() -> None:
    urgent = explained("Cháu xin hỏi thủ tục đổi thẻ căn cước cần giấy tờ gì ạ").decisions[2]
    assert urgent.id == "calm"
    assert urgent.score > 0.5
    assert urgent.words_for


def test_it_is_told_in_vietnamese() -> None:
    lines = "\n".join(told.lines(explained(MANHOLE)))
    for part in (
        "Đơn vị: Phường Nghĩa Đô",
        "Lĩnh vực: thoát nước",
        "ủng hộ: “nắp cống”",
        "Mức khẩn: khẩn",
    ):
        assert part in lines


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Tôi tố cáo ông Q. nhận tiền của dân, có ghi âm", "Có dấu hiệu tố cáo"),
        ("abc xyz", "Cần người xem"),
        ("The street light on our road has been broken for two weeks", "Ngôn ngữ: tiếng Anh"),
        ("Mất điện ở quận Cầu Giấy", "cần hỏi lại người gửi"),
        ("Mất nước ở Văn Giang, Hưng Yên", "ngoài Hà Nội"),
    ],
)
def test_what_stands_in_the_way_is_told(text: str, part: str) -> None:
    assert part in "\n".join(told.lines(explained(text)))


@pytest.mark.parametrize(
    "text", ["", " ", "🔥", "\x00", "\ud800", "路灯坏了", "x" * 50_000, "cống. " * 9_000]
)
def test_odd_texts(text: str) -> None:
    assert told.lines(explained(text))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", MANHOLE, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["decisions"][0]["id"] == row["field"]["id"] == "drainage"
    assert main(["explain", MANHOLE, "--subject", "Khẩn"]) == 0
    assert "Lĩnh vực: thoát nước" in capsys.readouterr().out


def test_the_command_without_an_artefact(capsys: pytest.CaptureFixture[str], tmp_path: object) -> None:
    assert main(["explain", "x", "--models", str(tmp_path)]) == 2
    assert "CURRENT" in capsys.readouterr().err


def test_parts_of_a_score_are_finite() -> None:
    words = shares.words(Query("ổ gà"), classifier().reading(Query("ổ gà")).ward, classifier().artefact)
    assert all(np.isfinite(each.added).all() for each in words)
