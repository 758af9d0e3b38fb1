"""Plates, mail addresses, passports and insurance cards: letters and digits together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.pii import context, people
from classifier.pii.found import Found
from classifier.pii.seen import Seen
from classifier.pii.wordlists import words

_PLATE = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.,/:])[1-9][0-9][ .\-]{0,2}(?P<series>[a-z][0-9]|[a-z]|ld|da|ng|nn|qt"
    r"|md|cd|hc|kt|td|aa|ab|ac|ad|ae|af"
    r"|md[0-9])(?P<joint>[ .\-]{0,3})(?:(?P<five>[0-9]{3}(?P<dot>[. ]?)[0-9]{2})|[0-9]{4})(?![0-9a-z]|[.,/:][0-9])"
)
# The group of the insured, Decision 1351/QĐ-BHXH; other two letters are a word before a number.
_CARD = re.compile(
    rf"(?<![0-9a-z])(?:{'|'.join(words('insured'))})[ \-]?[1-5](?:[ \-]?[0-9]){{12}}(?![0-9a-z])"
)
_PASSPORT = re.compile(
    r"(?<![0-9a-z])(?:[a-z]{1,2} ?[0-9]{7,8}|[a-z][0-9]{6}|[a-z][0-9]{2}[a-z][0-9a-z]{5})(?![0-9a-z])"
)
_AT = re.compile(r" ?@(?!@) ?| a (?:cong|moc|vong) ")
_LOCAL = re.compile(r"[a-z0-9._%+\-]{1,64}$")
# Its end is spelled too: `chấm v n`, `chấm vê en nờ`.
_DOMAIN = re.compile(
    r"(?:(?:g|ge|go) (?:meo|mail|mai)|[a-z0-9\-]{1,63})"
    r"(?:(?: ?\. ?|\.| cham )(?:(?:v|ve|vo) (?:n|en|no|en no)(?![a-z0-9])|[a-z0-9\-]{2,63})){1,4}"
)
_PLAIN_DOMAIN = re.compile(r"[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{2,63}){1,8}")
_BEFORE_AT = re.compile(r"(?:[a-z0-9._\-]+ ){0,15}[a-z0-9._\-]+$")
_NO_LOCAL = people.forms("not_local")
_MOST_WORDS, _LOCAL_REACH = 7, 96
# An army car: two letters and four digits.
_ARMY = re.compile(r"(?<![0-9a-z])[abhkpqtv][a-z][ \-]?[0-9]{2}[ .\-][0-9]{2}(?![0-9a-z]|[.,/:\-][0-9])")
_TAIL = re.compile(
    r"(?<![a-z])duoi(?: (?:so|bien|la|xe)){0,2}[ :]{1,2}(?P<tail>[0-9]{3}[. ]?[0-9]{2}|[0-9]{4})(?![0-9a-z]|[.,/:\-][0-9])"
)


def plates(seen: Seen) -> Iterator[Found]:
    """Cars and motorbikes; without a word that says so only the shapes that nothing else has."""
    for match in _PLATE.finditer(seen.plain):
        if _sure_plate(seen, match) or context.label(seen.plain, match.start()) == "plate":
            yield Found("plate", *seen.span(*match.span()))
    for match in _ARMY.finditer(seen.plain):
        shouted = seen.cased[match.start() : match.start() + 2].isupper()
        if shouted and context.label(seen.plain, match.start()) == "plate":
            yield Found("plate", *seen.span(*match.span()))
    for match in _TAIL.finditer(seen.plain):
        if context.label(seen.plain, match.start()) == "plate":
            yield Found("plate", *seen.span(*match.span("tail")))


def _sure_plate(seen: Seen, match: re.Match[str]) -> bool:
    if not match["five"]:
        return False
    if seen.cased[match.start("series")].isupper():
        return True
    if match["dot"] == "." or len(match["series"]) > 1:
        return True
    return not match["dot"] and match["joint"] in ("", "-")


def cards(seen: Seen) -> Iterator[Found]:
    """Health-insurance cards (two letters and thirteen digits), and passports after their name."""
    for match in _CARD.finditer(seen.plain):
        yield Found("insurance", *seen.span(*match.span()))
    if not any(word in seen.plain for word in ("ho chieu", "passport", "so hc")):
        return
    for match in _PASSPORT.finditer(seen.plain):
        if context.label(seen.plain, match.start()) == "passport":
            yield Found("passport", *seen.span(*match.span()))


def emails(seen: Seen) -> Iterator[Found]:
    """Addresses as typed and as said: `@`, `a còng`, `chấm com`."""
    for match in _AT.finditer(seen.plain):
        domain = _DOMAIN.match(seen.plain, match.end())
        if domain is None or (" " in domain[0] and not _ends_like_one(domain[0])):
            domain = _PLAIN_DOMAIN.match(seen.plain, match.end())
        start = _local(seen, match)
        if domain is not None and start < match.start():
            yield Found("email", *seen.span(start, domain.end()))


def _ends_like_one(domain: str) -> bool:
    return domain.rsplit(" ", 1)[-1].strip(".") in {"com", "vn", "net", "org", "edu", "gov", "n", "en", "no"}


def _local(seen: Seen, match: re.Match[str]) -> int:
    """Where the part before the sign begins."""
    if "@" in match[0]:
        local = _LOCAL.search(seen.plain, max(0, match.start() - 64), match.start())
        return local.start() if local else match.start()
    said = _BEFORE_AT.search(seen.plain, max(0, match.start() - _LOCAL_REACH), match.start())
    start, before = match.start(), ""
    if said is None:
        return start
    fallback = start
    for count, word in enumerate(reversed(list(re.finditer(r"[^ ]+", said[0])))):
        begin = said.start() + word.start()
        if people.stands(seen, (begin, begin + len(word[0])), _NO_LOCAL) and not (
            word[0] == "a" and (seen.accented or len(before) == 1 or start == match.start())
        ):
            return start
        start, before = begin, word[0]
        if count < _MOST_WORDS:
            fallback = start
    return fallback
