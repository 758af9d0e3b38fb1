"""The corpus and what guards it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from classifier import corpus
from classifier.corpus import check, corrupt, near, places
from classifier.labels import FIELDS, REGISTERS

MESSAGES = corpus.load()
ABSENT = Path("absent.jsonl")


def test_the_corpus_is_fit_for_training() -> None:
    assert check.faults(MESSAGES) == []


def test_there_are_enough_examples_of_everything() -> None:
    assert len(MESSAGES) >= 6_000
    assert len({message.author for message in MESSAGES}) >= 8
    assert {message.register for message in MESSAGES} == set(REGISTERS)
    for field in FIELDS:
        assert sum(message.fields[0] == field for message in MESSAGES) >= 200, field
    for kind, least in (("complaint", 250), ("denunciation", 250), ("thanks", 80), ("spam", 60)):
        assert sum(message.kind == kind for message in MESSAGES) >= least, kind
    assert sum(message.urgent for message in MESSAGES) >= 400


def test_phrases_are_short_and_of_every_field() -> None:
    phrases = corpus.phrases()
    assert {phrase.field for phrase in phrases} == set(FIELDS)
    assert max(len(phrase.text.split()) for phrase in phrases) <= 12


@pytest.mark.parametrize("row", ["roads\thole", "nothing\thole\tổ gà", "roads\thole\t "])
def test_a_broken_phrase_is_named(tmp_path: Path, row: str) -> None:
    (tmp_path / "p.tsv").write_text(f"# heading\n{row}\n", encoding="utf-8")
    with pytest.raises(corpus.CorpusFault, match=r"p\.tsv, dòng 2"):
        corpus.phrases(tmp_path)


def test_faults_are_named() -> None:
    good = MESSAGES[0]
    wrong = [
        replace(good, fields=("nothing",), id="one"),
        replace(good, kind="odd", text="Căn cước của tôi là 001099000123 nhé", card="else", id="two"),
        replace(good, kind="spam", urgent=True, text="mua ngay kẻo hết hàng bạn ơi", card="third", id="two"),
    ]
    found = "\n".join(check.faults([good, *wrong], ABSENT))
    for part in ("lĩnh vực lạ", "loại lạ", "dữ liệu cá nhân", "không thể khẩn", "mã tin bị trùng"):
        assert part in found


def test_evaluation_texts_are_refused_even_when_changed() -> None:
    stolen = replace(MESSAGES[0], text=corrupt.without_accents(MESSAGES[0].text).upper() + " nhé", id="new")
    assert check.leaked([stolen], [MESSAGES[0]])
    assert not check.leaked([MESSAGES[1]], [MESSAGES[0]])


def test_near_duplicates_within_one_list() -> None:
    texts = ["một hai ba bốn năm sáu", "bảy tám chín mười lăm", "MOT hai ba bon nam sau bay"]
    assert near.pairs(texts) == [(0, 2)]


def test_places_are_drawn_and_level_words_stay() -> None:
    message = replace(
        MESSAGES[0], text="Mất nước ở ngõ 105 Doãn Kế Thiện", place="ngõ 105 Doãn Kế Thiện", subject=None
    )
    at = places.moved(message, ["Cửa Nam"], random.Random(1))
    assert at.text == "Mất nước ở ngõ 105 Cửa Nam"


def test_corruptions_are_reproducible_and_change_texts() -> None:
    texts = [corrupt.corrupted(each.text, random.Random(5)) for each in MESSAGES[:40]]
    assert texts == [corrupt.corrupted(each.text, random.Random(5)) for each in MESSAGES[:40]]
    assert sum(text != each.text for text, each in zip(texts, MESSAGES, strict=False)) > 30


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(corpus.CorpusFault, match=r"x\.jsonl, dòng 1"):
        corpus.read(path)
