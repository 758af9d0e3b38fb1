"""Text in, prediction out: ward by the gazetteer, field, kind and urgency by one model and its safety rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier import artefact, kinds, review, tokenise, urgency
from classifier.artefact import Artefact, ArtefactInvalid, Scored
from classifier.explain.evidence import field_evidence
from classifier.features.vectoriser import familiarity
from classifier.features.views import Views, read_query
from classifier.gist import gist
from classifier.heads import told
from classifier.language import language
from classifier.prediction import Evidence, LabelScore, Prediction, Query, Urgency, WardReading
from classifier.review import Reading
from classifier.wards import Resolver

__all__ = ["ArtefactInvalid", "Classifier"]

Floats = NDArray[np.float32]

MODELS = Path(__file__).parent.parent / "models"
FIELD_CANDIDATES = 5
# How often a safety rule is right by the labels: 206 of 236 on authors a1-a6, whose false alarms shaped the tables, and
# 70 of 78 on a7 and a8, who came later. An estimate, to be measured again when the tables change.
RULE_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Raw:
    """A message on its way to a prediction."""

    ward: WardReading
    read: Views
    scored: Scored

    @property
    def scores(self) -> Floats:
        """Of all heads, side by side."""
        return self.scored.scores


class Classifier:
    """Reads messages; immutable after loading, safe to share between threads."""

    def __init__(self, made: Artefact, resolver: Resolver) -> None:
        self._made = made
        self._resolver = resolver
        self._safety = urgency.safety()

    @classmethod
    def load(cls, models_dir: Path | str = MODELS) -> Classifier:
        """The artefact that `models_dir`/CURRENT names; raises ArtefactInvalid when it is missing or changed."""
        made = artefact.load(artefact.current(Path(models_dir)))
        tokenise.normalise_text("hoà")  # the slow import happens here, not in the middle of a message
        return cls(made, Resolver.load())

    @property
    def version(self) -> str:
        """Name of the artefact in use."""
        return self._made.version

    @property
    def artefact(self) -> Artefact:
        """What the predictions are computed from."""
        return self._made

    def predict(self, query: Query) -> Prediction:
        """The reading of one message. Total: any text gives one."""
        return self._read(query, self._resolver.resolve(query))

    def predict_many(self, queries: Iterable[Query]) -> list[Prediction]:
        """`predict` for each, in order."""
        listed = list(queries)
        wards = self._resolver.resolve_many(listed)
        return [self._read(query, ward) for query, ward in zip(listed, wards, strict=True)]

    def reading(self, query: Query) -> Raw:
        """What lies behind `predict`: for explanations."""
        return self._raw(query, self._resolver.resolve(query))

    def _raw(self, query: Query, ward: WardReading) -> Raw:
        read = read_query(query, ward.evidence)
        return Raw(ward, read, self._made.score(*self._made.vectoriser.transform(read)))

    def _read(self, query: Query, ward: WardReading) -> Prediction:
        made, limits = self._made, self._made.thresholds
        raw = self._raw(query, ward)
        fields = self._fields(raw.scores)
        kind, _ = kinds.decide(made.heads["kind"].labels, self._chances("kind", raw.scores), limits.legal)
        urgent, rule = self._urgency(raw, kind)
        tongue = language(query.text, raw.read.plain)
        known = familiarity(made.vectoriser, raw.read)
        person = review.review(Reading(ward, fields, kind, urgent, rule, known, tongue), limits)
        evidence = (*ward.evidence, *self._evidence(query, raw, fields[0].id, rule))
        return Prediction(
            ward=ward.ward,
            ward_candidates=ward.candidates,
            field=fields[0],
            field_candidates=fields,
            kind=kind,
            urgent=urgent,
            needs_review=person.needed,
            evidence=evidence,
            model=made.version,
            secondary_fields=tuple(each for each in fields[1:] if each.score >= limits.secondary),
            outside_hanoi=ward.outside_hanoi,
            language=tongue,
            reasons=person.reasons,
            gist=gist(query.text, evidence),
        )

    def _chances(self, head: str, scores: Floats) -> Floats:
        return self._made.heads[head].probabilities(scores)

    def _fields(self, scores: Floats) -> tuple[LabelScore, ...]:
        chances = self._chances("field", scores)
        labels = self._made.heads["field"].labels
        order = np.argsort(-chances, kind="stable")[:FIELD_CANDIDATES]
        return tuple(LabelScore(labels[at], told(float(chances[at]))) for at in order)

    def _urgency(self, raw: Raw, kind: LabelScore) -> tuple[Urgency, urgency.Danger | None]:
        score = float(self._chances("urgent", raw.scores)[0])
        may = kind.id in urgency.CAN_BE_URGENT and score >= urgency.RULE_FROM
        rule = self._safety.find(raw.read.folded) if may else None
        if rule is not None:
            score = max(score, RULE_SCORE)
        return Urgency(rule is not None or score >= self._made.thresholds.urgent, told(score)), rule

    def _evidence(
        self, query: Query, raw: Raw, label: str, rule: urgency.Danger | None
    ) -> tuple[Evidence, ...]:
        words = field_evidence(query, raw.ward, self._made, raw.scored, label)
        return (*words, *urgency.evidence(query, self._safety)) if rule else words
