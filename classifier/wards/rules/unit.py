"""Names of units and districts, of today and of before."""

from __future__ import annotations

from dataclasses import replace

from classifier.wards import words
from classifier.wards.around import Around, of
from classifier.wards.clue import Clue, make
from classifier.wards.levels import Level
from classifier.wards.senses import FLATS, VILLAGES, Kind, Sense
from classifier.wards.units import unit


def as_unit(at: Around, factor: float = 1.0) -> Clue | None:
    """After phường, xã, thị trấn: the new unit, unless "cũ", a district, the type or the date says the old one."""
    kind = at.before.word if at.before.level is Level.UNIT else ""
    news, olds = of(at.hit, Kind.NEW), of(at.hit, Kind.OLD)
    if " " not in at.hit.name and not (at.hit.accented or at.hit.capital):
        # "may xa lang nghe" names no phường Láng.
        news = [sense for sense in news if not kind or sense.type == kind]
        olds = [sense for sense in olds if not kind or sense.type == kind]
    same = [sense for sense in olds if not kind or sense.type == kind]
    if not same and not any(sense.type == kind for sense in news):
        # "phường Văn Điển": a slip in the level word; "xã Thanh Trì, Hoàng Mai" is today's xã, not the phường of before.
        same = olds
    here = in_named_district(at, same)
    if at.new and news:
        return new(at, news[0], factor)
    if olds and (at.old or here or not news or at.before_merger):
        return old(at, here or same or olds, "old_marked" if at.old or here else "old_level", factor)
    if news and kind and news[0].type != kind and any(sense.type == kind for sense in olds):
        return old(at, same, "old_level", factor)
    if news:
        return new(at, news[0], factor if not kind or news[0].type == kind else factor * 0.97)
    marks = [mark for mark in of(at.hit, Kind.LANDMARK) if mark.type in FLATS | VILLAGES]
    return make(at, marks[0], "named_after", words.landmark(marks[0])) if marks else None


def in_named_district(at: Around, senses: list[Sense]) -> list[Sense]:
    """Those of the former units that belong to the district named right after."""
    return [
        sense
        for sense in senses
        if at.district
        and (
            sense.district == at.district or (at.district == "Từ Liêm" and sense.district.endswith("Từ Liêm"))
        )
    ]


# Without marks a name of today is meant more often than another of before that only looks the same: an estimate.
_RATHER_TODAY = 0.85


def new(at: Around, sense: Sense, factor: float = 1.0) -> Clue:
    """A unit of today; where the marks are missing, with the units of another former name that looks the same."""
    pattern = "new_level" if at.before.level in (Level.UNIT, Level.OFFICE) else "new_bare"
    clue = make(at, sense, pattern, words.new_unit(unit(sense.codes[0])), factor)
    others = [] if at.hit.accented else [old for old in of(at.hit, Kind.OLD) if old.name != sense.name]
    codes = tuple(dict.fromkeys((*sense.codes, *(code for old in others for code in old.codes))))
    if len(codes) == len(sense.codes):
        return clue
    return replace(clue, codes=codes, lean=sense.codes, lean_share=_RATHER_TODAY)


def old(at: Around, senses: list[Sense], pattern: str, factor: float = 1.0) -> Clue:
    """A unit of before; of several bearers of the name, all of them."""
    codes = tuple(dict.fromkeys(code for sense in senses for code in sense.codes))
    sure = max(sense.confidence for sense in senses)
    sense = replace(senses[0], codes=codes, confidence=sure)
    return make(at, sense, pattern, words.old_unit(senses, codes), factor)


def as_district(at: Around) -> Clue | None:
    """The set of units of a former district."""
    found = of(at.hit, Kind.DISTRICT)
    if not found:
        return None
    pattern = "district_level" if at.before.level is Level.DISTRICT or at.old else "district_bare"
    return make(at, found[0], pattern, words.district(found[0]))


def bare_unit(at: Around, factor: float) -> Clue | None:
    """A unit's name without a level word."""
    news, olds = of(at.hit, Kind.NEW), of(at.hit, Kind.OLD)
    here = in_named_district(at, olds)
    if olds and (at.old or here or (at.before_merger and not news)):
        return old(at, here or olds, "old_marked" if at.old or here else "old_bare", factor)
    if news:
        return new(at, news[0], factor)
    return old(at, olds, "old_bare", factor) if olds else None
