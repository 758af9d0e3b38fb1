"""What a rule may look at: a hit, its level word, its neighbours in the same address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from classifier.normalise import Folded
from classifier.wards import context
from classifier.wards.houses import number_near
from classifier.wards.levels import Before, before
from classifier.wards.matcher import Hit
from classifier.wards.senses import Kind, Sense

_LINK = re.compile(
    r"[\s,.;(\-/]{0,4}((thuoc|o|tai|cua)\s+)?((dia ban\s+)?(quan|q|huyen|h|thi xa|tx|tp|t p|tinh|thanh pho|phuong|p|xa|x)"
    r"\s*[.:]?)?\s*"
)
_UNKNOWN_DISTRICT = re.compile(
    r"[\s,]{0,3}(?:(?:xa|phuong|quan|q|huyen|h|thi xa|tx|thi tran|thanh pho|tp)[ .]+(?:[a-z]+[ ,]+){1,3}){1,2}"
    r"(?:tinh|thanh pho|tp)?[ .]*"
)
# Capital letters inside sentences: this writer would have written a name with them too.
_CASED = re.compile(r"[a-zà-ỹ,] [A-ZĐ]\w*[a-zà-ỹ]")


@dataclass(frozen=True, slots=True)
class Writer:
    """How this writer types: with accents, with capital letters inside sentences; and whether before 1 July 2025."""

    accented: bool
    cased: bool
    before_merger: bool = False


def writer_of(folded: Folded, accented: bool, before_merger: bool = False) -> Writer:
    """Look at the whole text once."""
    return Writer(accented, _CASED.search(folded.original) is not None, before_merger)


@dataclass(frozen=True, slots=True)
class Around:
    """`district` is the former district named right after; `placed`: a neighbour in the address is a place too.

    `numbers`: the house or alley number in front, more than one where the writing leaves it open.
    """

    hit: Hit
    before: Before
    old: bool
    new: bool
    district: str
    placed: bool
    bare_allowed: str
    cased: bool
    after_outside: bool
    before_merger: bool
    numbers: tuple[int, ...]


def look(
    folded: Folded,
    hit: Hit,
    following: Hit | None,
    previous: Hit | None,
    common: Mapping[str, str],
    writer: Writer,
) -> Around:
    """Gather the surroundings of one hit."""
    # Many mix: a name without its marks stands among words without theirs.
    accented = writer.accented and hit.accented
    led = before(folded, hit.start, accented, previous.end if previous else 0, hit.titled)
    district = ""
    placed = previous is not None and linked(folded, previous, hit) and _vouches(previous, hit, common)
    if linked(folded, hit, following) and following is not None:
        found = of(following, Kind.DISTRICT)
        district = found[0].district if found else ""
        placed = placed or bool(district) or following.name not in common
    return Around(
        hit,
        led,
        context.marked_old(folded, hit, led.start, accented),
        context.marked_new(folded, hit),
        district,
        placed,
        common.get(hit.name, ""),
        writer.cased,
        placed
        and previous is not None
        and bool(of(previous, Kind.OUTSIDE))
        and not of(previous, Kind.NEW, Kind.OLD),
        writer.before_merger,
        number_near(folded, hit.start, hit.end) if of(hit, Kind.STREET) else (),
    )


def _vouches(previous: Hit, hit: Hit, common: Mapping[str, str]) -> bool:
    """The name before is surely a place, or a former unit of the very district that follows, or a province follows."""
    if previous.name not in common or of(hit, Kind.OUTSIDE):
        return True
    own = {sense.district for sense in of(previous, Kind.OLD)}
    return any(sense.district in own for sense in of(hit, Kind.DISTRICT))


def of(hit: Hit, *kinds: Kind) -> list[Sense]:
    """The meanings of the given kinds."""
    return [spelling.sense for spelling in hit.spellings if spelling.sense.kind in kinds]


def linked(folded: Folded, left: Hit, right: Hit | None) -> bool:
    """Only commas and level words stand between the two names: parts of one address."""
    if right is None or right.start - left.end > 28:
        return False
    gap = folded.text[left.end : right.start]
    return _LINK.fullmatch(gap.replace(" cu", "", 1)) is not None


def belongs_to(folded: Folded, left: Hit, outside: Hit) -> bool:
    """The name on the left is part of an address that ends outside Hanoi: xã Tân Lập, huyện Vũ Thư, Thái Bình."""
    if linked(folded, left, outside):
        return True
    gap = folded.text[left.end : outside.start] if outside.start - left.end < 48 else ""
    return _UNKNOWN_DISTRICT.fullmatch(gap) is not None
