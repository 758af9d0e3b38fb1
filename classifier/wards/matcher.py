"""Finds every name of the gazetteer in a text: Aho–Corasick over folded text, leftmost-longest between word borders."""

from __future__ import annotations

import re
from dataclasses import dataclass

import ahocorasick_rs

from classifier.normalise import Folded, fold, has_accents, is_plain, syllable_key
from classifier.wards.gazetteer import Gazetteer
from classifier.wards.senses import Spelling

# A text naming more places than this is a list, not an address: the rest would only cost time.
MAX_HITS = 80
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: folded span, what it can mean, whether accents were typed in it, and its capital letters."""

    start: int
    end: int
    name: str
    spellings: tuple[Spelling, ...]
    accented: bool
    doubtful: bool
    capital: bool


class Matcher:
    """Holds the automaton; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(gazetteer.names), implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def find(self, folded: Folded) -> list[Hit]:
        """Hits in order, none overlapping another."""
        text = folded.text
        raw = [
            (start, -end, which)
            for which, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())
        ]
        raw.sort()
        hits: list[Hit] = []
        reached = 0
        for start, minus_end, which in raw:
            if start < reached:
                continue
            hit = self._hit(folded, start, -minus_end, which)
            if hit is not None:
                hits.append(hit)
                reached = -minus_end
                if len(hits) >= MAX_HITS:
                    break
        return hits

    def _hit(self, folded: Folded, start: int, end: int, which: int) -> Hit | None:
        source = folded.source(start, end)
        typed = tuple(syllable_key(word) for word in _WORD.findall(source))
        exact, near = _agreeing(typed, self._gazetteer.spellings[which])
        if not exact and not near:
            return None
        return Hit(
            start,
            end,
            self._gazetteer.names[which],
            exact or near,
            any(not is_plain(key) for key in typed),
            not exact,
            source[:1].isupper(),
        )


def _agreeing(
    typed: tuple[tuple[str, str], ...], spellings: tuple[Spelling, ...]
) -> tuple[tuple[Spelling, ...], tuple[Spelling, ...]]:
    """Spellings that fit the typed accents, and those that differ in one tone only or by one sound."""
    bare = all(is_plain(key) for key in typed)
    exact, near = [], []
    for spelling in spellings:
        if spelling.fuzzy:
            near.append(spelling)
        elif bare or typed == spelling.keys:
            exact.append(spelling)
        elif len(typed) == len(spelling.keys) and _tone_slips(typed, spelling.keys) == 1:
            near.append(spelling)
    return tuple(exact), tuple(near)


def _tone_slips(typed: tuple[tuple[str, str], ...], keys: tuple[tuple[str, str], ...]) -> int:
    """How many syllables differ by the tone or by forgotten marks alone; 99 when any differs in its letters."""
    slips = 0
    for ours, theirs in zip(typed, keys, strict=True):
        if ours == theirs:
            continue
        if ours[0] != theirs[0] and not is_plain(ours):
            return 99
        slips += 1
    return slips


def find_in(text: str, matcher: Matcher) -> tuple[Folded, list[Hit], bool]:
    """Fold and search in one go; the last value says whether the writer types accents."""
    folded = fold(text)
    return folded, matcher.find(folded), has_accents(text)
