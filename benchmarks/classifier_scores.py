"""What answers are worth on labelled messages. The same counting for everyone: that of `classifier.evaluate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.classifier_rivals import Answer
from classifier import evaluate
from classifier.corpus import Message
from classifier.evaluate import Case, Share
from classifier.prediction import LabelScore, Prediction, Urgency

GOAL = 0.97


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures on one set; `right` tells for each message whether its field is acceptable."""

    shares: dict[str, Share]
    macro_f1: float
    covered: Share
    ranks: bool
    decides: bool
    right: tuple[bool, ...]


def score(messages: Sequence[Message], answers: Sequence[Answer], *, ranks: bool = True) -> Scores:
    """Count; raises ValueError when messages and answers differ in number."""
    cases = [Case(message, _prediction(said)) for message, said in zip(messages, answers, strict=True)]
    right = tuple(case.acceptable for case in cases)
    sure = [said.fields[0][1] for said in answers]
    return Scores(
        shares=evaluate.figures(cases),
        macro_f1=evaluate.macro_f1(cases),
        covered=Share(covered(sure, right), len(cases)),
        ranks=ranks,
        decides=any(said.decided is not None for said in answers),
        right=right,
    )


def covered(sure: Sequence[float], right: Sequence[bool], goal: float = GOAL) -> int:
    """The most that can be decided, surest first, with at least the share `goal` right; equally sure ones go together.

    The limit is chosen knowing the labels, so this is a bound on what any fixed limit can reach on these messages.
    """
    best = taken = hits = 0
    pairs = sorted(zip(sure, right, strict=True), key=lambda pair: -pair[0])
    for _, level in groupby(pairs, key=lambda pair: pair[0]):
        found = [each for _, each in level]
        taken += len(found)
        hits += sum(found)
        if hits >= goal * taken:
            best = taken
    return best


def middle(scored: Sequence[Scores]) -> Scores:
    """Of several trainings the one in the middle by acceptable fields."""
    return sorted(scored, key=lambda each: sum(each.right))[len(scored) // 2]


def apart(ours: Scores, theirs: Scores) -> tuple[int, int]:
    """Messages whose field only the first, and only the second, has right."""
    pairs = list(zip(ours.right, theirs.right, strict=True))
    return pairs.count((True, False)), pairs.count((False, True))


def _prediction(said: Answer) -> Prediction:
    fields = tuple(LabelScore(label, sure) for label, sure in said.fields)
    return Prediction(
        ward=None,
        ward_candidates=(),
        field=fields[0],
        field_candidates=fields,
        kind=LabelScore(said.kind, 1.0),
        urgent=Urgency(said.urgent, float(said.urgent)),
        needs_review=not said.decided,
        evidence=(),
        model="",
    )
