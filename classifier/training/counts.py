"""All n-grams of all training texts, counted once: folds and studies only choose rows and columns.

The features are those that classifier.features.vectoriser computes one text at a time (proved by a test).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from classifier.features.grams import char_grams, skip_grams, word_grams
from classifier.features.vectoriser import Block, Vectoriser, counted
from classifier.lexicon import Lexicon
from classifier.training.samples import Sample

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """One block: which view, which analyser, how many columns at most, in how many messages or phrases at least."""

    name: str
    view: str
    analyser: str
    columns: int
    sources: int


PLANS = (
    Plan("words", "written", "word", 14_000, 2),
    Plan("plain_words", "plain", "word", 14_000, 2),
    Plan("plain_skips", "plain", "skip", 20_000, 2),
    Plan("letters", "written", "char", 30_000, 4),
)


def grams(analyser: str, text: str) -> Iterable[str]:
    """All n-grams of one text for a block."""
    if analyser == "word":
        return word_grams(text)
    if analyser == "skip":
        return skip_grams(text)
    return (gram for word in text.split() for gram in char_grams(word))


@dataclass(frozen=True, slots=True)
class Counts:
    """For one plan: texts × n-grams, how often each stands there; n-grams too rare for any choice are left out."""

    plan: Plan
    grams: NDArray[np.str_]
    table: csr_matrix

    @classmethod
    def of(cls, plan: Plan, samples: Sequence[Sample]) -> Counts:
        """Count; n-grams in alphabetical order."""
        found = [Counter(grams(plan.analyser, counted(each.read, plan.view))) for each in samples]
        sources: dict[str, set[int]] = {}
        for each, counts in zip(samples, found, strict=True):
            for gram in counts:
                sources.setdefault(gram, set()).add(each.source)
        kept = sorted(gram for gram, where in sources.items() if len(where) >= plan.sources)
        place = {gram: at for at, gram in enumerate(kept)}
        rows = [[(place[gram], count) for gram, count in counts.items() if gram in place] for counts in found]
        return cls(plan, np.array(kept), _table(rows, len(kept)))

    def block(self, rows: Rows, sources: NDArray[np.int64]) -> tuple[Block, Rows]:
        """The vocabulary of some texts, and its columns in the table; `sources` numbers what each text comes from."""
        part = self.table[rows]
        texts = np.bincount(part.indices, minlength=len(self.grams))
        where = np.repeat(sources[rows], np.diff(part.indptr)) * len(self.grams) + part.indices
        spread = np.bincount(np.unique(where) % len(self.grams), minlength=len(self.grams))
        enough = np.flatnonzero(spread >= self.plan.sources)
        # Stable: of equally frequent n-grams the first of the alphabet.
        frequent = enough[np.argsort(-spread[enough], kind="stable")][: self.plan.columns]
        kept = np.sort(frequent)
        idf = [math.log((1 + len(rows)) / (1 + int(count))) + 1 for count in texts[kept]]
        # Stored as float16; rounded here so that training sees what the run time sees.
        rounded = np.array(idf, np.float16).astype(np.float32)
        names = {str(gram): at for at, gram in enumerate(self.grams[kept].tolist())}
        return Block(self.plan.name, self.plan.view, self.plan.analyser, names, rounded), kept

    def features(self, rows: Rows, block: Block, columns: Rows) -> csr_matrix:
        """Tf-idf of some texts in the columns of a block, each of length one."""
        part = self.table[rows][:, columns].tocsr()
        values = (np.log(part.data) + np.float32(1)) * block.idf[part.indices]
        at = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr))
        length = np.sqrt(np.bincount(at, values * values, minlength=part.shape[0])).astype(np.float32)
        part.data = (values / length[at]).astype(np.float32)
        return part


def _table(rows: Sequence[Sequence[tuple[int, float]]], width: int) -> csr_matrix:
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((column for row in rows for column, _ in row), np.int32, starts[-1])
    values = np.fromiter((value for row in rows for _, value in row), np.float32, starts[-1])
    built = csr_matrix((values, columns, starts), shape=(len(rows), width))
    built.sort_indices()
    return built


@dataclass(frozen=True, slots=True)
class Library:
    """The counts of all plans and the concepts of all texts."""

    counts: tuple[Counts, ...]
    concepts: csr_matrix
    sources: NDArray[np.int64]

    @classmethod
    def of(cls, samples: Sequence[Sample], lexicon: Lexicon, plans: Sequence[Plan] = PLANS) -> Library:
        """Count everything, once."""
        rows = []
        for each in samples:
            hits = sorted({hit.concept for hit in lexicon.find(each.read.folded)})
            rows.append([(hit, len(hits) ** -0.5) for hit in hits])
        return cls(
            tuple(Counts.of(plan, samples) for plan in plans),
            _table(rows, len(lexicon.names)),
            np.array([each.source for each in samples], np.int64),
        )

    def choose(
        self, rows: Rows, lexicon: Lexicon, concept_weight: float, blocks: Sequence[str]
    ) -> tuple[Vectoriser, csr_matrix]:
        """The vectoriser that some texts give, with the blocks of these names, and the texts' features by it."""
        vocabularies, parts = [], []
        for counts in self.counts:
            if counts.plan.name in blocks:
                block, columns = counts.block(rows, self.sources)
                vocabularies.append(block)
                parts.append(counts.features(rows, block, columns))
        parts.append(self.concepts[rows] * np.float32(concept_weight))
        return Vectoriser(vocabularies, lexicon, concept_weight), hstack(
            parts, format="csr", dtype=np.float32
        )
