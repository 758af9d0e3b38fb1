"""Whether names of places and persons alone tell the field: in training texts they must not.

A naive Bayes classifier reads the names alone and is asked about authors it has not seen.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifier import pii
from classifier.corpus import Message
from classifier.features.names import WORD, is_level
from classifier.features.views import read_query
from classifier.normalise import fold_key
from classifier.prediction import Query
from classifier.shares import wilson
from classifier.wards import Resolver

# Points by which the lower end of the hits' interval may lie above the commonest field's share.
MARGIN = 0.02
_LETTERS = re.compile(r"[^\W\d]+")


@dataclass(frozen=True, slots=True)
class Leak:
    """Of `told` messages with a name, how many fields the names alone gave, and how many the commonest field gives."""

    told: int
    right: int
    commonest: int

    @property
    def leaks(self) -> bool:
        """The names tell more than chance."""
        return bool(self.told) and wilson(self.right, self.told)[0] > self.commonest / self.told + MARGIN


def names(message: Message) -> tuple[str, ...]:
    """Folded words of the names in a message: its place without level words, and its persons."""
    words = [match[0] for match in WORD.finditer(message.place) if not is_level(match[0])]
    for found in pii.find(message.text):
        if found.kind == "name":
            words += _LETTERS.findall(message.text[found.start : found.end])
    return tuple(fold_key(word) for word in words if _LETTERS.fullmatch(word))


def seen_names(message: Message) -> tuple[str, ...]:
    """The names that are left when the resolver's places have been blanked: those that the model counts."""
    query = Query(message.text, message.subject)
    left = set(read_query(query, _resolver().resolve(query).evidence).plain.split())
    return tuple(word for word in names(message) if word in left)


@lru_cache(maxsize=1)
def _resolver() -> Resolver:
    return Resolver.load()


def leak(messages: Sequence[Message], named: Callable[[Message], tuple[str, ...]] = names) -> Leak:
    """Ask about each author after reading the others."""
    rows = [(each.author, each.fields[0], named(each)) for each in messages]
    rows = [row for row in rows if row[2]]
    right = commonest = 0
    for author in sorted({author for author, _, _ in rows}):
        asked = [(field, words) for name, field, words in rows if name == author]
        reader = _Reader((field, words) for name, field, words in rows if name != author)
        right += sum(reader.field(words) == field for field, words in asked)
        commonest += sum(reader.commonest == field for field, _ in asked)
    return Leak(len(rows), right, commonest)


class _Reader:
    def __init__(self, rows: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._fields: Counter[str] = Counter()
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        known: set[str] = set()
        for field, words in rows:
            self._fields[field] += 1
            self._words[field].update(words)
            known.update(words)
        self._known = len(known) + 1
        self._totals = {field: sum(words.values()) for field, words in self._words.items()}

    @property
    def commonest(self) -> str | None:
        return min(self._fields, key=lambda field: (-self._fields[field], field), default=None)

    def field(self, words: Sequence[str]) -> str | None:
        def likely(field: str) -> float:
            chance = math.log(self._fields[field])
            for word in words:
                chance += math.log((self._words[field][word] + 1) / (self._totals[field] + self._known))
            return chance

        return max(sorted(self._fields), key=likely, default=None)
