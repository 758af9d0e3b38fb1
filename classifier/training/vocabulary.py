"""Choosing the n-grams: frequent over cards, pruned to a fixed size, idf by scikit-learn's own formula."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.features.grams import char_grams, word_grams
from classifier.features.vectoriser import Block, Vectoriser
from classifier.lexicon import concepts
from classifier.training.samples import Sample


@dataclass(frozen=True, slots=True)
class Plan:
    """One block: which view, which analyser, how many columns at most, in how many messages at least."""

    name: str
    view: str
    analyser: str
    columns: int
    messages: int


PLANS = (
    Plan("words", "written", "word", 14_000, 2),
    Plan("plain_words", "plain", "word", 14_000, 2),
    Plan("letters", "written", "char", 32_000, 4),
)
# Chosen on held-out authors: 0 gives 85.4 % acceptable fields, 0.3 86.9 %, 0.6 86.2 %, 1.0 84.3 %.
CONCEPT_WEIGHT = 0.3


def text_of(plan: Plan, sample: Sample) -> str:
    """The view a block reads."""
    return sample.read.plain if plan.view == "plain" else sample.read.written


def grams(plan: Plan, text: str) -> Iterable[str]:
    """All n-grams of one text for a block."""
    if plan.analyser == "word":
        return word_grams(text)
    return (gram for word in text.split() for gram in char_grams(word))


def fit(samples: Sequence[Sample], plans: Sequence[Plan] = PLANS) -> Vectoriser:
    """The vectoriser of these samples."""
    return Vectoriser([_block(plan, samples) for plan in plans], concepts(), CONCEPT_WEIGHT)


def _block(plan: Plan, samples: Sequence[Sample]) -> Block:
    texts: Counter[str] = Counter()
    sources: dict[str, set[int]] = {}
    for sample in samples:
        for gram in set(grams(plan, text_of(plan, sample))):
            texts[gram] += 1
            sources.setdefault(gram, set()).add(sample.source)
    counted = [(len(found), gram) for gram, found in sources.items() if len(found) >= plan.messages]
    counted.sort(key=lambda pair: (-pair[0], pair[1]))
    kept = sorted(gram for _, gram in counted[: plan.columns])
    idf = [math.log((1 + len(samples)) / (1 + texts[gram])) + 1 for gram in kept]
    # Stored as float16; rounded here so that training sees what the run time sees.
    rounded = np.array(idf, np.float16).astype(np.float32)
    return Block(plan.name, plan.view, plan.analyser, {gram: at for at, gram in enumerate(kept)}, rounded)
