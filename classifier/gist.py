"""The sentence that says what is the matter: a formal letter begins with greetings, and a list shows one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classifier import tokenise
from classifier.prediction import Evidence

SHORT = 160
"""A text of at most so many code points needs no gist."""
READ = 6_000
MOST_DOTS = 60
_END = re.compile(r"(?<=[.!?])\s+")


def gist(text: str, evidence: Sequence[Evidence]) -> str | None:
    """The sentence with the most evidence in it, the earlier of two equals; None for short texts and for none."""
    if len(text) <= SHORT:
        return None
    spans = [(span.start, span.end) for span in evidence if not span.in_subject]
    best, most = None, 0
    for start, sentence in _placed(text[:READ]):
        inside = sum(start <= first and last <= start + len(sentence) for first, last in spans)
        if inside > most:
            best, most = sentence, inside
    return best


def _sentences(line: str) -> list[str]:
    """By underthesea; a line of dots, on which it takes quadratic time, by the dots alone."""
    if line.count(".") <= MOST_DOTS:
        return tokenise.sentences(line)
    return [part.strip() for part in _END.split(line) if part.strip()]


def _placed(text: str) -> Iterator[tuple[int, str]]:
    """Each line's sentences with their place in the text; one that the splitter rewrote is passed over."""
    at = 0
    for line in text.split("\n"):
        cursor = at
        for sentence in _sentences(line):
            found = text.find(sentence, cursor, at + len(line))
            if found >= 0:
                yield found, sentence
                cursor = found + len(sentence)
        at += len(line) + 1
