"""Figures of a training: every message judged by a model that saw none of its author's messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from classifier import urgency
from classifier.corpus import Message
from classifier.evaluate import SLICES, mean_f1
from classifier.labels import FIELDS, KINDS
from classifier.training import calibrate, samples
from classifier.training.assemble import Decided, acceptable, is_legal, is_urgent
from classifier.training.calibrate import Bools, Floats


def ruled(messages: Sequence[Message]) -> Bools:
    """Whether a safety rule finds a danger in each message, read as the run time reads it."""
    rules = urgency.safety()
    return np.array([rules.find(each.read.folded) is not None for each in samples.plain(messages)])


def held_out_authors(decided: Decided, messages: Sequence[Message]) -> dict[str, Any]:
    """Shares between 0 and 1 on all messages and by slices. The ward plays no part here."""
    said, sure = decided.said, decided.sure
    right = acceptable(said.field, messages)
    best = said.field.max(axis=1)
    exact = np.array(
        [
            FIELD_IDS[at] == each.fields[0]
            for at, each in zip(said.field.argmax(axis=1), messages, strict=True)
        ]
    )
    return {
        "messages": len(messages),
        "field_acceptable": _share(right),
        "field_exact": _share(exact),
        "field_top3": _share(_in_top3(said.field, messages)),
        "field_macro_f1": round(macro_f1(said.field, messages), 4),
        "field_ece": round(calibrate.ece(best, exact), 4),
        "field_sure": _share(sure),
        "field_right_where_sure": _share(right[sure]),
        "kind_exact": _share(_exact_kind(said.kind, messages)),
        "legal": _found(decided.legal, is_legal(messages)),
        "urgent_by_model_alone": _found(decided.urgent_by_model, is_urgent(messages)),
        "urgent_with_rules": _found(decided.urgent, is_urgent(messages)),
        **{f"field_acceptable_by_{name}": _by(right, messages, key) for name, key in BY.items()},
    }


FIELD_IDS = tuple(FIELDS)
BY = {**SLICES, "author": lambda each: each.author}


def macro_f1(chances: Floats, messages: Sequence[Message]) -> float:
    """Mean F1 over the primary fields that occur; an acceptable answer counts as the primary one."""
    gold = [each.fields[0] for each in messages]
    right = acceptable(chances, messages)
    told = [
        wanted if fine else FIELD_IDS[at]
        for wanted, fine, at in zip(gold, right, chances.argmax(axis=1), strict=True)
    ]
    return mean_f1(list(zip(gold, told, strict=True)))


def _in_top3(chances: Floats, messages: Sequence[Message]) -> Bools:
    order = np.argsort(-chances, axis=1)[:, :3]
    return np.array(
        [any(FIELD_IDS[at] in each.fields for at in row) for row, each in zip(order, messages, strict=True)]
    )


def _exact_kind(chances: Floats, messages: Sequence[Message]) -> Bools:
    kinds = tuple(KINDS)
    return np.array(
        [kinds[at] == each.kind for at, each in zip(chances.argmax(axis=1), messages, strict=True)]
    )


def _found(said: Bools, wanted: Bools) -> dict[str, float]:
    return {"recall": _share(said[wanted]), "precision": _share(wanted[said])}


def _by(right: Bools, messages: Sequence[Message], key: Callable[[Message], str]) -> dict[str, float]:
    names = np.array([key(each) for each in messages])
    return {name: _share(right[names == name]) for name in sorted(set(names.tolist()))}


def _share(found: Bools) -> float:
    return round(float(found.mean()), 4) if len(found) else 0.0
