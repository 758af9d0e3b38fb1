"""The account of a reading: each decision with its words for and against, its runners-up and what stood in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from classifier.artefact import Artefact
from classifier.explain import shares
from classifier.explain.shares import Word
from classifier.heads import told
from classifier.labels import FIELDS, KINDS
from classifier.pipeline import Classifier, Raw
from classifier.prediction import Evidence, Prediction, Query
from classifier.urgency import URGENT_EVIDENCE

MOST_WORDS = 6
# A word is named when it counts at least this share of what the strongest one counts.
FAIR_PART = 0.25
RUNNERS_UP = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the original text and how much they weighed (natural logarithm of odds)."""

    start: int
    end: int
    text: str
    weight: float
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Another label, its probability, and the words that spoke for it against the chosen one."""

    id: str
    title: str
    score: float
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; the words are weighed against the first runner-up."""

    task: str
    id: str
    title: str
    score: float
    words_for: tuple[Span, ...]
    words_against: tuple[Span, ...]
    runners_up: tuple[RunnerUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """All of it. `rule`: the words by which a safety rule spoke; `urgent_from`: the limit of urgency."""

    said: Prediction
    decisions: tuple[Decision, ...]
    rule: tuple[Evidence, ...]
    urgent_from: float

    def as_json(self) -> dict[str, Any]:
        """The prediction of the contract with the decisions beside it."""
        rows = [asdict(each) for each in self.decisions]
        return {**self.said.as_json(), "decisions": rows}


def account(classifier: Classifier, query: Query) -> Account:
    """Read one message and say why."""
    said, reading = classifier.predict(query), classifier.reading(query)
    words = shares.words(query, reading.ward, classifier.artefact)
    rule = tuple(each for each in said.evidence if each.why.startswith(URGENT_EVIDENCE))
    task = _Task(query, words, classifier.artefact, reading)
    return Account(
        said,
        (task.choice("field", said.field.id), task.choice("kind", said.kind.id), task.urgency(said)),
        rule,
        classifier.artefact.thresholds.urgent,
    )


@dataclass(frozen=True, slots=True)
class _Task:
    query: Query
    words: Sequence[Word]
    made: Artefact
    reading: Raw

    def choice(self, task: str, label: str) -> Decision:
        """A decision among labels, weighed against the likeliest other one."""
        head, titles = self.made.heads[task], FIELDS if task == "field" else KINDS
        chances = dict(zip(head.labels, head.probabilities(self.reading.scores).tolist(), strict=True))
        others = sorted((each for each in head.labels if each != label), key=lambda each: -chances[each])
        runners = [
            RunnerUp(other, titles[other], told(chances[other]), self._spans(task, other, label))
            for other in others[:RUNNERS_UP]
        ]
        return Decision(
            task,
            label,
            titles[label],
            told(chances[label]),
            self._spans(task, label, others[0]),
            self._spans(task, others[0], label),
            tuple(runners),
        )

    def urgency(self, said: Prediction) -> Decision:
        """The decision whether it is urgent; a calm message has its words for being calm."""
        head = self.made.heads["urgent"]
        margin = [float(each.added[head.start]) / head.temperature for each in self.words]
        toward, against = margin, [-each for each in margin]
        if not said.urgent.value:
            toward, against = against, toward
        return Decision(
            "urgent",
            "urgent" if said.urgent.value else "calm",
            "khẩn" if said.urgent.value else "không khẩn",
            said.urgent.score if said.urgent.value else round(1 - said.urgent.score, 4),
            _joined(self.query, self.words, toward),
            _joined(self.query, self.words, against),
        )

    def _spans(self, task: str, label: str, rival: str) -> tuple[Span, ...]:
        """The words that spoke for a label against another."""
        head = self.made.heads[task]
        one, other = (head.start + head.labels.index(each) for each in (label, rival))
        return _joined(
            self.query,
            self.words,
            [float(each.added[one] - each.added[other]) / head.temperature for each in self.words],
        )


def _joined(query: Query, words: Sequence[Word], values: Sequence[float]) -> tuple[Span, ...]:
    """The strongest positive words, neighbours joined, strongest first."""
    limit = max(values, default=0) * FAIR_PART
    kept = [(word, value) for word, value in zip(words, values, strict=True) if value > 0 and value >= limit]
    spans: list[Span] = []
    for word, value in kept:
        source = (query.subject or "") if word.in_subject else query.text
        last = spans[-1] if spans else None
        if last and last.in_subject == word.in_subject and not source[last.end : word.start].strip():
            text, value = source[last.start : word.end], last.weight + value
            spans[-1] = Span(last.start, word.end, text, value, word.in_subject)
        else:
            spans.append(Span(word.start, word.end, source[word.start : word.end], value, word.in_subject))
    strongest = sorted(spans, key=lambda each: -each.weight)[:MOST_WORDS]
    return tuple(replace(each, weight=round(each.weight, 2)) for each in strongest)
