"""N-grams; words and letters are cut exactly as scikit-learn's TfidfVectorizer cuts them (proved by a test)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

WORD_PATTERN = r"\w+"
CHAR_RANGE = (2, 5)
SKIPS = (2, 3)
_WORD = re.compile(WORD_PATTERN)


def word_grams(text: str) -> Iterator[str]:
    """Words and pairs of neighbours."""
    words = _WORD.findall(text)
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"


def skip_grams(text: str) -> Iterator[str]:
    """Two words with one or two others between them: "nước … đục" in "nước nhà em đục"."""
    words = _WORD.findall(text)
    for far in SKIPS:
        for left, right in zip(words, words[far:], strict=False):
            yield f"{left}_{right}"


def char_grams(word: str) -> Iterator[str]:
    """Two to five letters of one word with a blank on both sides; a word shorter than n counts once."""
    padded = f" {word} "
    size = len(padded)
    for length in range(CHAR_RANGE[0], CHAR_RANGE[1] + 1):
        if length >= size:
            yield padded
            return
        for at in range(size - length + 1):
            yield padded[at : at + length]
