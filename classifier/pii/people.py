"""Words that tell a person's name from everything else that begins with a capital."""

from __future__ import annotations

import unicodedata
from functools import cache

from classifier.pii.seen import Seen
from classifier.pii.wordlists import words
from classifier.wards.tables import streets
from classifier.wards.units import old_units, units


def plain(word: str) -> str:
    """Lower case without accents, letter by letter."""
    folded = unicodedata.normalize("NFD", word.lower()).replace("đ", "d")
    return "".join(char for char in folded if not unicodedata.combining(char))


def forms(*names: str) -> dict[str, frozenset[str]]:
    """Plain form → the accented words of these lists it stands for."""
    found: dict[str, set[str]] = {}
    for name in names:
        for word in words(name):
            found.setdefault(plain(word), set()).add(word)
    return {key: frozenset(each) for key, each in found.items()}


SURNAMES = forms("surnames")
# In lower case only these say by themselves that a name begins.
STRONG = forms("strong")
MIDDLES = forms("middles")
MORE_MIDDLES = MIDDLES | forms("more_middles")
# Giàng A Chứ, Ma Seo Páo: middle words of the hill people, after their surnames only.
HILL_MIDDLES = forms("hill_middles")
# After one of these a name goes on, whatever the next word is elsewhere.
ONLY_NAMES = {**HILL_MIDDLES, **MIDDLES}
_HILL_FIRST = frozenset(words("hill_first"))
_GIVEN_PLAIN = frozenset(forms("given"))
_REGIONS = forms("regions")
TITLES = forms("titles")
# These titles are also how the writer speaks of himself, and stand before the place he lives in.
WEAK_TITLES = frozenset({"em", "chau", "be"})
STOPS = forms("stops")
FIRST_STOPS = forms("first_stops")
# Two words after a title that are an office or a whole phrase, never a name.
OFFICES = frozenset(words("offices"))
# A title and a name: known to everybody, or no person at all.
NOBODY = frozenset(words("nobody"))
NOBODY_PLAIN = frozenset(map(plain, NOBODY)) | frozenset(words("nobody_plain"))
FAMOUS = frozenset(words("famous"))
_NOT_SINGLE = frozenset(
    {"uy", "ubnd", "hdnd", "csgt", "ca", "bql", "bqt", "ha noi", "oi", "a", "va", "viet nam"}
)
# Without accents these end a name in one reading and belong to it in the other; as a fourth word they are kept.
SOFT = frozenset(
    {"nhung", "hang", "thu", "tam", "hai", "mong", "quan", "bay", "ban", "sau", "tuoi", "dai", "ngoai"}
)
DOUBTFUL = frozenset({"anh", "chi"})


# Without accents cầu, cư and bể look like titles.
_NEVER_PLAIN = frozenset({"cau", "cu", "be", "di", "mo", "thim", "ban", "lao"})


def stands(seen: Seen, word: tuple[int, int], table: dict[str, frozenset[str]]) -> bool:
    """True when the word at this place is in the table, its accents included where the writer uses accents."""
    spelled = table.get(seen.plain[word[0] : word[1]])
    return spelled is not None and seen.spells(*word, spelled)


def titled(seen: Seen, word: tuple[int, int]) -> bool:
    """True when the word is a title, as far as its accents tell."""
    return stands(seen, word, TITLES) and (seen.accented or seen.plain[word[0] : word[1]] not in _NEVER_PLAIN)


def nobody(seen: Seen, title: tuple[int, int], name: tuple[int, int]) -> bool:
    """`Bác Hồ`, `chị Hằng` beside `chú Cuội`: known to everybody, or no person at all."""
    if seen.plain[slice(*name)] == "hang" and "cuoi" in seen.words:
        return True
    if seen.accented:
        return f"{seen.written(*title)} {seen.written(*name)}" in NOBODY
    return f"{seen.plain[slice(*title)]} {seen.plain[slice(*name)]}" in NOBODY_PLAIN


def hill(seen: Seen, word: tuple[int, int]) -> bool:
    """`H'Nuen`, `K'Rứt`, `Y`, `A`: the first word of a name of the Central Highlands."""
    return "'" in seen.plain[slice(*word)] or seen.written(*word) in _HILL_FIRST


def teencode(seen: Seen, word: tuple[int, int]) -> bool:
    """`Trag`, `Hươg`: a given name whose end was written short."""
    text = seen.plain[slice(*word)]
    return text.endswith("g") and not text.endswith("ng") and f"{text[:-1]}ng" in _GIVEN_PLAIN


def region(seen: Seen, words: tuple[int, int]) -> bool:
    """A province is written here: with `quê em` before it a place, and elsewhere perhaps a name."""
    return stands(seen, words, _REGIONS)


def place(name: str) -> bool:
    """A unit, a district or a street has this plain name."""
    return name in places() or name.startswith(("kim van kim lu", "xuan mai", "ha noi"))


@cache
def places() -> frozenset[str]:
    """Plain names of units, districts and streets of the city."""
    names = [unit.name for unit in units()]
    names += [name for unit in old_units() for name in (unit.name, unit.district)]
    names += [name for row in streets() for name in row.names]
    return frozenset(map(plain, names)) | {"hanoi", "ha noi", "viet nam"}


def usual(word: str) -> bool:
    """A word that alone may be a given name."""
    return word not in _NOT_SINGLE
