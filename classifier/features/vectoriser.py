"""Tf-idf at run time: blocks of n-grams and one of concepts, from plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from classifier.features.grams import char_grams, skip_grams, word_grams
from classifier.features.views import Views
from classifier.lexicon import Lexicon

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
MAX_CACHED_WORDS = 50_000
TINY = 1e-12
NOTHING = np.empty(0, np.int32)
# Any number is as good as another: "94" and "27" both count as "00".
NUMBERS = str.maketrans("123456789", "000000000")


@dataclass(slots=True)
class Block:
    """A vocabulary with its idf; `analyser` is `word`, `skip` or `char`, `view` is `written` or `plain`."""

    name: str
    view: str
    analyser: str
    vocabulary: dict[str, int]
    idf: Floats
    names: tuple[str, ...] = field(init=False, repr=False)
    """The n-grams by column."""
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.names = tuple(self.vocabulary)

    def columns(self, text: str) -> list[int]:
        """The column of every known n-gram, as often as it stands in the text."""
        known = self.vocabulary
        if self.analyser == "word":
            return [known[gram] for gram in word_grams(text) if gram in known]
        if self.analyser == "skip":
            return [known[gram] for gram in skip_grams(text) if gram in known]
        columns: list[int] = []
        cache = self._cache
        for word in text.split():
            found = cache.get(word)
            if found is None:
                found = tuple(known[gram] for gram in char_grams(word) if gram in known)
                if len(cache) < MAX_CACHED_WORDS and len(word) < 40:
                    cache[word] = found
            columns.extend(found)
        return columns


class Vectoriser:
    """All blocks side by side. Column order: the n-gram blocks in order, then the concepts."""

    def __init__(self, blocks: Sequence[Block], lexicon: Lexicon, concept_weight: float) -> None:
        self.blocks = tuple(blocks)
        self.lexicon = lexicon
        self.concept_weight = concept_weight
        self._starts = np.cumsum([0, *(len(block.vocabulary) for block in self.blocks)]).tolist()
        self._firsts = [np.int32(start) for start in self._starts[:-1]]
        self._last = np.int32(self._starts[-1])
        self._idf = np.concatenate([np.empty(0, np.float32), *(block.idf for block in self.blocks)])

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self._starts[-1]) + len(self.lexicon.names)

    @property
    def word_blocks(self) -> list[tuple[Block, int]]:
        """The blocks of words, each with its first column."""
        pairs = zip(self.blocks, self._starts, strict=False)
        return [(block, start) for block, start in pairs if block.analyser == "word"]

    def transform(self, read: Views) -> tuple[Ints, Floats]:
        """Columns, ascending, and values of one message: those of each block, then the concepts."""
        texts = {view: counted(read, view) for view in ("plain", "written")}
        found = [np.array(block.columns(texts[block.view]), np.int32) for block in self.blocks]
        # All blocks at once: this is the busiest line of the run time.
        columns, counts = np.unique(
            np.concatenate([NOTHING, *map(np.add, found, self._firsts)]), return_counts=True
        )
        values = (np.log(counts.astype(np.float32)) + np.float32(1)) * self._idf[columns]
        ends = np.searchsorted(columns, self._starts)
        squares = np.concatenate(([np.float32(0)], np.cumsum(values * values, dtype=np.float64)))
        length = np.sqrt(np.maximum(squares[ends[1:]] - squares[ends[:-1]], TINY))
        values = (values / np.repeat(length, np.diff(ends))).astype(np.float32)
        concepts, weight = self._concepts(read)
        return np.concatenate([columns, concepts + self._last]), np.concatenate([values, weight])

    def _concepts(self, read: Views) -> tuple[Ints, Floats]:
        hits = sorted({hit.concept for hit in self.lexicon.find(read.folded)})
        if not hits:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        weight = self.concept_weight / float(np.sqrt(len(hits)))
        return np.array(hits, np.int32), np.full(len(hits), weight, np.float32)


def counted(read: Views, view: str) -> str:
    """The text that a block of this view counts."""
    return (read.plain if view == "plain" else read.written).translate(NUMBERS)


def familiarity(vectoriser: Vectoriser, read: Views) -> float:
    """Share of the words, accents aside, that stand in the vocabulary; 0 for a text without words."""
    known = next((block.vocabulary for block, _ in vectoriser.word_blocks if block.view == "plain"), {})
    words = read.plain.split()
    return sum(word.strip(".,!?;:()\"'") in known for word in words) / len(words) if words else 0.0
