"""The words that spoke for the chosen field, as spans of the citizen's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classifier.artefact import Artefact
from classifier.features.names import blanked
from classifier.features.vectoriser import NUMBERS
from classifier.labels import FIELDS
from classifier.normalise import fold
from classifier.prediction import Evidence, Query, WardReading

Floats = NDArray[np.float32]

MAX_WORDS = 4
MAX_CHARS = 2_000
LEAST = 0.05
# A word is shown when it carries at least this share of what the strongest one carries: "ngày" explains nothing.
FAIR_PART = 0.35
_WORD = re.compile(r"\w+")


def field_evidence(
    query: Query, ward: WardReading, made: Artefact, units: Floats, label: str
) -> tuple[Evidence, ...]:
    """The strongest words and word pairs for `label`, strongest first, none overlapping; names of places left out.

    A word's weight is its own and what it has through the hidden units that are awake.
    """
    head = made.heads["field"]
    column, scores = head.start + head.labels.index(label), made.unit_weights.shape[1]
    through = made.unit_weights[:, column] * (units > 0)
    found: list[tuple[float, Evidence]] = []
    for text, in_subject in ((query.text, False), (query.subject or "", True)):
        clean = blanked(text[:MAX_CHARS], ward.evidence, in_subject)
        grams = list(_grams(clean, made))
        if grams:
            rows = made.weights[[at for _, _, at, _ in grams]]
            worths = (rows[:, column] + rows[:, scores:] @ through) * [idf for _, _, _, idf in grams]
            found.extend(_summed(text, in_subject, grams, worths.tolist(), label))
    found.sort(key=lambda pair: (-pair[0], pair[1].in_subject, pair[1].start))
    kept: list[Evidence] = []
    for worth, span in found:
        if worth < FAIR_PART * found[0][0]:
            break
        if not any(_overlap(span, other) for other in kept):
            kept.append(span)
        if len(kept) == MAX_WORDS:
            break
    return tuple(kept)


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.in_subject == other.in_subject and one.start < other.end and other.start < one.end


Gram = tuple[int, int, int, float]
"""First and last code point of an n-gram, its column and idf."""


def _grams(text: str, made: Artefact) -> Iterator[Gram]:
    blocks = made.vectoriser.word_blocks
    folded = fold(text)
    written = text.lower()
    words = [match.span() for match in _WORD.finditer(folded.text)]
    pairs = [(one[0], two[1]) for one, two in pairwise(words)]
    for start, end in words + pairs:
        first, last = folded.span(start, end)
        for block, offset in blocks:
            gram = folded.text[start:end] if block.view == "plain" else written[first:last]
            at = block.vocabulary.get(gram.translate(NUMBERS))
            if at is not None:
                yield first, last, offset + at, float(block.idf[at])


def _summed(
    text: str, in_subject: bool, grams: list[Gram], worths: list[float], label: str
) -> Iterator[tuple[float, Evidence]]:
    sums: dict[tuple[int, int], float] = {}
    for (first, last, _, _), worth in zip(grams, worths, strict=True):
        sums[first, last] = sums.get((first, last), 0.0) + worth
    why = f"lĩnh vực {FIELDS[label]}: từ ngữ thường gặp"
    for (first, last), worth in sums.items():
        if worth > LEAST:
            yield worth, Evidence(first, last, text[first:last], why, in_subject)
