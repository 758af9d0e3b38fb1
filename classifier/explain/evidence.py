"""The words that spoke for the chosen field, as spans of the citizen's own text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.artefact import Artefact, Scored
from classifier.features.names import blanked
from classifier.features.vectoriser import NUMBERS
from classifier.labels import FIELDS
from classifier.normalise import fold, fold_key
from classifier.prediction import Evidence, Query, WardReading

Floats = NDArray[np.float32]
MAX_WORDS = 4
MAX_CHARS = 2_000
# The strongest n-grams are looked up in the text; weaker ones would not be shown.
LOOKED_UP = 16
LEAST = 0.01
# A word is shown when it carries at least this share of what the strongest one carries: "ngày" explains nothing.
FAIR_PART = 0.35


def field_evidence(
    query: Query, ward: WardReading, made: Artefact, scored: Scored, label: str
) -> tuple[Evidence, ...]:
    """The strongest words and word pairs for `label`, strongest first, none overlapping; names of places left out."""
    worths = _worths(made, scored, label)
    why = f"lĩnh vực {FIELDS[label]}: từ ngữ thường gặp"
    found: list[tuple[float, Evidence]] = []
    for text, in_subject in ((query.text, False), (query.subject or "", True)):
        if text:
            clean = blanked(text[:MAX_CHARS], ward.evidence, in_subject)
            for worth, start, end in _places(clean, worths):
                found.append((worth, Evidence(start, end, text[start:end], why, in_subject)))
    found.sort(key=lambda pair: (-pair[0], pair[1].in_subject, pair[1].start))
    return _strongest(found)


def _worths(made: Artefact, scored: Scored, label: str) -> dict[str, float]:
    """Folded words and pairs with what they added to the label's score, written and bare form together."""
    column = made.heads["field"].column(label)
    sums: dict[str, float] = {}
    for block, start in made.vectoriser.word_blocks:
        # Columns ascend block by block.
        first, last = np.searchsorted(scored.columns, (start, start + len(block.names))).tolist()
        added = made.added(scored, column, first, last)
        for at in np.argsort(-added, kind="stable")[:LOOKED_UP].tolist():
            gram = block.names[int(scored.columns[first + at]) - start]
            key = gram if block.view == "plain" else _bare(gram)
            sums[key] = sums.get(key, 0.0) + float(added[at])
    return sums


@lru_cache(maxsize=20_000)
def _bare(gram: str) -> str:
    return fold_key(gram)


def _places(text: str, worths: dict[str, float]) -> Iterator[tuple[float, int, int]]:
    """Where each n-gram stands first in the text."""
    folded = fold(text)
    plain = folded.text.translate(NUMBERS)
    for gram, worth in worths.items():
        if worth > LEAST:
            at = _find(plain, gram)
            if at >= 0:
                yield worth, *folded.span(at, at + len(gram))


def _find(plain: str, gram: str) -> int:
    at = plain.find(gram)
    while at >= 0:
        end = at + len(gram)
        if not (at and plain[at - 1].isalnum()) and not (end < len(plain) and plain[end].isalnum()):
            return at
        at = plain.find(gram, at + 1)
    return -1


def _strongest(found: Sequence[tuple[float, Evidence]]) -> tuple[Evidence, ...]:
    kept: list[Evidence] = []
    for worth, span in found:
        if worth < FAIR_PART * found[0][0] or len(kept) == MAX_WORDS:
            break
        if not any(_overlap(span, other) for other in kept):
            kept.append(span)
    return tuple(kept)


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.in_subject == other.in_subject and one.start < other.end and other.start < one.end
