"""Text in, prediction out: ward by the gazetteer, field, kind and urgency by one model and its safety rules."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
from classifier.labels import ANSWERLESS
from classifier.language import language
from classifier.prediction import Evidence, LabelScore, Prediction, Query, Urgency, WardReading
from classifier.review import Reading
from classifier.wards import Resolver

__all__ = ["ArtefactInvalid", "Classifier"]

Floats = NDArray[np.float32]
Features = tuple[NDArray[np.int32], Floats]

MODELS = Path(__file__).parent.parent / "models"
FIELD_CANDIDATES = 5
AT_ONCE = 256


@contextmanager
def _no_collector() -> Iterator[None]:
    """Tables are objects that stay: to look for garbage among them takes a quarter of the time of loading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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
        with _no_collector():
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
        return self.predict_many((query,))[0]

    def predict_many(self, queries: Iterable[Query]) -> list[Prediction]:
        """`predict` for each, in order; a stage at a time, so that what a stage needs stays in the processor's cache."""
        listed = list(queries)
        found: list[Prediction] = []
        for at in range(0, len(listed), AT_ONCE):
            part = listed[at : at + AT_ONCE]
            wards = self._resolver.resolve_many(part)
            reads = [read_query(query, ward.evidence) for query, ward in zip(part, wards, strict=True)]
            features = [self._made.vectoriser.transform(read) for read in reads]
            found += map(self._decide, part, wards, reads, features)
        return found

    def reading(self, query: Query) -> Raw:
        """What lies behind `predict`: for explanations."""
        ward = self._resolver.resolve(query)
        read = read_query(query, ward.evidence)
        return Raw(ward, read, self._made.score(*self._made.vectoriser.transform(read)))

    def _decide(self, query: Query, ward: WardReading, read: Views, features: Features) -> Prediction:
        made, limits = self._made, self._made.thresholds
        raw = Raw(ward, read, made.score(*features))
        fields = self._fields(raw.scores)
        kind, _ = kinds.decide(made.heads["kind"].labels, self._chances("kind", raw.scores), limits.legal)
        urgent, rule = self._urgency(raw, kind)
        tongue = language(query.text, read.plain)
        known = familiarity(made.vectoriser, read)
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
        limits = self._made.thresholds
        score = float(self._chances("urgent", raw.scores)[0])
        # Where the model is sure that all is calm, a rule would change nothing, unless a message of thanks hides a danger.
        looked = score >= limits.urgent_unclear or kind.id in ANSWERLESS
        rule = self._safety.find(raw.read.folded) if looked else None
        if rule is not None and urgency.outranks(score, kind.id, limits.urgent_unclear):
            score = max(score, limits.rule_score)
            return Urgency(True, told(score)), rule
        return Urgency(score >= urgency.urgent_from(kind.id, limits.urgent), told(score)), rule

    def _evidence(
        self, query: Query, raw: Raw, label: str, rule: urgency.Danger | None
    ) -> tuple[Evidence, ...]:
        words = field_evidence(query, raw.ward, self._made, raw.scored, label)
        return (*words, *urgency.evidence(query, raw.ward, self._safety)) if rule else words
