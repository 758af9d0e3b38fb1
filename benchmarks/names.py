"""The names of the 126 units of today and the 526 before, without accents, and the plain search for the longest."""

from __future__ import annotations

import re
from functools import cache

import ahocorasick_rs

from classifier.normalise import fold, fold_key
from classifier.wards.units import old_units, units

_LEVEL = re.compile(r"^(?:phuong|xa|thi tran|p|x|tt)[ .]+")


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Folded name → every unit of today it can mean: the bearer of the name, and the heirs of its old bearers."""
    found: dict[str, set[str]] = {}
    for unit in units():
        found.setdefault(fold_key(unit.name), set()).add(unit.code)
    for old in old_units():
        found.setdefault(fold_key(old.name), set()).update(old.heirs)
    return {name: frozenset(codes) for name, codes in found.items()}


def exactly(words: str) -> frozenset[str]:
    """What these words mean when they are a name, with or without its level word; else nothing."""
    return meanings().get(_LEVEL.sub("", fold_key(words)), frozenset())


@cache
def called(full_name: str) -> frozenset[str]:
    """The unit of today with this full name (Phường Ba Đình), accents aside; else nothing."""
    key = fold_key(full_name)
    return frozenset(unit.code for unit in units() if fold_key(unit.full_name) == key)


class LongestName:
    """Of all names that stand in a text as whole words the longest wins; names of equal length count together."""

    def __init__(self) -> None:
        self._meanings = tuple(meanings().values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(meanings()))

    def find(self, text: str) -> frozenset[str]:
        """The codes of the units that the longest name can mean; empty without a name."""
        folded = f" {fold(text).text} "
        hits = [
            (end - start, which)
            for which, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if not folded[start - 1].isalnum() and not folded[end].isalnum()
        ]
        longest = max((length for length, _ in hits), default=0)
        return frozenset().union(*(self._meanings[which] for length, which in hits if length == longest))
