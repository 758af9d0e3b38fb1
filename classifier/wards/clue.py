"""A clue: a span of the text that speaks for some units, how strongly, and why (in Vietnamese)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifier.wards.around import Around
from classifier.wards.patterns import precision
from classifier.wards.senses import Kind, Sense

# How often trouble at a place that touches two units lies in the one that holds most of it: an estimate.
_MAINLY = 0.85


@dataclass(frozen=True, slots=True)
class Clue:
    """A folded span, level word included, that speaks for `codes`.

    `extra` are units of a lesser namesake; `aside` marks a home or a neighbour; `lean` are those of the codes that a house
    number speaks for, with the share `lean_share` of the belief.
    """

    start: int
    end: int
    kind: Kind
    name: str
    codes: tuple[str, ...]
    strength: float
    pattern: str
    why: str
    extra: tuple[str, ...] = ()
    aside: bool = False
    lean: tuple[str, ...] = ()
    lean_share: float = 0.0

    def weight(self, code: str) -> float:
        """How much more than the average of its codes this clue speaks for one of them."""
        lean = len(self.lean)
        if not lean or lean == len(self.codes):
            return 1.0
        share = (
            self.lean_share / lean if code in self.lean else (1 - self.lean_share) / (len(self.codes) - lean)
        )
        return share * len(self.codes)


def make(at: Around, sense: Sense, pattern: str, why: str, factor: float = 1.0) -> Clue:
    """The clue of one meaning under one pattern."""
    strength = precision(pattern) * factor * sense.confidence
    clue = Clue(
        at.before.start, at.hit.end, sense.kind, sense.name, sense.codes, strength, pattern, why, sense.extra
    )  # fmt: skip
    return replace(clue, lean=sense.main, lean_share=_MAINLY) if sense.main else clue


def merged(senses: Sequence[Sense]) -> Sense:
    """Several meanings of one name as one: all their units, the least of their confidences."""
    codes = tuple(dict.fromkeys(code for sense in senses for code in sense.codes))
    extra = tuple(dict.fromkeys(code for sense in senses for code in sense.extra))
    main = senses[0].main if len(senses) == 1 else ()
    sure = min(sense.confidence for sense in senses)
    return replace(senses[0], codes=codes, extra=extra, confidence=sure, main=main)
