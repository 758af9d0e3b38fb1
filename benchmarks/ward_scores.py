"""What answers are worth on labelled messages. The same counting for everyone: that of `classifier.wards.evaluate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.rivals import Answer
from classifier.prediction import WardReading, WardScore
from classifier.shares import wilson
from classifier.wards.evaluate import Case, Tally
from classifier.wards.units import unit

GROUPS = ("determined", "several", "none", "outside")


@dataclass(frozen=True, slots=True)
class Scores:
    """Tallies by group, and those of the determined messages by style."""

    groups: dict[str, Tally]
    styles: dict[str, Tally]

    def right(self) -> tuple[int, int, float, float]:
        """Right and asserted among the determined, with the interval of the share."""
        tally = self.groups["determined"]
        return (tally.right, tally.asserted, *wilson(tally.right, tally.asserted))


def score(cases: Sequence[Case], answers: Sequence[Sequence[Answer]]) -> Scores:
    """Count the best of each message's answers; raises ValueError when messages and answers differ in number."""
    found = Scores({name: Tally() for name in GROUPS}, {})
    for case, variants in zip(cases, answers, strict=True):
        reading = _reading(best(case, variants))
        found.groups[case.group].add(case, reading)
        if case.group == "determined":
            found.styles.setdefault(case.style, Tally()).add(case, reading)
    return found


def best(case: Case, variants: Sequence[Answer]) -> Answer:
    """The answer that serves the contestant most. Knowing the label, this is kinder than any use of it could be."""
    return max(variants, key=lambda each: _merit(case, each))


def _merit(case: Case, answer: Answer) -> tuple[float, ...]:
    """Determined: right, then silent, then wrong. Several: recall, then not too sure. No unit: silent, then outside said."""
    silent = float(answer.ward is None)
    recall = len(case.gold & set(answer.listed)) / len(case.gold) if case.gold else 0.0
    few = -float(len(answer.listed))
    if case.group == "determined":
        return (2.0 if answer.ward in case.gold else silent, recall, few)
    if case.group == "several":
        return (recall, silent, few)
    return (silent, float(answer.outside == (case.group == "outside")), few)


def _reading(answer: Answer) -> WardReading:
    ward = None if answer.ward is None else _named(answer.ward)
    return WardReading(ward, tuple(_named(code) for code in answer.listed), outside_hanoi=answer.outside)


def _named(code: str) -> WardScore:
    return WardScore(code, unit(code).name, 1.0)
