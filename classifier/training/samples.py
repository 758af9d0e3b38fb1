"""From messages to training texts: with and without accents, and bent by keyboards and speech recognition."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.corpus import Message, places
from classifier.corpus.corrupt import corrupted, without_accents
from classifier.features.views import Views, joined, views


@dataclass(frozen=True, slots=True)
class Sample:
    """One training text and the message it comes from."""

    read: Views
    source: int


def training(messages: Sequence[Message], seed: int) -> list[Sample]:
    """Three texts a message, each with its place drawn anew; the same seed gives the same texts."""
    pool = places.names()
    samples = []
    for number, message in enumerate(messages):
        rng = random.Random(f"{seed}:{message.id}")
        for bend in (lambda text, _: text, lambda text, _: without_accents(text), corrupted):
            at = places.moved(message, pool, rng)
            samples.append(Sample(views(bend(joined(at.text, at.subject), rng)), number))
    return samples


def plain(messages: Sequence[Message]) -> list[Sample]:
    """The messages as they were written, for measuring."""
    return [Sample(views(each.text, each.subject), number) for number, each in enumerate(messages)]
