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

    def transform(self, text: str) -> tuple[Ints, Floats]:
        """Columns and values of one text: sublinear tf × idf, of length one."""
        found = self._columns(text)
        if not found:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        columns, counts = np.unique(np.array(found, np.int32), return_counts=True)
        values = (np.log(counts.astype(np.float32)) + np.float32(1)) * self.idf[columns]
        return columns, np.asarray(values / np.sqrt(values @ values), np.float32)

    def _columns(self, text: str) -> list[int]:
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
        """Columns and values of one message."""
        columns: list[Ints] = []
        values: list[Floats] = []
        texts = {view: counted(read, view) for view in ("plain", "written")}
        for block, start in zip(self.blocks, self._starts, strict=False):
            found, weight = block.transform(texts[block.view])
            columns.append(found + np.int32(start))
            values.append(weight)
        found, weight = self._concepts(read)
        columns.append(found + np.int32(self._starts[-1]))
        values.append(weight)
        return np.concatenate(columns), np.concatenate(values)

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
