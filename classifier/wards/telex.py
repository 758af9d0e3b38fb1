"""Letters that a telex keyboard left behind, letters put for sounds, and final letters left out in a hurry.

`phuwowngf` is phường, `huwng ddaoj` Hưng Đạo; `fường` is phường, `wận` quận; `địh côg` Định Công.
"""

from __future__ import annotations

import re
from collections.abc import Set

from classifier.normalise import Folded, fold_key

_TOKEN = re.compile(r"(?<![a-z0-9])[a-z]{2,12}(?![a-z0-9])")
# No Vietnamese syllable without marks holds w, f, j or z, ends in s, r or x, doubles a letter, or ends in a bare g or h.
_ODD = re.compile(r"[wfjz]|(?<=.)[sx]|(?<=[aeiouwymngpct])r|([a-z])\1|[aeiouy][gh]$")
_DOUBLED = re.compile(r"([aeo])\1")
_REPEATED = re.compile(r"([a-z])\1+")
_TONE = re.compile(r"(?<=[aeiouy])[sfrxj](?=(?:[aeiouy]|ch|ng|nh|[cmnpt])*$)|(?<=[cmnpthg])[sfrxj]$")
_CUT = re.compile(r"(?<=[aeiouy])(?=[gh]$)")
_VOWELS = frozenset("aeiouy")
_SOUNDS = {"f": "ph", "w": "qu", "z": "d"}
# Ô, as in Ô Diên and Ô Chợ Dừa, is the one place name of a single letter.
_SINGLE = frozenset(["oo"])
_MOST_KEPT = 20_000
# No letter holds so many words that are in no name; the rest would only cost time.
_MOST_STRANGE = 1_500


class Retyper:
    """Puts odd tokens right where that gives a syllable of `known`; safe to share between threads."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._kept: dict[str, str] = {}

    def untyped(self, folded: Folded) -> Folded:
        """The text with such tokens put right; offsets still point at the original."""
        tokens = _TOKEN.findall(folded.text)
        strange = set(tokens) - self._known
        if len(strange) > _MOST_STRANGE:
            strange = set(list(dict.fromkeys(each for each in tokens if each in strange))[:_MOST_STRANGE])
        odd = {token: word for token in strange if (word := self._meant(token))}
        if not odd:
            return folded
        found = [
            (each.start(), each.end(), odd[each.group()])
            for each in _TOKEN.finditer(folded.text)
            if each.group() in odd
        ]
        return _replaced(folded, found)

    def _meant(self, token: str) -> str:
        """The known syllable behind a token, or nothing."""
        if _ODD.search(token) is None:
            return ""
        kept = self._kept.get(token)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[token] = self._guess(token)
        return kept

    def _guess(self, token: str) -> str:
        sounded = _SOUNDS.get(token[0], token[0]) + token[1:]
        for word in (
            _plain(token, _DOUBLED),
            _plain(sounded, _DOUBLED),
            _CUT.sub("n", sounded),
            _plain(token, _REPEATED),
            fold_key(token.replace("j", "i")),
        ):
            if word in self._known and (len(word) > 1 or token in _SINGLE):
                return word
        return ""


def _plain(token: str, doubled: re.Pattern[str]) -> str:
    word = doubled.sub(lambda pair: pair.group()[0], token.replace("w", ""))
    return fold_key(_TONE.sub("", word, count=1))


def _replaced(folded: Folded, found: list[tuple[int, int, str]]) -> Folded:
    source = folded.offsets if folded.offsets is not None else list(range(len(folded.text)))
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for start, end, word in found:
        parts += [folded.text[done:start], word]
        kept += source[done:start]
        kept += [source[min(start + at, end - 1)] for at in range(len(word))]
        done = end
    parts.append(folded.text[done:])
    kept += source[done:]
    return Folded("".join(parts), folded.original, kept)


def completed(word: str) -> str:
    """The written word with ph for f, the final letters that hurry leaves out, none repeated: `fươg` → `phương`."""
    if len(word) < 3 or not word.isalpha():
        return word
    if word[0] in "fF":
        word = "ph" + word[1:]
    if word[-1] == word[-2]:
        return word.rstrip(word[-1]) + word[-1]
    if word[-1] in "ghGH" and fold_key(word[-2]) in _VOWELS:
        return f"{word[:-1]}n{word[-1]}"
    return word
