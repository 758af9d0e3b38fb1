"""The words that spoke for the chosen field, as spans of the citizen's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classifier.artefact import Artefact
from classifier.labels import FIELDS
from classifier.normalise import fold
from classifier.prediction import Evidence, Query

MAX_WORDS = 4
MAX_CHARS = 2_000
LEAST = 0.05
# A word is shown when it carries at least this share of what the strongest one carries: "ngày" explains nothing.
FAIR_PART = 0.35
_WORD = re.compile(r"\w+")


def field_evidence(query: Query, made: Artefact, label: str) -> tuple[Evidence, ...]:
    """The strongest words and word pairs for `label`, strongest first, none overlapping."""
    head = made.heads["field"]
    weights = made.weights[:, head.start + head.labels.index(label)]
    found: list[tuple[float, Evidence]] = []
    for text, in_subject in ((query.text, False), (query.subject or "", True)):
        found.extend(_spans(text[:MAX_CHARS], in_subject, made, weights, label))
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


def _spans(
    text: str, in_subject: bool, made: Artefact, weights: NDArray[np.float32], label: str
) -> Iterator[tuple[float, Evidence]]:
    blocks = made.vectoriser.word_blocks
    folded = fold(text)
    written = text.lower()
    words = [match.span() for match in _WORD.finditer(folded.text)]
    pairs = [(one[0], two[1]) for one, two in pairwise(words)]
    for start, end in words + pairs:
        first, last = folded.span(start, end)
        worth = 0.0
        for block, offset in blocks:
            gram = folded.text[start:end] if block.view == "plain" else written[first:last]
            column = block.vocabulary.get(gram)
            if column is not None:
                worth += float(weights[offset + column] * block.idf[column])
        if worth > LEAST:
            why = f"lĩnh vực {FIELDS[label]}: từ ngữ thường gặp"
            yield worth, Evidence(first, last, text[first:last], why, in_subject)
