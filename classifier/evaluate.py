"""Figures of the whole pipeline on labelled messages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifier.corpus import Message
from classifier.labels import FIELDS, LEGAL_KINDS
from classifier.prediction import Prediction
from classifier.shares import wilson


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % Wilson interval."""

    right: int
    total: int

    @property
    def value(self) -> float:
        """The share; 0 for nothing."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound."""
        return wilson(self.right, self.total)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%}  [{low:.1%}–{high:.1%}]  {self.right}/{self.total}"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled message and what the classifier said."""

    message: Message
    said: Prediction

    @property
    def acceptable(self) -> bool:
        """The field stands in the acceptable set."""
        return self.said.field.id in self.message.fields

    @property
    def legal(self) -> bool:
        """Complaint or denunciation by its label."""
        return self.message.kind in LEGAL_KINDS


def share(cases: Sequence[Case], test: Callable[[Case], bool]) -> Share:
    """How many cases pass."""
    return Share(sum(map(test, cases)), len(cases))


def figures(cases: Sequence[Case]) -> dict[str, Share]:
    """Every share by its name; recall and precision are shares of the wanted and of the said."""
    alone = [case for case in cases if not case.said.needs_review]
    legal = [case for case in cases if case.legal]
    said_legal = [case for case in cases if case.said.kind.id in LEGAL_KINDS]
    urgent = [case for case in cases if case.message.urgent]
    said_urgent = [case for case in cases if case.said.urgent.value]
    return {
        "field_acceptable": share(cases, lambda case: case.acceptable),
        "field_exact": share(cases, lambda case: case.said.field.id == case.message.fields[0]),
        "field_top3": share(cases, _in_top3),
        "alone_share": Share(len(alone), len(cases)),
        "alone_field_right": share(alone, lambda case: case.acceptable),
        "kind_exact": share(cases, lambda case: case.said.kind.id == case.message.kind),
        "legal_recall": share(legal, lambda case: case.said.kind.id in LEGAL_KINDS),
        "legal_precision": share(said_legal, lambda case: case.legal),
        "urgent_recall": share(urgent, lambda case: case.said.urgent.value),
        "urgent_precision": share(said_urgent, lambda case: case.message.urgent),
    }


def _in_top3(case: Case) -> bool:
    return any(each.id in case.message.fields for each in case.said.field_candidates[:3])


def length_of(message: Message) -> str:
    """The message's class of length."""
    words = len(message.text.split())
    return next((name for most, name in LENGTHS if words < most), "80 words and more")


LENGTHS = ((15, "under 15 words"), (40, "15-39 words"), (80, "40-79 words"))
SLICES: dict[str, Callable[[Message], str]] = {
    "register": lambda each: each.register,
    "channel": lambda each: each.channel,
    "length": length_of,
    "field": lambda each: each.fields[0],
}


def slices(cases: Sequence[Case]) -> dict[str, dict[str, Share]]:
    """Acceptable fields by style, channel, length and primary field."""
    return {name: _sliced(cases, key) for name, key in SLICES.items()}


def by_style(cases: Sequence[Case]) -> dict[str, Share]:
    """Acceptable fields by style."""
    return _sliced(cases, SLICES["register"])


def _sliced(cases: Sequence[Case], key: Callable[[Message], str]) -> dict[str, Share]:
    parts: dict[str, list[Case]] = {}
    for case in cases:
        parts.setdefault(key(case.message), []).append(case)
    return {name: share(parts[name], lambda case: case.acceptable) for name in sorted(parts)}


def macro_f1(cases: Sequence[Case]) -> float:
    """Mean F1 over the primary fields that occur; an acceptable answer counts as the primary one."""
    return mean_f1([(case.message.fields[0], _credited(case)) for case in cases])


def mean_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the fields that occur; pairs of the label and what was told."""
    scores = []
    for label in FIELDS:
        right = sum(gold == label == said for gold, said in pairs)
        wanted = sum(gold == label for gold, _ in pairs)
        told = sum(said == label for _, said in pairs)
        if wanted:
            scores.append(2 * right / (wanted + told))
    return sum(scores) / len(scores) if scores else 0.0


def _credited(case: Case) -> str:
    return case.message.fields[0] if case.acceptable else case.said.field.id


def field_ece(cases: Sequence[Case], bins: int = 10) -> float:
    """Gap between the stated and the true share of exact primary fields over equally full bins."""
    order = sorted(cases, key=lambda case: case.said.field.score)
    size = math.ceil(len(order) / bins) or 1
    total = 0.0
    for at in range(0, len(order), size):
        part = order[at : at + size]
        stated = sum(case.said.field.score for case in part)
        total += abs(stated - sum(case.said.field.id == case.message.fields[0] for case in part))
    return total / len(order) if order else 0.0


def report(cases: Sequence[Case]) -> list[str]:
    """The figures as lines; errors by id only, never with the message."""
    lines = [f"{name:18} {value}" for name, value in figures(cases).items()]
    lines += [f"{'field_macro_f1':18} {macro_f1(cases):.3f}", f"{'field_ece':18} {field_ece(cases):.3f}"]
    lines += [f"style {style:13}{value}" for style, value in by_style(cases).items()]
    for case in cases:
        wrong = errors(case)
        if wrong:
            lines.append(f"{case.message.id}: {'; '.join(wrong)}")
    return lines


def errors(case: Case) -> list[str]:
    """What was read wrongly, in identifiers."""
    message, said = case.message, case.said
    found = []
    if not case.acceptable:
        found.append(f"field {said.field.id}, not {message.fields[0]}")
    if said.kind.id != message.kind:
        found.append(f"kind {said.kind.id}, not {message.kind}")
    if said.urgent.value != message.urgent:
        found.append(f"urgent {said.urgent.value}")
    return found
