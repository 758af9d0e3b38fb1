"""Who is measured in the classifier benchmark: ours as shipped, and what one would otherwise take.

Each one says what to import, how to train into a folder, and how to load from it. Nothing heavy is imported here, so
that what a process imports and holds is that of the one contestant it measures.
"""

from __future__ import annotations

import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rivals import Message
from classifier import corpus

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Answer:
    """Fields with their confidence, likeliest first; `decided` by the contestant's own rule, None where it has none."""

    fields: tuple[tuple[str, float], ...]
    kind: str
    urgent: bool
    decided: bool | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Only `ask` is timed; `read` turns what it gave into answers, one a message."""

    ask: Callable[[Sequence[Message]], Any]
    read: Callable[[Any], list[Answer]]


@dataclass(frozen=True, slots=True)
class Contestant:
    """`trainings` above 1 where no seed can be fixed. `ranks` when it names more than its first field."""

    name: str
    about: str
    modules: tuple[str, ...]
    train: Callable[[Sequence[corpus.Message], Path], None] | None
    load: Callable[[Path], Reader]
    trainings: int = 1
    ranks: bool = True
    ours: bool = False


def _joined(messages: Sequence[corpus.Message]) -> list[str]:
    return [Message(each.text, each.subject).joined for each in messages]


# What each model learns; a model of its own for each.
TARGETS: dict[str, Callable[[corpus.Message], str]] = {
    "field": lambda message: message.fields[0],
    "kind": lambda message: message.kind,
    "urgent": lambda message: "urgent" if message.urgent else "calm",
}

# --- Ours -----------------------------------------------------------------------------------------------------------


def _load_ours(_folder: Path) -> Reader:
    from classifier import Classifier
    from classifier.prediction import Query

    classifier = Classifier.load()
    return Reader(
        lambda messages: classifier.predict_many([Query(each.text, each.subject) for each in messages]),
        lambda found: [_read_ours(each) for each in found],
    )


def _read_ours(said: Any) -> Answer:
    fields = tuple((each.id, each.score) for each in said.field_candidates)
    return Answer(fields, said.kind.id, said.urgent.value, not said.needs_review)


# --- The commonest --------------------------------------------------------------------------------------------------


def _train_majority(messages: Sequence[corpus.Message], folder: Path) -> None:
    counted = {name: Counter(map(target, messages)) for name, target in TARGETS.items()}
    fields = [(label, count / len(messages)) for label, count in counted["field"].most_common()]
    kind, urgent = (counted[name].most_common(1)[0][0] for name in ("kind", "urgent"))
    (folder / "majority.json").write_text(json.dumps([fields, kind, urgent == "urgent"]), encoding="utf-8")


def _load_majority(folder: Path) -> Reader:
    fields, kind, urgent = json.loads((folder / "majority.json").read_text(encoding="utf-8"))
    answer = Answer(tuple((label, share) for label, share in fields), kind, urgent)
    return Reader(lambda messages: [answer for _ in messages], list)


# --- Keywords -------------------------------------------------------------------------------------------------------

# A concept is called after its field, in full or by these first words; those of kinds belong to no field.
FIELD_OF = {
    "admin": "admin_procedure",
    "conduct": "official_conduct",
    "health": "health_food_safety",
    "lighting": "street_lighting",
    "social": "social_welfare",
    "street": "street_order",
    "traffic": "traffic_violation",
    "water": "water_supply",
}
# The kind whose phrase is found first, accents apart; chosen on the training corpus. A closing "?" asks, else it reports.
KIND_CUES = (
    ("denunciation", ("tố cáo", "tố giác", "bảo kê")),
    ("complaint", ("khiếu nại", "không đồng ý", "xem xét lại", "xem lại", "quyết định")),
    ("proposal", ("kiến nghị", "đề xuất", "đề nghị xây", "xây thêm", "lắp thêm", "nên có")),
    ("question", ("cho hỏi", "xin hỏi", "hỏi thủ tục")),
    ("thanks", ("cảm ơn", "khen", "biểu dương")),
    ("spam", ("test", "lãi suất", "khuyến mại", "ưu đãi")),
)


def _load_keywords(_folder: Path) -> Reader:
    from classifier import urgency
    from classifier.labels import FIELDS
    from classifier.lexicon import concepts
    from classifier.normalise import fold

    lexicon, safety = concepts(), urgency.safety()
    prefixes = [name.partition(".")[0] for name in lexicon.names]
    fields = [FIELD_OF.get(prefix, prefix) for prefix in prefixes]
    cues = [(f" {fold(phrase).text} ", kind) for kind, phrases in KIND_CUES for phrase in phrases]

    def answer(message: Message) -> Answer:
        folded = fold(message.joined)
        named = (fields[hit.concept] for hit in lexicon.find(folded))
        hits = Counter(field for field in named if field in FIELDS)
        otherwise = "question" if message.joined.rstrip().endswith("?") else "report"
        kind = next((kind for cue, kind in cues if cue in f" {folded.text} "), otherwise)
        return Answer(_by_hits(hits, fields), kind, safety.find(folded) is not None)

    return Reader(lambda messages: [answer(each) for each in messages], list)


def _by_hits(hits: Counter[str], order: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Most hits first, ties in the order of the table; sure by as many hits as the best is ahead of the next."""
    if not hits:
        return (("other", 0.0),)
    ranked = sorted(hits, key=lambda field: (-hits[field], order.index(field)))
    ahead = hits[ranked[0]] - (hits[ranked[1]] if len(ranked) > 1 else 0)
    return ((ranked[0], float(ahead)), *((field, 0.0) for field in ranked[1:]))


# --- Signalen -------------------------------------------------------------------------------------------------------

# The recipe as read at github.com/Signalen/classification (app/engine.py, MPL-2.0) and, for the limit,
# github.com/Amsterdam/signals-frontend (set-classification). Kept: lower case with what is no letter or digit as blanks,
# word counts, scaled to unit length without idf, logistic regression with L1 by liblinear (C = 1), one against the rest,
# and a grid search by accuracy in five folds over single words or pairs too, and over balanced classes or not; below
# 0.41 the field is "other". Of their 300 or 500 iterations only 500: fits that end sooner are the same. Not kept, being
# Dutch: stop words and stemmer; nor, our fields having one level: the second model for the main category. They learn
# from nine tenths of their messages, here from all.
MINIMUM_CERTAINTY = 0.41


def blanked(text: str) -> str:
    """Lower case; whatever is neither letter nor digit becomes a blank."""
    return re.sub(r"\W", " ", text.lower())


def _train_signalen(messages: Sequence[corpus.Message], folder: Path) -> None:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import Pipeline

    # `l1_ratio` of 1 is what was called penalty="l1"; liblinear takes one class at a time since scikit-learn 1.8.
    regression = LogisticRegression(l1_ratio=1.0, solver="liblinear", max_iter=500, random_state=SEED)
    steps = (
        ("count", CountVectorizer(preprocessor=blanked)),
        ("scale", TfidfTransformer(use_idf=False)),
        ("tell", OneVsRestClassifier(regression)),
    )
    grid = {"count__ngram_range": [(1, 1), (1, 2)], "tell__estimator__class_weight": [None, "balanced"]}
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    texts = _joined(messages)
    for name, target in TARGETS.items():
        search = GridSearchCV(Pipeline(steps), grid, cv=folds).fit(texts, [*map(target, messages)])
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(search.best_estimator_))


def _load_signalen(folder: Path) -> Reader:
    field, kind, urgent = (pickle.loads((folder / f"{name}.pickle").read_bytes()) for name in TARGETS)
    labels = [str(label) for label in field.classes_]

    def ask(messages: Sequence[Message]) -> Any:
        texts = [each.joined for each in messages]
        return field.predict_proba(texts).tolist(), kind.predict(texts), urgent.predict(texts)

    def read(found: Any) -> list[Answer]:
        return [
            _read_signalen(labels, chances, str(kind), str(danger) == "urgent")
            for chances, kind, danger in zip(*found, strict=True)
        ]

    return Reader(ask, read)


def _read_signalen(labels: Sequence[str], chances: Sequence[float], kind: str, urgent: bool) -> Answer:
    ranked = sorted(zip(labels, chances, strict=True), key=lambda pair: -pair[1])
    return Answer(tuple(ranked), kind, urgent, ranked[0][1] >= MINIMUM_CERTAINTY)


# --- underthesea ----------------------------------------------------------------------------------------------------


def _train_underthesea(messages: Sequence[corpus.Message], folder: Path) -> None:
    from underthesea_core import TextClassifier  # type: ignore[import-untyped]

    texts = _joined(messages)
    for name, target in TARGETS.items():
        model = TextClassifier()
        model.fit(texts, [target(message) for message in messages])
        model.save(str(folder / f"{name}.bin"))


def _load_underthesea(folder: Path) -> Reader:
    from underthesea_core import TextClassifier

    field, kind, urgent = (TextClassifier.load(str(folder / f"{name}.bin")) for name in TARGETS)

    def ask(messages: Sequence[Message]) -> Any:
        texts = [each.joined for each in messages]
        return field.predict_with_scores(texts), kind.predict_batch(texts), urgent.predict_batch(texts)

    def read(found: Any) -> list[Answer]:
        return [
            Answer(((label, score),), kind, danger == "urgent")
            for (label, score), kind, danger in zip(*found, strict=True)
        ]

    return Reader(ask, read)


CONTESTANTS = (
    Contestant(
        "ours",
        "the shipped artefact by `Classifier.load()`; it also reads the ward and gathers evidence, which its speed includes",
        ("classifier.pipeline", "underthesea"),
        None,
        _load_ours,
        ours=True,
    ),
    Contestant(
        "commonest",
        "the commonest field, kind and urgency of the corpus, always",
        (),
        _train_majority,
        _load_majority,
    ),
    Contestant(
        "keywords",
        "phrases of `classifier/lexicon/concepts.tsv`, most hits win; urgent by the safety tables alone; kind by a few cue"
        " words. As sure as the best field's hits are ahead of the next one's",
        ("classifier.lexicon", "classifier.urgency"),
        None,
        _load_keywords,
    ),
    Contestant(
        "Signalen's recipe",
        "word counts of unit length without idf, L1 logistic regression one against the rest, grid search as published by"
        " the City of Amsterdam (github.com/Signalen/classification), without their Dutch stop words and stemmer; its own"
        " rule is to suggest from 0.41 on",
        ("sklearn.feature_extraction.text", "sklearn.multiclass", "sklearn.linear_model", "sklearn.pipeline"),
        _train_signalen,
        _load_signalen,
    ),
    Contestant(
        "underthesea-core",
        "its `TextClassifier` (TF-IDF and a linear SVM, in Rust) with default settings. It takes no seed and no two"
        " trainings are alike: of five the one in the middle by acceptable fields is shown. It names one field only",
        ("underthesea_core",),
        _train_underthesea,
        _load_underthesea,
        trainings=5,
        ranks=False,
    ),
)
BY_NAME = {each.name: each for each in CONTESTANTS}
