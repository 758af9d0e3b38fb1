"""From trained parts and held-out scores to an artefact: the mixture of both models, calibration and thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import packing
from classifier.artefact import Artefact, Thresholds
from classifier.corpus import Message
from classifier.heads import Head
from classifier.labels import FIELDS, KINDS, LEGAL_KINDS
from classifier.training import calibrate, folds
from classifier.training.calibrate import Bools, Floats
from classifier.training.folds import HEADS, Model, Scores
from classifier.urgency import CAN_BE_URGENT

ALONE_GOAL = 0.97
# Lower 95 % bounds of recall.
LEGAL_RECALL = 0.97
URGENT_RECALL = 0.965
UNCLEAR_RECALL = 0.98
SECONDARY_FROM = 0.2
STRANGE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Mixture:
    """What the linear scores and the network's are multiplied by before they are added, and what then corrects them."""

    linear: float
    units: float
    temperature: float
    bias: Floats


@dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated held-out probabilities of every message (messages × labels; urgent: messages)."""

    field: Floats
    kind: Floats
    urgent: Floats
    familiar: Floats


@dataclass(frozen=True, slots=True)
class Decided:
    """What limits make of held-out probabilities: one truth value a message. `urgent` with the safety rules."""

    said: Judged
    sure: Bools
    legal: Bools
    urgent_by_model: Bools
    urgent: Bools


def mixtures(scores: Scores, messages: Sequence[Message]) -> dict[str, Mixture]:
    """Each head's mixture by the likelihood of held-out messages."""
    return {name: _mixture(name, scores, messages) for name in HEADS}


def _mixture(name: str, scores: Scores, messages: Sequence[Message]) -> Mixture:
    linear, units = scores[name], scores[folds.units_of(name)]
    if name == "urgent":
        right = is_urgent(messages)
        heats = [calibrate.binary(part[:, 0], right)[0] for part in (linear, units)]
        both = linear[:, 0] / np.float32(heats[0]) + units[:, 0] / np.float32(heats[1])
        heat, shift = calibrate.binary(both, right)
        return Mixture(1 / heats[0], 1 / heats[1], heat, np.array([shift], np.float32))
    wanted = [HEADS[name].index(_label(name, each)) for each in messages]
    heats = [calibrate.temperature(part, wanted) for part in (linear, units)]
    heat, bias = calibrate.biased(linear / np.float32(heats[0]) + units / np.float32(heats[1]), wanted)
    return Mixture(1 / heats[0], 1 / heats[1], heat, bias)


def _label(head: str, message: Message) -> str:
    return message.fields[0] if head == "field" else message.kind


def judged(scores: Scores, mixed: Mapping[str, Mixture]) -> Judged:
    """What the calibrated mixture says of the held-out messages."""
    said: dict[str, Floats] = {}
    for name, labels in HEADS.items():
        mix = mixed[name]
        both = scores[name] * np.float32(mix.linear) + scores[folds.units_of(name)] * np.float32(mix.units)
        said[name] = Head(labels, 0, mix.bias, mix.temperature).probabilities(both)
    return Judged(said["field"], said["kind"], said["urgent"][:, 0], scores[folds.FAMILIAR][:, 0])


def crossed(
    scores: Scores, groups: Sequence[Sequence[int]], messages: Sequence[Message], ruled: Bools
) -> Decided:
    """Every group of authors decided by mixture, calibration and limits that were chosen on the other groups."""
    parts = []
    for group in groups:
        inside = set(group)
        rest = [at for at in range(len(messages)) if at not in inside]
        known = [messages[at] for at in rest]
        mixed = mixtures(_some(scores, rest), known)
        limits = thresholds(judged(_some(scores, rest), mixed), known, ruled[rest])
        parts.append(decide(judged(_some(scores, group), mixed), limits, ruled[list(group)]))
    back = np.argsort(np.concatenate([np.array(group) for group in groups]))
    said = Judged(*(_joined([part.said for part in parts], name, back) for name in Judged.__slots__))
    return Decided(said, *(_joined(parts, name, back) for name in Decided.__slots__ if name != "said"))


def _some(scores: Scores, numbers: Sequence[int]) -> Scores:
    return {name: rows[list(numbers)] for name, rows in scores.items()}


def _joined(parts: Sequence[object], name: str, order: NDArray[np.int64]) -> Any:
    return np.concatenate([getattr(part, name) for part in parts])[order]


def decide(said: Judged, limits: Thresholds, ruled: Bools) -> Decided:
    """As the run time decides, but for thanks and spam, which it takes for urgent less readily.

    `ruled`: a safety rule finds a danger.
    """
    suspected = legal_chance(said.kind) >= limits.legal
    names = tuple(KINDS)
    may = np.array([names[at] in CAN_BE_URGENT for at in said.kind.argmax(axis=1)]) | suspected
    by_model = said.urgent >= limits.urgent
    rule = ruled & may & (said.urgent >= limits.urgent_unclear)
    return Decided(said, said.field.max(axis=1) >= limits.field_alone, suspected, by_model, by_model | rule)


def artefact(version: str, model: Model, mixed: Mapping[str, Mixture], limits: Thresholds) -> Artefact:
    """Heads side by side in one matrix, the hidden units behind them."""
    heads: dict[str, Head] = {}
    columns, outs = [], []
    start = 0
    for name, labels in HEADS.items():
        mix, fitted = mixed[name], model.heads[name]
        part = slice(start, start + len(labels))
        columns.append(fitted.weights * np.float32(mix.linear))
        outs.append(model.network.out[:, part] * np.float32(mix.units))
        bias = fitted.bias * mix.linear + model.network.out_bias[part] * mix.units + mix.bias
        heads[name] = Head(labels, start, bias.astype(np.float32), mix.temperature)
        start += len(labels)
    steps, scale = packing.pack(np.concatenate([*columns, model.network.hidden], axis=1))
    return Artefact(
        version,
        model.vectoriser,
        steps,
        scale.astype(np.float32),
        model.network.hidden_bias,
        np.concatenate(outs, axis=1),
        heads,
        limits,
    )


def thresholds(said: Judged, messages: Sequence[Message], ruled: Bools) -> Thresholds:
    """Decision limits from calibrated held-out probabilities; `ruled`: a safety rule finds a danger."""
    legal, urgent = is_legal(messages), is_urgent(messages)
    suspected = legal_chance(said.kind)
    from_urgent = calibrate.recalling_from(said.urgent, urgent, URGENT_RECALL)
    from_unclear = calibrate.recalling_from(said.urgent, urgent, UNCLEAR_RECALL)
    settled = ruled & (said.urgent >= from_unclear) & (said.urgent < from_urgent)
    return Thresholds(
        field_alone=_limit(
            calibrate.precise_from(said.field.max(axis=1), acceptable(said.field, messages), ALONE_GOAL)
        ),
        legal=_limit(calibrate.recalling_from(suspected, legal, LEGAL_RECALL)),
        urgent=_limit(from_urgent),
        urgent_unclear=_limit(from_unclear),
        secondary=SECONDARY_FROM,
        familiar=_limit(float(np.quantile(said.familiar, STRANGE_SHARE))),
        rule_score=_limit(float(urgent[settled].mean()) if settled.any() else from_urgent),
    )


def _limit(value: float) -> float:
    return round(value, 4)


def acceptable(chances: Floats, messages: Sequence[Message]) -> Bools:
    """Whether the likeliest field is one of the acceptable ones."""
    names = tuple(FIELDS)
    best = chances.argmax(axis=1)
    return np.array([names[at] in each.fields for at, each in zip(best, messages, strict=True)])


def legal_chance(kinds: Floats) -> Floats:
    """The probability of complaint and denunciation together."""
    return np.asarray(kinds[:, [tuple(KINDS).index(each) for each in LEGAL_KINDS]].sum(axis=1), np.float32)


def is_legal(messages: Sequence[Message]) -> Bools:
    """Complaint or denunciation by the label."""
    return np.array([each.kind in LEGAL_KINDS for each in messages])


def is_urgent(messages: Sequence[Message]) -> Bools:
    """Urgent by the label."""
    return np.array([each.urgent for each in messages])
