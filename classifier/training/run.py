"""The whole training: check the corpus, score held-out authors, calibrate, choose thresholds, write the artefact."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn

from classifier import artefact, card, corpus
from classifier.artefact import Artefact, Thresholds
from classifier.corpus import Message, check
from classifier.heads import Head, sigmoid, softmax
from classifier.labels import FIELDS, KINDS, LEGAL_KINDS
from classifier.training import calibrate, folds, measure
from classifier.training.calibrate import Floats
from classifier.training.folds import Model, Say, Strength

ALONE_GOAL = 0.97
LEGAL_RECALL = 0.975
URGENT_RECALL = 0.93
UNCLEAR_RECALL = 0.98
SECONDARY_FROM = 0.15
STRANGE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Result:
    """What a training left behind."""

    folder: Path
    digest: str
    seconds: float


def train(models: Path, version: str, seed: int, say: Say) -> Result:
    """Train on the corpus and write models/<version>; raises CorpusFault before any work when it is broken."""
    began = time.monotonic()
    messages = corpus.load()
    wrong = check.faults(messages)
    if wrong:
        raise corpus.CorpusFault(f"{len(wrong)} lỗi trong kho tin, đầu tiên: {wrong[0]}")
    strength = Strength()
    say(f"{len(messages)} tin; chấm chéo theo tác giả …")
    groups = [group for _, group in folds.by_author(messages)]
    scores = folds.held_out(messages, groups, seed, strength, say)
    say("Học trên toàn bộ …")
    model = folds.fit(messages, seed, strength)
    made = assemble(version, model, scores, messages)
    folder = models / version
    digest = artefact.write(folder, made, notes(messages, seed, strength))
    card.keep(
        folder,
        "held_out_authors",
        measure.held_out_authors(_moved(scores, made.heads, model), made, messages),
    )
    (models / artefact.CURRENT).write_text(version + "\n", encoding="utf-8")
    return Result(folder, digest, time.monotonic() - began)


def assemble(
    version: str, model: Model, scores: Mapping[str, Floats], messages: Sequence[Message]
) -> Artefact:
    """Heads side by side in one matrix, calibrated by held-out scores."""
    heads: dict[str, Head] = {}
    start = 0
    for name, fitted in model.heads.items():
        heat, shift = _calibration(name, scores[name], messages)
        bias = (fitted.bias + np.float32(shift)).astype(np.float32)
        heads[name] = Head(fitted.labels, start, bias, heat)
        start += len(fitted.labels)
    weights = np.concatenate([fitted.weights for fitted in model.heads.values()], axis=1)
    limits = thresholds(_moved(scores, heads, model), heads, messages)
    return Artefact(version, model.vectoriser, weights, heads, limits)


def _moved(scores: Mapping[str, Floats], heads: Mapping[str, Head], model: Model) -> dict[str, Floats]:
    """Held-out scores with the shift that calibration gave to the urgent head."""
    shift = np.float32(heads["urgent"].bias[0] - model.heads["urgent"].bias[0])
    return {**scores, "urgent": scores["urgent"] + shift}


def _calibration(name: str, scores: Floats, messages: Sequence[Message]) -> tuple[float, float]:
    if name == "urgent":
        return calibrate.binary(scores[:, 0], np.array([each.urgent for each in messages]))
    if name == "field":
        labels = list(FIELDS)
        return calibrate.temperature(scores, [labels.index(each.fields[0]) for each in messages]), 0.0
    kinds = list(KINDS)
    return calibrate.temperature(scores, [kinds.index(each.kind) for each in messages]), 0.0


def thresholds(
    scores: Mapping[str, Floats], heads: Mapping[str, Head], messages: Sequence[Message]
) -> Thresholds:
    """Decision limits from calibrated held-out probabilities."""
    field = softmax(scores["field"] / np.float32(heads["field"].temperature))
    kind = softmax(scores["kind"] / np.float32(heads["kind"].temperature))
    urgent = sigmoid(scores["urgent"][:, 0] / np.float32(heads["urgent"].temperature))
    names = list(FIELDS)
    best = field.argmax(axis=1)
    right = np.array([names[at] in each.fields for at, each in zip(best, messages, strict=True)])
    legal = kind[:, [list(KINDS).index(each) for each in LEGAL_KINDS]].sum(axis=1)
    is_legal = np.array([each.kind in LEGAL_KINDS for each in messages])
    is_urgent = np.array([each.urgent for each in messages])
    return Thresholds(
        field_alone=_limit(calibrate.precise_from(field.max(axis=1), right, ALONE_GOAL)),
        legal=_limit(calibrate.recalling_from(legal, is_legal, LEGAL_RECALL)),
        urgent=_limit(calibrate.recalling_from(urgent, is_urgent, URGENT_RECALL)),
        urgent_unclear=_limit(calibrate.recalling_from(urgent, is_urgent, UNCLEAR_RECALL)),
        secondary=SECONDARY_FROM,
        familiar=_limit(float(np.quantile(scores[folds.FAMILIAR], STRANGE_SHARE))),
    )


def _limit(value: float) -> float:
    return round(value, 4)


def notes(messages: Sequence[Message], seed: int, strength: Strength) -> dict[str, Any]:
    """What the manifest says beside hashes and thresholds."""
    return {
        "corpus": {"messages": len(messages), "sha256": corpus.digest(messages)},
        "labels": {"field": list(FIELDS), "kind": list(KINDS)},
        "seed": seed,
        "strength": asdict(strength),
        "libraries": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
