"""A text as the finder sees it: plain ASCII without accents, with its capitals and its lines, and with the way back.

`classifier.normalise.fold` lowers the case and joins the lines; a name and a signature need both. One look-up in a
table for the whole text is also five times as fast as `str.translate`.
"""

from __future__ import annotations

import unicodedata
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.pii.found import IN_TEXT

_SPECIAL = {
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "Ɖ": "D",
    "–": "-",
    "\u2019": "'",
    "\u2018": "'",
    "\u02bc": "'",
    "—": "-",
    "\r": "\n",
    "\n": "\n",
    "\u2028": "\n",
}
# What lies between has letters that no Vietnamese message is written with.
_READ = (range(0x2600), range(0x3000, 0x3001), range(0xFB00, 0x10000), range(0x1D400, 0x1D800))
_LAST = 0x1D800
_OTHER, _MASKED, _NOTHING = 1, 2, 255


@cache
def _table() -> NDArray[np.uint8]:
    table = np.full(_LAST + 1, _OTHER, dtype=np.uint8)
    for stretch in _READ:
        for point in stretch:
            table[point] = _shape(chr(point))
    # Half a surrogate pair cannot be written out again.
    table[0xD800:0xE000] = ord(" ")
    return table


def _shape(char: str) -> int:
    if char in _SPECIAL:
        return ord(_SPECIAL[char])
    if char.isspace() or char == "\0":
        return ord(" ")
    if unicodedata.category(char) in ("Mn", "Cf"):
        return _NOTHING
    base = unicodedata.normalize("NFKD", char)[0]
    return ord(base) if base.isascii() else _OTHER


class Seen:
    """`cased` and `plain` (lower case) have one length; `offsets` leads back, None where positions are the same."""

    def __init__(self, original: str, cased: str, offsets: NDArray[Any] | None = None) -> None:
        self.original = original
        self.cased = cased
        self.plain = cased.lower()
        self.offsets = offsets
        # In lower case and without accents; commas are none, other marks stay with their word.
        self.words = self.plain.replace(",", " ").split()

    @cached_property
    def accented(self) -> bool:
        """True when the writer typed accents anywhere; those of a placeholder are not the writer's."""
        if self.original.isascii():
            return False
        own = IN_TEXT.sub("", self.original) if "[" in self.original else self.original
        return any("\u00c0" <= char <= "\u1ef9" for char in own)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the original; the combining marks of the last letter belong to it."""
        if self.offsets is None:
            return start, end
        stop = int(self.offsets[end - 1]) + 1
        limit = int(self.offsets[end]) if end < len(self.offsets) else len(self.original)
        while stop < limit and unicodedata.category(self.original[stop]) == "Mn":
            stop += 1
        return int(self.offsets[start]), stop

    def written(self, start: int, end: int) -> str:
        """The original letters of a piece, composed and in lower case."""
        if self.offsets is None:
            return self.original[start:end].lower()
        first, stop = self.span(start, end)
        piece = self.original[first:stop]
        return piece.lower() if piece.isascii() else unicodedata.normalize("NFC", piece).lower()

    def spells(self, start: int, end: int, forms: frozenset[str]) -> bool:
        """True when the piece is one of `forms`, or was written without accents in a text that has none."""
        written = self.written(start, end)
        return written in forms or (written.isascii() and not self.accented)


def see(text: str) -> Seen:
    """Total for any string, linear in its length."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # What lies beyond the table is read as its last entry.
    shapes = _table().take(points, mode="clip")
    if "[" in text:
        for match in IN_TEXT.finditer(text):
            # What was masked before says nothing about what stands beside it.
            shapes[match.start() : match.end()] = _MASKED
    letters = shapes.tobytes()
    if _NOTHING not in letters:
        return Seen(text, letters.decode("ascii"))
    offsets = np.flatnonzero(shapes != _NOTHING)
    return Seen(text, shapes[offsets].tobytes().decode("ascii"), offsets)
