"""What each word of a message added to each score.

For the hidden units that are awake in a message the model is linear, so a score is the sum of what its features add
(a bias aside). What an n-gram or a concept adds is shared among the words it was found in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.artefact import Artefact
from classifier.features.grams import SKIPS, char_grams
from classifier.features.names import blanked
from classifier.features.vectoriser import NUMBERS, Block
from classifier.features.views import read_query
from classifier.normalise import Folded, fold
from classifier.prediction import Query, WardReading

Floats = NDArray[np.float32]
MAX_CHARS = 4_000
"""Of longer texts only the beginning is explained."""
MAX_WORDS_A_CHUNK = 8
_WORD = re.compile(r"\w+")
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the original text (code points, end exclusive) and what it added to each score."""

    start: int
    end: int
    in_subject: bool
    added: Floats


@dataclass(frozen=True, slots=True)
class _Part:
    """Subject or body without the names of its places; `words` are spans of the folded text."""

    folded: Folded
    written: str
    in_subject: bool
    words: tuple[tuple[int, int], ...]

    def plain(self, word: int) -> str:
        start, end = self.words[word]
        return self.folded.text[start:end].translate(NUMBERS)

    def typed(self, word: int, last: int) -> str:
        first, _ = self.folded.span(*self.words[word])
        _, end = self.folded.span(*self.words[last])
        return self.written[first:end].translate(NUMBERS)


def words(query: Query, ward: WardReading, made: Artefact) -> list[Word]:
    """Every word of subject and body that added something, in order; names of places add nothing."""
    scored = made.score(*made.vectoriser.transform(read_query(query, ward.evidence)))
    added = np.stack([made.added(scored, score) for score in range(made.unit_weights.shape[1])], axis=1)
    row = {int(column): at for at, column in enumerate(scored.columns)}
    parts = list(_parts(query, ward))
    found: list[tuple[int, int, int]] = []
    for number, part in enumerate(parts):
        found += [(number, word, row[column]) for word, column in _columns(part, made) if column in row]
    times: defaultdict[int, int] = defaultdict(int)
    for _, _, at in found:
        times[at] += 1
    sums: dict[tuple[int, int], Floats] = {}
    for number, word, at in found:
        share = added[at] / np.float32(times[at])
        sums[number, word] = sums[number, word] + share if (number, word) in sums else share
    return [_word(parts[number], word, sums[number, word]) for number, word in sorted(sums)]


def _word(part: _Part, word: int, added: Floats) -> Word:
    start, end = part.folded.span(*part.words[word])
    return Word(start, end, part.in_subject, added)


def _parts(query: Query, ward: WardReading) -> Iterator[_Part]:
    for text, in_subject in ((query.subject or "", True), (query.text, False)):
        clean = blanked(text[:MAX_CHARS], ward.evidence, in_subject)
        folded = fold(clean)
        spans = tuple(match.span() for match in _WORD.finditer(folded.text))
        yield _Part(folded, clean.lower() if len(clean.lower()) == len(clean) else clean, in_subject, spans)


def _columns(part: _Part, made: Artefact) -> Iterator[tuple[int, int]]:
    """(word, column) for every feature and every word it stands on."""
    start = 0
    for block in made.vectoriser.blocks:
        for word, gram in _grams(part, block):
            column = block.vocabulary.get(gram)
            if column is not None:
                yield word, start + column
        start += len(block.vocabulary)
    for hit in made.vectoriser.lexicon.find(part.folded):
        for word, (first, last) in enumerate(part.words):
            if first < hit.end and hit.start < last:
                yield word, start + hit.concept


def _grams(part: _Part, block: Block) -> Iterator[tuple[int, str]]:
    if block.analyser == "char":
        yield from _letters(part)
        return
    count = len(part.words)
    if block.analyser == "skip":
        for far in SKIPS:
            for word in range(count - far):
                gram = f"{part.plain(word)}_{part.plain(word + far)}"
                yield word, gram
                yield word + far, gram
        return
    plain = block.view == "plain"
    for word in range(count):
        yield word, part.plain(word) if plain else part.typed(word, word)
        if word + 1 < count:
            pair = f"{part.plain(word)} {part.plain(word + 1)}" if plain else part.typed(word, word + 1)
            yield word, pair
            yield word + 1, pair


def _letters(part: _Part) -> Iterator[tuple[int, str]]:
    """Letters are counted between blanks: what stands there belongs to the words in it."""
    spans = [part.folded.span(*word) for word in part.words]
    at = 0
    for chunk in _CHUNK.finditer(part.written):
        while at < len(spans) and spans[at][1] <= chunk.start():
            at += 1
        inside = at
        while inside < len(spans) and spans[inside][0] < chunk.end():
            inside += 1
        # Code and other texts without blanks: what letters add there cannot be told apart word by word.
        if inside - at <= MAX_WORDS_A_CHUNK:
            grams = list(char_grams(chunk[0].translate(NUMBERS)))
            yield from ((word, gram) for word in range(at, inside) for gram in grams)
