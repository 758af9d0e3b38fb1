"""Scores on held-out authors: every message is judged by a model that saw none of its author's messages or cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import Message
from classifier.features.vectoriser import Vectoriser, familiarity
from classifier.labels import FIELDS, KINDS
from classifier.training import linear, samples, vocabulary
from classifier.training.linear import Fitted

Floats = NDArray[np.float32]
Say = Callable[[str], None]
FAMILIAR = "familiar"
URGENT = ("calm", "urgent")


@dataclass(frozen=True, slots=True)
class Strength:
    """Inverse regularisation of each head, chosen on held-out authors."""

    field: float = 0.2
    kind: float = 0.2
    urgent: float = 0.2


@dataclass(frozen=True, slots=True)
class Model:
    """A vectoriser and its heads before calibration."""

    vectoriser: Vectoriser
    heads: dict[str, Fitted]

    def scores(self, messages: Sequence[Message]) -> dict[str, Floats]:
        """Raw scores of every head: messages × labels; under FAMILIAR the share of known words."""
        read = samples.plain(messages)
        features = linear.matrix(self.vectoriser, read)
        known = [[familiarity(self.vectoriser, each.read)] for each in read]
        out = {name: head.scores(features) for name, head in self.heads.items()}
        return {**out, FAMILIAR: np.array(known, np.float32)}


def fit(messages: Sequence[Message], seed: int, strength: Strength) -> Model:
    """Train all heads on these messages."""
    drawn = samples.training(messages, seed)
    vectoriser = vocabulary.fit(drawn)
    features = linear.matrix(vectoriser, drawn)
    sources = [messages[sample.source] for sample in drawn]
    fields, kinds = [each.fields[0] for each in sources], [each.kind for each in sources]
    urgent = [URGENT[each.urgent] for each in sources]
    return Model(
        vectoriser,
        {
            "field": linear.one_against_rest(features, fields, list(FIELDS), strength.field, seed, False),
            "kind": linear.one_against_rest(features, kinds, list(KINDS), strength.kind, seed, True),
            "urgent": linear.one_against_rest(features, urgent, list(URGENT), strength.urgent, seed, True),
        },
    )


def by_author(messages: Sequence[Message]) -> Iterator[tuple[str, list[int]]]:
    """Each author with the numbers of the author's messages."""
    for author in sorted({each.author for each in messages}):
        yield author, [at for at, each in enumerate(messages) if each.author == author]


def held_out(
    messages: Sequence[Message], groups: Sequence[Sequence[int]], seed: int, strength: Strength, say: Say
) -> dict[str, Floats]:
    """Raw scores of every message from the model trained without its group."""
    out: dict[str, Floats] = {}
    for number, group in enumerate(groups, 1):
        inside = set(group)
        rest = [each for at, each in enumerate(messages) if at not in inside]
        scores = fit(rest, seed, strength).scores([messages[at] for at in group])
        for name, rows in scores.items():
            out.setdefault(name, np.zeros((len(messages), rows.shape[1]), np.float32))[list(group)] = rows
        say(f"  lượt {number}/{len(groups)}: {len(group)} tin giữ lại")
    return out
