"""The run time's arrays against scikit-learn's own transform."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier import artefact
from classifier.features.grams import skip_grams
from classifier.features.names import blanked
from classifier.features.vectoriser import counted
from classifier.features.views import views
from classifier.pipeline import MODELS
from classifier.prediction import Evidence

TEXTS = [
    "Mất nước ba ngày nay ở phường Láng, nhà có trẻ nhỏ!!",
    "den duong tat ca tuan, toi om",
    "ổ gà to; xe máy ngã - 2 người",
    "a b c",
    "",
    "1h sáng   vẫn   karaoke\nloa kéo",
]


OPTIONS = {
    "word": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"},
    "char": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    # scikit-learn has no skips; ours are counted and weighed by it like any other feature.
    "skip": {"analyzer": lambda text: list(skip_grams(text))},
}


def test_skips_leave_out_one_or_two_words() -> None:
    assert list(skip_grams("nước nhà em đục")) == ["nước_em", "nhà_đục", "nước_đục"]
    assert list(skip_grams("a b")) == []


@pytest.mark.parametrize("number", range(4))
def test_blocks_equal_scikit_learn(number: int) -> None:
    vectoriser = artefact.load(artefact.current(MODELS)).vectoriser
    block = vectoriser.blocks[number]
    start = sum(len(each.vocabulary) for each in vectoriser.blocks[:number])
    options = OPTIONS[block.analyser]
    theirs = TfidfVectorizer(vocabulary=block.vocabulary, sublinear_tf=True, lowercase=False, **options)
    theirs.idf_ = block.idf.astype(np.float64)
    wanted = theirs.transform([counted(views(text), block.view) for text in TEXTS]).toarray()
    for row, text in zip(wanted, TEXTS, strict=True):
        columns, values = vectoriser.transform(views(text))
        mine = np.zeros(vectoriser.width)
        mine[columns] = values
        np.testing.assert_allclose(mine[start : start + len(block.vocabulary)], row, atol=2e-6)
    assert wanted.any()


def test_numbers_count_alike() -> None:
    vectoriser = artefact.load(artefact.current(MODELS)).vectoriser
    one, other = (vectoriser.transform(views(f"mất nước {number} ngày")) for number in ("27", "94"))
    assert (one[0] == other[0]).all()


@pytest.mark.parametrize(
    ("text", "start", "end", "left"),
    [
        ("Mất nước ở phường Cống Vị.", 11, 25, "Mất nước ở phường        ."),
        ("cạnh nghĩa trang Văn Điển", 0, 25, "cạnh nghĩa trang         "),
        ("NGHIA DO", 0, 8, "        "),
    ],
)
def test_names_are_blanked_in_place(text: str, start: int, end: int, left: str) -> None:
    spans = [Evidence(start, end, text[start:end], "")]
    assert blanked(text, spans, in_subject=False) == left
    assert blanked(text, spans, in_subject=True) == text
    assert blanked(text, [*spans, Evidence(start + 1, end, "", "")], in_subject=False) == left
