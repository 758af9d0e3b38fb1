"""Near-duplicates by shared word shingles: an inverted index, no pair compared twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from classifier.normalise import fold_key

SHINGLE = 3
# Shingles that stand in this many texts are phrases of politeness, not signs of copying.
COMMON = 12
NEAR = 0.6
_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[str]:
    """Runs of three folded words; a shorter text is one shingle."""
    words = _WORD.findall(fold_key(text))
    if len(words) <= SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the shorter text's shingles that the other has too."""
    return len(one & other) / min(len(one), len(other))


def pairs(left: Sequence[str], right: Sequence[str] | None = None) -> list[tuple[int, int]]:
    """Numbers of near-duplicate texts: within `left`, or between `left` and `right`."""
    mine = [shingles(text) for text in left]
    theirs = mine if right is None else [shingles(text) for text in right]
    index: defaultdict[str, list[int]] = defaultdict(list)
    for at, found in enumerate(theirs):
        for shingle in found:
            index[shingle].append(at)
    out = []
    for at, found in enumerate(mine):
        shared = Counter(
            other for shingle in found if len(index[shingle]) <= COMMON for other in index[shingle]
        )
        for other in shared:
            wanted = other > at if right is None else True
            if wanted and alike(found, theirs[other]) >= NEAR:
                out.append((at, other))
    return sorted(out)
