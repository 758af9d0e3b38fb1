"""Text folding that never loses the way back to the citizen's own words.

Matching works on folded text (lower case, no accents, one space); evidence is shown on the original, so every
folded position keeps the code point it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = frozenset(TONES + "\u0302\u0306\u031b")
_SPECIAL = {
    "đ": "d",
    "Đ": "d",
    "ð": "d",
    "Ð": "d",
    "Ɖ": "d",
    "ß": "s",
    "’": "'",
    "‘": "'",
    "–": "-",
    "—": "-",
}
# A writer's final i or y after consonants is a matter of taste (Mỹ/Mĩ, Lý/Lí, Quý/Quí): read both as i.
_FINAL_Y = re.compile(r"(?<![a-z])(qu|[bcdghklmnpqrstvx]{1,2})y(?![a-z])")
# "khuơng" is what a hurried hand leaves of khương; no syllable with a final consonant holds uơ.
_HALF_HORN = re.compile("u\u01a1(?=[a-z])")
_SQUEEZE = re.compile(r"  +|(?<!d)d{2,3}(?=[aeiouy])")


# All letters of the basic plane; a bound for hostile input.
_MOST_KEPT = 66_000


# Bold and italic letters that some put for plain ones.
_MATHS = (0x1D400, 0x1D7FF)


class _FoldTable(dict[int, str | None]):
    """Code point → folded character or nothing; filled as letters are met."""

    def __missing__(self, point: int) -> str | None:
        if point > 0xFFFF and not _MATHS[0] <= point <= _MATHS[1]:
            # Emoji and rare scripts stand for themselves.
            return chr(point)
        folded = _fold_char(chr(point))
        if len(self) < _MOST_KEPT:
            self[point] = folded
        return folded


def _fold_char(char: str) -> str | None:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isspace() or char == "\x00":
        return " "
    category = unicodedata.category(char)
    if category in ("Mn", "Cf"):
        return None
    if category == "Cs":
        # Half a surrogate pair cannot be written out again.
        return " "
    base = unicodedata.normalize("NFKD", char)[:1].lower()[:1]
    return _SPECIAL.get(base, base) or None


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is the folded form; `offsets[i]` is the code point of the original where folded `i` begins.

    `offsets` is None when both have the same length, which is the usual case.
    """

    text: str
    original: str
    offsets: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original start and end (exclusive) of a folded span, with combining marks that follow its last letter."""
        if self.offsets is None:
            return start, end
        stop = self.offsets[end] if end < len(self.offsets) else len(self.original)
        first = self.offsets[start] if start < len(self.offsets) else stop
        while stop > first and self.original[stop - 1].isspace():
            stop -= 1
        return first, stop

    def source(self, start: int, end: int) -> str:
        """The original words of a folded span."""
        first, stop = self.span(start, end)
        return self.original[first:stop]


def fold(text: str) -> Folded:
    """Fold `text`; total for any string, linear in its length."""
    plain = text.translate(_TABLE)
    offsets: list[int] | None = None
    if len(plain) != len(text):
        dropped = {char for char in set(text) if _TABLE[ord(char)] is None}
        offsets = [i for i, char in enumerate(text) if char not in dropped]
    if ("  " in plain or "dd" in plain) and _SQUEEZE.search(plain):
        plain, offsets = _squeeze(plain, offsets)
    if "y" in plain:
        plain = _FINAL_Y.sub(r"\1i", plain)
    return Folded(plain, text, offsets)


def _squeeze(plain: str, offsets: list[int] | None) -> tuple[str, list[int]]:
    """Runs of blanks become one; `dd`, left over from a telex keyboard, becomes d."""
    source = offsets if offsets is not None else list(range(len(plain)))
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for match in _SQUEEZE.finditer(plain):
        stop = match.start() + 1
        parts.append(plain[at:stop])
        kept.extend(source[at:stop])
        at = match.end()
    parts.append(plain[at:])
    kept.extend(source[at:])
    return "".join(parts), kept


def fold_key(text: str) -> str:
    """The folded form alone, for building search keys."""
    return fold(text).text.strip()


@lru_cache(maxsize=20_000)
def syllable_key(syllable: str) -> tuple[str, str]:
    """Letters with their shape marks, and the tone apart: `Hoà` and `Hòa` give the same key."""
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", syllable.lower().replace("ð", "đ")):
        if char in TONES:
            tone = char
        else:
            letters.append(char)
    base = unicodedata.normalize("NFC", "".join(letters))
    return _FINAL_Y.sub(r"\1i", _HALF_HORN.sub("\u01b0\u01a1", base)), tone


def is_plain(key: tuple[str, str]) -> bool:
    """True when a syllable was written without any mark of its own."""
    return not key[1] and key[0].isascii()


def has_accents(text: str) -> bool:
    """True when the writer typed Vietnamese marks anywhere."""
    return not text.isascii() and any(
        char in _MARKS or ("\u00c0" <= char <= "\u1ef9" and char.isalpha()) for char in text
    )
