"""`python -m benchmarks.study [--record]`: what each part of the training brings, and how much another author brings.

Every variant is trained on the same authors and asked about authors that none of them saw.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from benchmarks.classifier_scores import covered
from classifier.corpus import Message
from classifier.shares import wilson
from classifier.training import assemble, folds, measure, run
from classifier.training.calibrate import Floats
from classifier.training.folds import HEADS, Drawn, Recipe, Scores

SEED = 20260101
HELD_OUT = 3
"""Every third author is held out."""
CURVE = (1, 2, 4, 8)
DRAWS = 3
"""Choices of authors for each point of the curve."""
RECORD = Path(__file__).parent / "study.md"
SHIPPED = Recipe()
BLOCKS = SHIPPED.blocks

VARIANTS: dict[str, Recipe] = {
    "as shipped": SHIPPED,
    "without phrases": replace(SHIPPED, phrase_weight=0.0),
    "without concepts": replace(SHIPPED, concept_weight=0.0),
    "without phrases and concepts": replace(SHIPPED, phrase_weight=0.0, concept_weight=0.0),
    "without word skips": replace(SHIPPED, blocks=tuple(each for each in BLOCKS if each != "plain_skips")),
    "without letters": replace(SHIPPED, blocks=tuple(each for each in BLOCKS if each != "letters")),
    "words as written alone": replace(SHIPPED, blocks=("words",)),
    "concepts and phrases, no n-grams": replace(SHIPPED, blocks=()),
    "texts as written alone": replace(SHIPPED, bends=("written",)),
    "as written and without accents": replace(SHIPPED, bends=("written", "bare")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one model on the held-out authors."""

    name: str
    messages: int
    right: int
    macro_f1: float
    coverage: float
    legal_kind: float
    urgent: float

    def line(self) -> str:
        """A line of the table."""
        low, high = wilson(self.right, self.messages)
        return (
            f"| {self.name} | {self.right / self.messages:.1%} | {low:.1%}–{high:.1%} | {self.macro_f1:.3f} "
            f"| {self.coverage:.1%} | {self.legal_kind:.3f} | {self.urgent:.3f} |"
        )


def split(messages: Sequence[Message]) -> tuple[list[str], list[int]]:
    """The authors to learn from, and the numbers of the messages of the others."""
    authors = sorted({each.author for each in messages}, key=lambda name: (len(name), name))
    away = set(authors[HELD_OUT - 1 :: HELD_OUT])
    return [each for each in authors if each not in away], [
        at for at, each in enumerate(messages) if each.author in away
    ]


def row(name: str, scores: Scores, messages: Sequence[Message]) -> Row:
    """Figures of held-out scores, mixed and calibrated as in training."""
    said = assemble.judged(scores, assemble.mixtures(scores, messages))
    right = assemble.acceptable(said.field, messages)
    return Row(
        name,
        len(messages),
        int(right.sum()),
        measure.macro_f1(said.field, messages),
        covered(said.field.max(axis=1).tolist(), right.tolist()) / len(messages),
        float(average_precision_score(assemble.is_legal(messages), assemble.legal_chance(said.kind))),
        float(average_precision_score(assemble.is_urgent(messages), said.urgent)),
    )


def halves(scores: Scores) -> Iterator[tuple[str, Scores]]:
    """The linear heads without the network, and the network without them."""
    for name, keys in (
        ("linear heads alone", list(map(folds.units_of, HEADS))),
        ("network alone", list(HEADS)),
    ):
        silent: dict[str, Floats] = {key: np.zeros_like(scores[key]) for key in keys}
        yield name, {**scores, **silent}


def ablation(drawn: Drawn) -> Iterator[Row]:
    """A row for every variant."""
    _, away = split(drawn.material.messages)
    asked = [drawn.material.messages[at] for at in away]
    for name, recipe in VARIANTS.items():
        scores = folds.held_out_round(drawn, away, away, SEED, recipe)
        yield row(name, scores, asked)
        if recipe is SHIPPED:
            yield from (row(part, some, asked) for part, some in halves(scores))


def curve(drawn: Drawn) -> Iterator[Row]:
    """Learning from more and more authors; small numbers are drawn several times, the middle one is shown."""
    messages = drawn.material.messages
    authors, away = split(messages)
    asked = [messages[at] for at in away]
    for count in (*CURVE, len(authors)):
        rows = []
        for draw in range(DRAWS if count < len(authors) else 1):
            chosen = np.random.default_rng(SEED + draw).permutation(authors)[:count]
            without = [at for at, each in enumerate(messages) if each.author not in chosen]
            scores = folds.held_out_round(drawn, without, away, SEED, SHIPPED)
            known = len(messages) - len(without)
            rows.append(row(f"{count} ({known} messages)", scores, asked))
        yield sorted(rows, key=lambda each: each.right)[len(rows) // 2]


HEADING = """| {} | acceptable | 95 % interval | macro-F1 | covered at 97 % | complaint and denunciation | urgent |
|---|---|---|---|---|---|---|"""
TEXT = """# What brings what

Field, kind and urgency by models that learned from {known} authors, asked about {asked} messages of {away} others;
phrases and concepts are the same for all. *Acceptable*: the field stands among those that author or second annotator
accept. *Covered at 97 %*: the largest share that could be decided alone while 97 % are right, by a limit chosen in
hindsight. *Complaint and denunciation*, *urgent*: average precision of the model without its rules. Made by
`python -m benchmarks.study --record` in {seconds:.0f} s.

## Ablation

{ablation}

## Learning curve by authors

{curve}
"""


def report(drawn: Drawn) -> str:
    """The whole study as text, with progress on standard error."""
    began = time.monotonic()
    authors, away = split(drawn.material.messages)
    tables = {}
    for title, rows in (("model", ablation(drawn)), ("authors", curve(drawn))):
        lines = [HEADING.format(title)]
        for each in rows:
            print(each.line(), file=sys.stderr, flush=True)
            lines.append(each.line())
        tables[title] = "\n".join(lines)
    others = {drawn.material.messages[at].author for at in away}
    return TEXT.format(
        known=len(authors),
        asked=len(away),
        away=len(others),
        seconds=time.monotonic() - began,
        ablation=tables["model"],
        curve=tables["authors"],
    )


def main() -> int:
    """Print the study; with --record keep it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.study", description=__doc__)
    parser.add_argument("--record", action="store_true")
    record = parser.parse_args().record
    text = report(folds.draw(run.material(), SEED))
    print(text)
    if record:
        RECORD.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
