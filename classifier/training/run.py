"""The whole training: check the corpus, score held-out authors, calibrate, choose thresholds, write the artefact."""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn

from classifier import artefact, card, corpus
from classifier.artefact import Artefact
from classifier.corpus import Message, Phrase, check, second
from classifier.labels import FIELDS, KINDS
from classifier.lexicon import concepts, field_of
from classifier.training import assemble, folds, measure
from classifier.training.folds import Material, Recipe, Say

GROUPS = 6


@dataclass(frozen=True, slots=True)
class Result:
    """What a training left behind."""

    folder: Path
    digest: str
    seconds: float


def material() -> Material:
    """`sources`, checked; raises CorpusFault when they are broken."""
    wrong = check.everything(corpus.load(), corpus.phrases())
    if wrong:
        raise corpus.CorpusFault(f"{len(wrong)} lỗi trong kho tin, đầu tiên: {wrong[0]}")
    return sources()


def sources() -> Material:
    """The corpus with both annotators' labels, and the phrases."""
    return Material(second.merged(corpus.load()), [*_concept_phrases(), *corpus.phrases()])


def _concept_phrases() -> list[Phrase]:
    named = ((field_of(concept), text) for concept, text in concepts().entries)
    return [Phrase(field, text) for field, text in named if field]


def train(models: Path, version: str, seed: int, say: Say) -> Result:
    """Train and write models/<version>; raises CorpusFault before any work when the corpus is broken."""
    began = time.monotonic()
    known, recipe = material(), Recipe()
    made, figures = build(known, version, seed, recipe, GROUPS, say)
    with tempfile.TemporaryDirectory(dir=models) as aside:
        digest = artefact.write(Path(aside), made, notes(known, seed, recipe))
        card.keep(Path(aside), "held_out_authors", figures)
        folder = _put(Path(aside), models / version)
    (models / artefact.CURRENT).write_text(version + "\n", encoding="utf-8")
    return Result(folder, digest, time.monotonic() - began)


def build(
    known: Material, version: str, seed: int, recipe: Recipe, parts: int, say: Say
) -> tuple[Artefact, dict[str, Any]]:
    """The artefact of a corpus, and its figures on held-out authors in `parts` groups; the same input, the same bytes."""
    messages = known.messages
    say(f"{len(messages)} tin, {len(known.phrases)} cụm từ; đếm từ …")
    drawn = folds.draw(known, seed)
    say("Chấm chéo theo tác giả …")
    groups = folds.by_author(messages, parts)
    scores = folds.held_out(drawn, groups, seed, recipe, say)
    say("Học trên toàn bộ …")
    model = folds.fit(drawn, drawn.rows((), recipe), seed, recipe)
    mixed = assemble.mixtures(scores, messages)
    ruled = measure.ruled(messages)
    limits = assemble.thresholds(assemble.judged(scores, mixed), messages, ruled)
    decided = assemble.crossed(scores, groups, messages, ruled)
    return assemble.artefact(version, model, mixed, limits), measure.held_out_authors(decided, messages)


def _put(made: Path, folder: Path) -> Path:
    """Move the files to their folder when all of them are written; what stood there under other names goes."""
    folder.mkdir(exist_ok=True)
    names = {path.name for path in made.iterdir()}
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()
    for name in sorted(names):
        (made / name).replace(folder / name)
    return folder


def notes(known: Material, seed: int, recipe: Recipe) -> dict[str, Any]:
    """What the manifest says beside hashes and thresholds."""
    messages: Sequence[Message] = known.messages
    return {
        "corpus": {
            "messages": len(messages),
            "authors": len({each.author for each in messages}),
            "phrases": len(known.phrases),
            "sha256": corpus.digest([*messages, *known.phrases]),
        },
        "labels": {"field": list(FIELDS), "kind": list(KINDS)},
        "seed": seed,
        "recipe": {
            "strength": recipe.strength,
            "phrase_weight": recipe.phrase_weight,
            "units": recipe.network.units,
            "rounds": recipe.network.rounds,
            "groups": GROUPS,
        },
        "libraries": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
