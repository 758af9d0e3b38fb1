"""Phrases to concepts: knowledge of the subject that generalises further than samples do.

A phrase is found without regard to accents, but an accent that the writer did type must agree: "chạy" is not "cháy",
while "chay" may be, unless the writer otherwise types accents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ahocorasick_rs

from classifier.labels import FIELDS
from classifier.normalise import Folded, fold_key, is_plain, syllable_key

CONCEPTS = Path(__file__).parent / "concepts.tsv"
Entry = tuple[str, str]


class LexiconFault(ValueError):
    """A lexicon file is broken; the message names the row."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a folded text: the number of its concept and its span there."""

    concept: int
    start: int
    end: int


class Lexicon:
    """Immutable after loading; finds every phrase that stands on word borders and agrees with typed accents."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.names = tuple(dict.fromkeys(name for name, _ in entries))
        number = {name: at for at, name in enumerate(self.names)}
        by_key: dict[str, list[tuple[str, int]]] = {}
        for name, phrase in entries:
            by_key.setdefault(fold_key(phrase), []).append((phrase, number[name]))
        self._found = list(by_key.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_key))

    def find(self, text: Folded) -> Iterator[Hit]:
        """Every phrase in a folded text, overlapping ones too, by position."""
        plain = text.text
        typed = accented(text.original)
        for pattern, start, end in self._automaton.find_matches_as_indexes(plain, overlapping=True):
            if _on_borders(plain, start, end):
                source = text.source(start, end)
                for phrase, concept in self._found[pattern]:
                    if agrees(source, phrase, typed):
                        yield Hit(concept, start, end)


def _on_borders(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def accented(text: str) -> bool:
    """True when the writer types accents throughout: a bare syllable then is meant bare."""
    return (len(text) - len(text.encode("ascii", "ignore"))) * 12 > len(text)


def agrees(source: str, phrase: str, typed: bool) -> bool:
    """True when every accent in `source` is the one of `phrase`.

    A syllable typed bare agrees with any, except in a text whose writer types accents.
    """
    return source == phrase or (source.isascii() and not typed) or _agree(source.lower(), phrase, typed)


@lru_cache(maxsize=20_000)
def _agree(source: str, phrase: str, strict: bool) -> bool:
    typed, wanted = source.split(), phrase.split()
    if len(typed) != len(wanted):
        return False
    pairs = zip(map(syllable_key, typed), map(syllable_key, wanted), strict=True)
    return all(one == other or (is_plain(one) and not strict) for one, other in pairs)


def read(path: Path) -> list[Entry]:
    """(name, phrase) pairs of a table of two columns; raises LexiconFault naming the row."""
    entries: dict[Entry, None] = {}
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for row in rows[1:]:
        name, _, phrases = row.partition("\t")
        for phrase in phrases.split(";"):
            tidy = unicodedata.normalize("NFC", phrase.strip().lower())
            if not name or not tidy:
                raise LexiconFault(f"{path.name}: tên hoặc cụm từ trống ở “{row[:40]}”")
            entries[name, tidy] = None
    return list(entries)


# The first part of a concept's name where it is not the id of its field; other parts (kinds, negation) have no field.
_FIELD_OF = {
    "traffic": "traffic_violation",
    "street": "street_order",
    "water": "water_supply",
    "lighting": "street_lighting",
    "health": "health_food_safety",
    "social": "social_welfare",
    "admin": "admin_procedure",
    "conduct": "official_conduct",
}


def field_of(concept: str) -> str | None:
    """The field that a concept speaks for, or None."""
    first = concept.partition(".")[0]
    field = _FIELD_OF.get(first, first)
    return field if field in FIELDS else None


@lru_cache(maxsize=1)
def concepts() -> Lexicon:
    """The packaged concepts."""
    return Lexicon(read(CONCEPTS))
