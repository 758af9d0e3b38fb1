"""What a name can mean: the vocabulary of the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Families of places where people live, by which they call each other's kind: khu đô thị X is also chung cư X.
FLATS = frozenset({"khu đô thị", "chung cư", "khu tập thể"})
VILLAGES = frozenset({"làng", "làng nghề", "thôn"})


class Kind(StrEnum):
    """Which layer a meaning belongs to."""

    NEW = "new"
    OLD = "old"
    DISTRICT = "district"
    STREET = "street"
    LANDMARK = "landmark"
    OUTSIDE = "outside"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a name.

    `codes` are new units; `extra` are units where a lesser namesake lies; `type` is the unit type or the family of a
    landmark; `guarded` meanings need a level word or an address around them; `marked` ones need typed accents ("chua
    thay" is rather chưa thấy than chùa Thầy); `main`: those of the codes where a landmark mainly lies, when it
    only touches the others; `sole`: one syllable is all its own, so that no slip
    is allowed in it (chợ Sa is not chợ xã); `until`: the day a name stopped being official, where that is not 1 July 2025.
    """

    kind: Kind
    name: str
    codes: tuple[str, ...]
    type: str = ""
    district: str = ""
    confidence: float = 1.0
    guarded: bool = False
    extra: tuple[str, ...] = ()
    until: date | None = None
    marked: bool = False
    sole: bool = False
    main: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a meaning: accented syllable keys; `fuzzy` for sound-alikes such as nâm for Lâm."""

    sense: Sense
    keys: tuple[tuple[str, str], ...]
    fuzzy: bool = False
