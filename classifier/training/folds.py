"""Scores on held-out authors: every message is judged by a model that saw none of its author's messages or cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from classifier.corpus import Message, Phrase
from classifier.features.vectoriser import Vectoriser, familiarity
from classifier.labels import FIELDS, KINDS
from classifier.lexicon import concepts
from classifier.training import counts, linear, network, samples
from classifier.training.counts import Library, Rows
from classifier.training.linear import Fitted
from classifier.training.network import Network, Task
from classifier.training.samples import Labels

Floats = NDArray[np.float32]
Say = Callable[[str], None]
Scores = dict[str, Floats]
FAMILIAR = "familiar"
CALM = ("calm", "urgent")
HEADS: dict[str, tuple[str, ...]] = {"field": tuple(FIELDS), "kind": tuple(KINDS), "urgent": CALM[1:]}
"""Each head with its outputs, in the order of the artefact's columns."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that can be varied in a study; the defaults are what is shipped, chosen on held-out authors."""

    strength: float = 0.15
    phrase_weight: float = 0.1
    """Weight of a phrase in the field heads, a message counting 1."""
    smoothing: float = 0.05
    other_share: float = 0.25
    """What the network's primary field gives up to the other acceptable ones."""
    bends: tuple[str, ...] = tuple(samples.BENDS)
    blocks: tuple[str, ...] = tuple(plan.name for plan in counts.PLANS)
    concept_weight: float = 0.3
    network: network.Plan = field(default_factory=network.Plan)


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from."""

    messages: Sequence[Message]
    phrases: Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class Drawn:
    """All training texts, bent and counted. A text's source is its message's number; phrases come after the messages."""

    material: Material
    library: Library
    labels: tuple[Labels, ...]

    def rows(self, without: Sequence[int], recipe: Recipe) -> Rows:
        """The texts of a training that leaves out the messages of these numbers."""
        gone = np.isin(self.library.sources, list(without))
        bent = np.array([each.bend in recipe.bends for each in self.labels])
        phrase = self.library.sources >= len(self.material.messages)
        return np.flatnonzero(~gone & bent & (~phrase | bool(recipe.phrase_weight)))


def draw(material: Material, seed: int) -> Drawn:
    """Bend and count everything."""
    messages = samples.training(material.messages, seed)
    phrases = samples.phrases(material.phrases, len(material.messages), seed)
    texts = [*messages, *phrases]
    return Drawn(material, Library.of(texts, concepts()), tuple(each.labels for each in texts))


@dataclass(frozen=True, slots=True)
class Model:
    """A vectoriser, its linear heads and the network, before calibration."""

    vectoriser: Vectoriser
    heads: dict[str, Fitted]
    network: Network

    def scores(self, messages: Sequence[Message]) -> Scores:
        """Raw scores, messages × labels: of each linear head by its name, of the network by the name and `.units`.

        Under FAMILIAR the share of known words.
        """
        read = samples.plain(messages)
        features = linear.matrix(self.vectoriser, read)
        found = {name: head.scores(features) for name, head in self.heads.items()}
        units, at = self.network.scores(features), 0
        for name, labels in HEADS.items():
            found[units_of(name)] = units[:, at : at + len(labels)]
            at += len(labels)
        known = [[familiarity(self.vectoriser, each.read)] for each in read]
        return {**found, FAMILIAR: np.array(known, np.float32)}


def units_of(head: str) -> str:
    """The key of the network's scores for a head."""
    return f"{head}.units"


def fit(drawn: Drawn, rows: Rows, seed: int, recipe: Recipe) -> Model:
    """Train all heads and the network on these texts."""
    labels = [drawn.labels[row] for row in rows]
    told = np.flatnonzero([each.kind is not None for each in labels])
    with threadpool_limits(1):
        vectoriser, features = drawn.library.choose(rows, concepts(), recipe.concept_weight, recipe.blocks)
        weight = np.array([recipe.phrase_weight if each.kind is None else 1 for each in labels], np.float32)
        fields = linear.Plan(recipe.strength, weight=weight)
        others = linear.Plan(recipe.strength, balanced=True)
        wanted = {
            "field": [each.fields[0] for each in labels],
            "kind": [str(labels[at].kind) for at in told],
            "urgent": [CALM[bool(labels[at].urgent)] for at in told],
        }
        some = features[told]
        heads = {
            "field": linear.one_against_rest(features, wanted["field"], HEADS["field"], fields, seed),
            "kind": linear.one_against_rest(some, wanted["kind"], HEADS["kind"], others, seed),
            "urgent": linear.one_against_rest(some, wanted["urgent"], CALM, others, seed),
        }
        made = network.fit(features, tasks(labels, weight, recipe), recipe.network, seed)
    return Model(vectoriser, heads, made)


def tasks(labels: Sequence[Labels], weight: Floats, recipe: Recipe) -> list[Task]:
    """What the network should say of each sample; phrases teach fields alone."""
    kinds = np.zeros((len(labels), len(KINDS)), np.float32)
    urgent = np.zeros((len(labels), 1), np.float32)
    half = np.array([each.kind is not None for each in labels], np.float32) * np.float32(0.5)
    for row, each in enumerate(labels):
        if each.kind is not None:
            kinds[row, HEADS["kind"].index(each.kind)] = 1
            urgent[row, 0] = bool(each.urgent)
    fields = np.stack([_field_shares(each.fields, recipe) for each in labels])
    return [Task(fields, weight), Task(kinds, half), Task(urgent, half)]


def _field_shares(fields: Sequence[str], recipe: Recipe) -> Floats:
    names = HEADS["field"]
    shares = np.full(len(names), recipe.smoothing / len(names), np.float32)
    sure = 1 - recipe.smoothing
    others = fields[1:]
    shares[names.index(fields[0])] += sure * (1 - recipe.other_share if others else 1)
    for each in others:
        shares[names.index(each)] += sure * recipe.other_share / len(others)
    return shares


def by_author(messages: Sequence[Message], groups: int) -> list[list[int]]:
    """The numbers of the messages in groups of whole authors."""
    authors = sorted({each.author for each in messages})
    wanted = min(groups, len(authors))
    place = {author: at % wanted for at, author in enumerate(authors)}
    return [
        [at for at, each in enumerate(messages) if place[each.author] == group] for group in range(wanted)
    ]


def held_out(
    drawn: Drawn, groups: Sequence[Sequence[int]], seed: int, recipe: Recipe, say: Say, jobs: int = 2
) -> Scores:
    """Raw scores of every message from the model trained without its group."""
    found: Scores = {}
    messages = drawn.material.messages
    rounds = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(held_out_round)(drawn, group, group, seed, recipe) for group in groups
    )
    for number, (group, scores) in enumerate(zip(groups, rounds, strict=True), 1):
        for name, rows in scores.items():
            empty = np.zeros((len(messages), rows.shape[1]), np.float32)
            found.setdefault(name, empty)[list(group)] = rows
        say(f"  lượt {number}/{len(groups)}: {len(group)} tin giữ lại")
    return found


def held_out_round(
    drawn: Drawn, without: Sequence[int], group: Sequence[int], seed: int, recipe: Recipe
) -> Scores:
    """Raw scores of the messages of `group` by a model trained without the messages `without`."""
    model = fit(drawn, drawn.rows(without, recipe), seed, recipe)
    return model.scores([drawn.material.messages[at] for at in group])
