"""Letters that a telex keyboard left behind: `phuwowngf` for phường, `huwng ddaoj` for Hưng Đạo."""

from __future__ import annotations

import re
from collections.abc import Set

from classifier.normalise import Folded

# No Vietnamese syllable without marks holds w, f, j or z, ends in s, r or x, or doubles a, e, o.
_ODD = re.compile(
    r"(?<![a-z0-9])(?=[a-z]{2,12}(?![a-z0-9]))"
    r"[a-z]*?(?:[wfj]|(?<=[a-z])[sx]|(?<=[aeiouwymngpct])r|aa|ee|oo)[a-z]*"
)
_DOUBLED = re.compile(r"aa|ee|oo")
_TONE = re.compile(r"(?<=[aeiouy])[sfrxj](?=(?:[aeiouy]|ch|ng|nh|[cmnpt])*$)|(?<=[cmnpthg])[sfrxj]$")


def untyped(folded: Folded, known: Set[str]) -> Folded:
    """The text with such tokens put right, where that gives a word of `known`; offsets still point at the original."""
    found = [
        (match.start(), match.end(), word)
        for match in _ODD.finditer(folded.text)
        if match.group() not in known and (word := _plain(match.group())) in known
    ]
    if not found:
        return folded
    source = folded.offsets if folded.offsets is not None else list(range(len(folded.text)))
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for start, end, word in found:
        parts += [folded.text[at:start], word]
        kept += source[at:start]
        # The last letter stands for the rest of the token, so that a span that ends here covers it whole.
        kept += source[start : start + len(word)]
        at = end
    parts.append(folded.text[at:])
    kept += source[at:]
    return Folded("".join(parts), folded.original, kept)


def _plain(token: str) -> str:
    word = _DOUBLED.sub(lambda pair: pair.group()[0], token.replace("w", ""))
    return _TONE.sub("", word, count=1)
