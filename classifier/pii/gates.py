"""One cheap look at the words of a text: which of the costly detectors can find anything at all.

Every word becomes one character that says what it may be; two short patterns over these characters then answer.
"""

from __future__ import annotations

import re
from itertools import repeat

from classifier.pii import given, people, spoken
from classifier.pii.seen import Seen

AHEAD = frozenset(people.TITLES) | {
    "la",
    "ten",
    "ghi",
    "giao",
    "truong",
    "ho",
    "tk",
    "khoan",
    "gui",
    "viet",
    "gui:",
    "viet:",
    "ten:",
    "toi",
}
_DIGITS = {word for word in spoken.DIGITS if word.isascii()} | {"muoi"}
_DIGITS |= {f"{number:0{width}}" for width in (1, 2, 3, 4) for number in range(10**width)}
_ROLES = (
    _DIGITS,
    spoken.FILLERS | spoken.TIMES | spoken.BREAKS,
    AHEAD - {"toi"},
    set(people.SURNAMES) - {"la"},
    set(people.MORE_MIDDLES) | set(people.HILL_MIDDLES),
    given.LEADS,
    # A name may end a sentence.
    {f"{name}{mark}" for name in (given.ANY | given.ORDINALS) for mark in ("", *given.MARKS)},
    set(people.STRONG),
    set(given.GIVEN),
    {*people.MIDDLES, "a", "seo"},
    {"toi"},
)
_DIGIT, _FILLER, _TITLE, _SURNAME, _MIDDLE, _LEAD, _GIVEN, _STRONG, _SURE, _ONLY_MIDDLE, _SELF = (
    1 << place for place in range(len(_ROLES))
)
_FIRST = ord("@")


def _masks() -> dict[str, int]:
    masks: dict[str, int] = {}
    for place, words in enumerate(_ROLES):
        for word in words:
            masks[word] = masks.get(word, 0) | 1 << place
    return masks


_MASKS = _masks()
# Only the combinations that occur have a sign, so that every sign is one byte.
_COMBINED = {mask: chr(_FIRST + at) for at, mask in enumerate(sorted(set(_MASKS.values())))}


def _any_of(roles: int) -> str:
    """A character class: the signs of all words that have one of these roles."""
    signs = (sign for mask, sign in _COMBINED.items() if mask & roles)
    return "[" + "".join(map(re.escape, signs)) + "]"


_SIGNS = {word: _COMBINED[mask] for word, mask in _MASKS.items()}
_DIGITS_IN_A_ROW = re.compile(f"{_any_of(_DIGIT)}(?:{_any_of(_FILLER)}{{0,2}}{_any_of(_DIGIT)}){{4}}")
_FOUR_DIGITS = re.compile(f"{_any_of(_DIGIT)}(?:{_any_of(_FILLER)}{{0,2}}{_any_of(_DIGIT)}){{3}}")
_TITLED_NAME = re.compile(
    f"{_any_of(_TITLE)}(?:{_any_of(_SURNAME)}{_any_of(_MIDDLE)}|{_any_of(_STRONG)}{_any_of(_SURE)})"
    f"|{_any_of(_SELF)}{_any_of(_SURNAME)}{_any_of(_MIDDLE)}{_any_of(_GIVEN)}"
)
_UNKNOWN_SURNAME = re.compile(f"{_any_of(_TITLE | _SELF)}.{_any_of(_ONLY_MIDDLE)}")
_GIVEN_NAME = re.compile(f"{_any_of(_LEAD)}(?={_any_of(_GIVEN)})")
_ANNOUNCED = re.compile(f"{_any_of(_TITLE | _SELF)}(?={_any_of(_SURNAME)})")
_STRONG_NAME = re.compile(
    f"{_any_of(_STRONG)}(?:{_any_of(_MIDDLE)}{_any_of(_GIVEN)}|{_any_of(_ONLY_MIDDLE)})"
)


def gate(seen: Seen) -> str:
    """The signs of the words of a text, in order."""
    return "".join(map(_SIGNS.get, seen.words, repeat(" ")))


def said_digits(signs: str) -> bool:
    """At least five digits in a row."""
    return _DIGITS_IN_A_ROW.search(signs) is not None


def said_plate(signs: str) -> bool:
    """At least four digits in a row."""
    return _FOUR_DIGITS.search(signs) is not None


def titled_name(signs: str) -> bool:
    """A surname and a middle name after a title."""
    return _TITLED_NAME.search(signs) is not None


def given_names(signs: str) -> list[int]:
    """Which words may be a title, or `là`, before a given name."""
    return [match.start() for match in _GIVEN_NAME.finditer(signs)]


def surnames(signs: str) -> list[int]:
    """Which words may announce the surname after them."""
    return [match.start() for match in _ANNOUNCED.finditer(signs)]


def strong_name(signs: str) -> bool:
    """A whole name that needs no title, perhaps."""
    return _STRONG_NAME.search(signs) is not None


def unknown_surname(signs: str) -> bool:
    """`tôi là mè văn phúm`, perhaps."""
    return _UNKNOWN_SURNAME.search(signs) is not None
