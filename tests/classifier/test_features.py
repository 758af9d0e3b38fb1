"""The run time's arrays against scikit-learn's own transform."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier import artefact
from classifier.features.views import views
from classifier.pipeline import MODELS

TEXTS = [
    "Mất nước ba ngày nay ở phường Láng, nhà có trẻ nhỏ!!",
    "den duong tat ca tuan, toi om",
    "ổ gà to; xe máy ngã - 2 người",
    "a b c",
    "",
    "1h sáng   vẫn   karaoke\nloa kéo",
]


@pytest.mark.parametrize("number", range(3))
def test_blocks_equal_scikit_learn(number: int) -> None:
    block = artefact.load(artefact.current(MODELS)).vectoriser.blocks[number]
    options = (
        {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"}
        if block.analyser == "word"
        else {"analyzer": "char_wb", "ngram_range": (2, 5)}
    )
    theirs = TfidfVectorizer(vocabulary=block.vocabulary, sublinear_tf=True, lowercase=False, **options)
    theirs.idf_ = block.idf.astype(np.float64)
    texts = [views(text).plain if block.view == "plain" else views(text).written for text in TEXTS]
    wanted = theirs.transform(texts).toarray()
    for row, text in zip(wanted, texts, strict=True):
        columns, values = block.transform(text)
        mine = np.zeros(len(block.vocabulary))
        mine[columns] = values
        np.testing.assert_allclose(mine, row, atol=2e-6)
    assert wanted.any()
