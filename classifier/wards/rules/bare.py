"""A name without a level word: districts first, then units, streets, places that can stand alone; common words need more."""

from __future__ import annotations

from classifier.wards import words
from classifier.wards.around import Around, of
from classifier.wards.clue import Clue, make
from classifier.wards.levels import Level
from classifier.wards.rules.landmark import bare_landmark, named_after, named_in_earnest, spoken_of
from classifier.wards.rules.street import bare_street
from classifier.wards.rules.unit import as_district, bare_unit
from classifier.wards.senses import Kind


def bare(at: Around) -> Clue | None:
    """What a name says by itself."""
    hit = at.hit
    linked = at.placed and at.bare_allowed != "always" and (bool(of(hit, Kind.DISTRICT)) or not _plain(at))
    helped = bool(at.district) or at.old or linked
    doubtful = hit.doubtful and not _brings_its_level_word(at)
    if not helped and (doubtful or (at.bare_allowed and not named_in_earnest(at))):
        return None
    if not helped and _plain(at):
        return named_after(at, 0.8)
    factor = 1.0 if helped else _factor(at)
    districts = [sense for sense in of(hit, Kind.DISTRICT) if not sense.guarded or helped]
    if districts and not (at.district and of(hit, Kind.OLD, Kind.NEW)):
        return as_district(at)
    placed = bare_unit(at, factor)
    if any(not street.guarded for street in of(hit, Kind.STREET)):
        return bare_street(at, placed, factor)
    return placed or bare_landmark(at, helped)


def _plain(at: Around) -> bool:
    """Two small words without accents: "trieu dong", "van hoa" — rarely the place they could also be."""
    if at.hit.accented or at.hit.distinct or at.hit.capital or spoken_of(at):
        return False
    return not _brings_its_level_word(at)


def _brings_its_level_word(at: Around) -> bool:
    return any(not mark.type for mark in of(at.hit, Kind.LANDMARK))


def _factor(at: Around) -> float:
    factor = 1.0 if at.before.level is Level.PLACE else 0.95
    if at.bare_allowed and not (at.bare_allowed == "plain" and at.hit.accented):
        factor *= 0.75
    if at.cased and not at.hit.capital:
        factor *= 0.6
    if not at.hit.accented:
        factor *= 0.92 if spoken_of(at) or at.hit.distinct else 0.8
    return factor


def outside(at: Around) -> Clue | None:
    """A place outside Hanoi, unless it names a street, an origin or a dish."""
    found = of(at.hit, Kind.OUTSIDE)
    silent = (Level.STREET, Level.TRAVEL, Level.FAMILY, Level.PERSON, Level.BRAND)
    if not found or at.hit.doubtful or at.before.level in silent:
        return None
    levelled = at.before.level in (Level.PROVINCE, Level.DISTRICT, Level.UNIT)
    if not at.placed and not levelled and _unlikely_outside(at):
        return None
    return make(at, found[0], "outside", words.outside(found[0]))


def _unlikely_outside(at: Around) -> bool:
    sense = of(at.hit, Kind.OUTSIDE)[0]
    if at.before.word in ("từ", "qua", "về", "đến", "tới"):
        return True
    if sense.guarded or (at.bare_allowed and not named_in_earnest(at)):
        return True
    return not (at.hit.accented or at.hit.titled or sense.name.isascii() or spoken_of(at))
