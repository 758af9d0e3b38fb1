"""Letters that a telex keyboard left behind, and letters put for sounds.

`phuwowngf` is phường, `huwng ddaoj` Hưng Đạo; `fường` is phường, `wận` quận.
"""

from __future__ import annotations

import re
from collections.abc import Set

from classifier.normalise import Folded, fold_key

# No Vietnamese syllable without marks holds w, f, j or z, ends in s, r or x, or doubles a, e, o.
_ODD = re.compile(
    r"(?<![a-z0-9])(?=[a-z]{2,12}(?![a-z0-9]))"
    r"[a-z]*?(?:[wfjz]|(?<=[a-z])[sx]|(?<=[aeiouwymngpct])r|aa|ee|oo)[a-z]*"
)
# Ô, as in Ô Diên and Ô Chợ Dừa, is the one place name of a single letter.
_WORDS = frozenset(["oo"])
# Ô, as in Ô Diên and Ô Chợ Dừa, is the one place name of a single letter.
_WORDS = frozenset(["oo"])
_DOUBLED = re.compile(r"aa|ee|oo")
_TONE = re.compile(r"(?<=[aeiouy])[sfrxj](?=(?:[aeiouy]|ch|ng|nh|[cmnpt])*$)|(?<=[cmnpthg])[sfrxj]$")


def untyped(folded: Folded, known: Set[str]) -> Folded:
    """The text with such tokens put right, where that gives a word of `known`; offsets still point at the original."""
    found = [
        (match.start(), match.end(), word)
        for match in _ODD.finditer(folded.text)
        if match.group() not in known and (word := _meant(match.group(), known))
    ]
    if not found:
        return folded
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


def _meant(token: str, known: Set[str]) -> str:
    """The known syllable behind a token, or nothing."""
    for word in (_plain(token), _sounded(token)):
        if word in known and (len(word) > 1 or token in _WORDS):
            return word
    return ""


def _sounded(token: str) -> str:
    first = {"f": "ph", "w": "qu", "z": "d"}.get(token[0])
    return _plain(first + token[1:]) if first else ""


def _plain(token: str) -> str:
    word = _DOUBLED.sub(lambda pair: pair.group()[0], token.replace("w", ""))
    return fold_key(_TONE.sub("", word, count=1))
