"""Figures of a training: every message judged by a model that saw none of its author's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from classifier import urgency
from classifier.artefact import Artefact
from classifier.corpus import Message
from classifier.features.views import views
from classifier.heads import sigmoid, softmax
from classifier.labels import FIELDS, KINDS, LEGAL_KINDS
from classifier.training import calibrate
from classifier.training.calibrate import Bools, Floats


def held_out_authors(
    scores: Mapping[str, Floats], made: Artefact, messages: Sequence[Message]
) -> dict[str, Any]:
    """Shares between 0 and 1 on all messages, by register and by field. The ward plays no part here."""
    chances = softmax(scores["field"] / np.float32(made.heads["field"].temperature))
    right = _acceptable(chances, messages)
    top3 = np.array(
        [
            any(FIELD_IDS[at] in each.fields for at in np.argsort(-row)[:3])
            for row, each in zip(chances, messages, strict=True)
        ]
    )
    best = chances.max(axis=1)
    exact = np.array(
        [FIELD_IDS[at] == each.fields[0] for at, each in zip(chances.argmax(axis=1), messages, strict=True)]
    )
    sure = best >= made.thresholds.field_alone
    return {
        "messages": len(messages),
        "field_acceptable": _share(right),
        "field_exact": _share(exact),
        "field_top3": _share(top3),
        "field_ece": round(calibrate.ece(best, exact), 4),
        "field_sure": _share(sure),
        "field_right_where_sure": _share(right[sure]),
        "legal": _legal(scores["kind"], made, messages),
        "urgent_by_model_alone": _found(
            _urgent_chances(scores["urgent"], made) >= made.thresholds.urgent, _is_urgent(messages)
        ),
        "urgent_with_rules": _urgent(scores["urgent"], made, messages),
        "field_acceptable_by_register": _by(right, [each.register for each in messages]),
        "field_acceptable_by_field": _by(right, [each.fields[0] for each in messages]),
        "field_acceptable_by_author": _by(right, [each.author for each in messages]),
    }


FIELD_IDS = tuple(FIELDS)


def _acceptable(chances: Floats, messages: Sequence[Message]) -> Bools:
    best = chances.argmax(axis=1)
    return np.array([FIELD_IDS[at] in each.fields for at, each in zip(best, messages, strict=True)])


def _legal(scores: Floats, made: Artefact, messages: Sequence[Message]) -> dict[str, float]:
    chances = softmax(scores / np.float32(made.heads["kind"].temperature))
    said = chances[:, [tuple(KINDS).index(kind) for kind in LEGAL_KINDS]].sum(axis=1) >= made.thresholds.legal
    return _found(said, np.array([each.kind in LEGAL_KINDS for each in messages]))


def _urgent(scores: Floats, made: Artefact, messages: Sequence[Message]) -> dict[str, float]:
    """Model and safety rules together, by the kinds that people gave."""
    chances = _urgent_chances(scores, made)
    rules = urgency.safety()
    named = np.array(
        [
            each.kind in urgency.CAN_BE_URGENT
            and rules.find(views(each.text, each.subject).folded) is not None
            for each in messages
        ]
    )
    said = (chances >= made.thresholds.urgent) | (named & (chances >= urgency.RULE_FROM))
    return _found(said, _is_urgent(messages))


def _urgent_chances(scores: Floats, made: Artefact) -> Floats:
    return sigmoid(scores[:, 0] / np.float32(made.heads["urgent"].temperature))


def _is_urgent(messages: Sequence[Message]) -> Bools:
    return np.array([each.urgent for each in messages])


def _found(said: Bools, wanted: Bools) -> dict[str, float]:
    return {"recall": _share(said[wanted]), "precision": _share(wanted[said])}


def _by(right: Bools, keys: Sequence[str]) -> dict[str, float]:
    names = np.array(keys)
    return {key: _share(right[names == key]) for key in sorted(set(keys))}


def _share(found: Bools) -> float:
    return round(float(found.mean()), 4) if len(found) else 0.0
