"""Folding keeps the way back to the writer's own words."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.normalise import fold, fold_key, has_accents, is_plain, syllable_key


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Phường Hoàn Kiếm", "phuong hoan kiem"),
        ("ĐỐNG ĐA", "dong da"),
        ("\u00d0ống \u00d0a", "dong da"),
        ("Hoà  Lạc\tHòa\nLạc", "hoa lac hoa lac"),
        ("Mỹ Đình", "mi dinh"),
        ("Mĩ Đình", "mi dinh"),
        ("Quý Quí", "qui qui"),
        ("Thụy Khuê Thuỵ Khuê", "thuy khue thuy khue"),
        ("ddường Láng", "duong lang"),
        ("\u200bBa\u00ad Đình", "ba dinh"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written).text == folded
    assert fold(unicodedata.normalize("NFD", written)).text == folded


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_span_leads_back_to_the_original(form: str) -> None:
    text = unicodedata.normalize(form, "Ở  ddường Láng\n\n Hạ, phường Ô Chợ Dừa")
    folded = fold(text)
    start = folded.text.index("o cho dua")
    found = folded.source(start, start + len("o cho dua"))
    assert unicodedata.normalize("NFC", found) == "Ô Chợ Dừa"


@given(st.text(max_size=200))
def test_any_text_folds_and_every_span_lies_inside(text: str) -> None:
    folded = fold(text)
    for start in range(0, len(folded.text), 7):
        first, last = folded.span(start, min(len(folded.text), start + 5))
        assert 0 <= first <= last <= len(text)
    assert "  " not in folded.text


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầếềịọộủứ ", max_size=60))
def test_composition_does_not_matter(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold_key(composed) == fold_key(unicodedata.normalize("NFD", composed))


def test_tone_placement_does_not_matter_but_tone_does() -> None:
    assert syllable_key("Hoà") == syllable_key("hòa")
    assert syllable_key("Hòa") != syllable_key("hóa")
    assert syllable_key("Hưng") != syllable_key("Hùng")
    assert is_plain(syllable_key("anh"))
    assert not is_plain(syllable_key("đa"))


def test_has_accents() -> None:
    assert has_accents("nước")
    assert not has_accents("nuoc × 3")


@pytest.mark.parametrize("unit", ["d", "dd ", "phường Láng Hạ ", "\x00", "a\u0301", "😀"])
def test_long_texts_fold_quickly(unit: str) -> None:
    text = (unit * 50_000)[:50_000]
    began = time.perf_counter()
    fold(text)
    assert time.perf_counter() - began < 0.5
