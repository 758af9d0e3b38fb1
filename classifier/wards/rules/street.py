"""Names of streets, with house numbers where they are known."""

from __future__ import annotations

from dataclasses import replace

from classifier.wards import words
from classifier.wards.around import Around, of
from classifier.wards.clue import Clue, make, merged
from classifier.wards.houses import Houses
from classifier.wards.levels import Level
from classifier.wards.persons import like_a_person
from classifier.wards.rules.landmark import named_after
from classifier.wards.rules.unit import as_district
from classifier.wards.senses import FLATS, Kind, Sense
from classifier.wards.units import district_units


def as_street(at: Around) -> Clue | None:
    """After phố, đường, ngõ or a number: the street; an unknown street named like a ward hints at that ward."""
    streets = of(at.hit, Kind.STREET)
    behind_a_number = _number_of_a_house if streets else _name_behind_a_number
    if at.before.word in ("số", "số nhà") and not behind_a_number(at):
        return None
    if streets:
        # "duong lang" is as often đường làng as đường Láng.
        unclear = all(street.guarded for street in streets) and not (
            at.hit.accented or at.hit.capital or at.numbers
        )
        pattern = "named_after" if unclear else "street_level"
        return make(at, merged(streets), pattern, words.street(streets[0]))
    marks = of(at.hit, Kind.LANDMARK)
    # "số nhà 5, Sóc Sơn" is the district, not its market.
    if marks and not of(at.hit, Kind.DISTRICT):
        return make(at, marks[0], "landmark_bare", words.landmark(marks[0]))
    if at.before.word in ("số", "số nhà") and of(at.hit, Kind.DISTRICT):
        return as_district(at)
    return named_after(at, 0.9)


def _name_behind_a_number(at: Around) -> bool:
    """ "Ruby 3 Goldmark City", "số nhà 5, Sóc Sơn"; never "Sở Xây dựng" without its marks, nor "0đ tháng đầu"."""
    if at.before.typed in ("so", "so nha"):
        return False
    if at.bare_allowed and not (at.hit.accented and at.hit.capital):
        return False
    return at.hit.accented or at.hit.capital or any(mark.type in FLATS for mark in of(at.hit, Kind.LANDMARK))


def _number_of_a_house(at: Around) -> bool:
    """ "94 lò đúc" is an address; "2 bình yên", "3 trạm", "38.000 đồng do" and "sổ đỏ nhà" are not."""
    if not at.numbers:
        return False
    if any(street.guarded for street in of(at.hit, Kind.STREET)):
        return at.hit.accented and (at.hit.capital or at.before.word == "số nhà")
    if at.before.word == "số nhà" or not at.bare_allowed:
        return True
    return at.hit.accented and (at.hit.capital or at.bare_allowed != "always")


def bare_street(at: Around, placed: Clue | None, factor: float) -> Clue:
    """A bare name that is a street and perhaps a unit too: where both agree, or both together."""
    # "Linh Đàm" is the street and the whole urban area.
    streets = [street for street in of(at.hit, Kind.STREET) if not street.guarded]
    streets += [mark for mark in of(at.hit, Kind.LANDMARK) if mark.type in FLATS]
    sense = merged(streets)
    person = like_a_person(sense.name)
    if placed is not None and (at.old or not person or at.district):
        return _street_or_unit(at, sense, placed, person)
    if person and at.before.level is not Level.PLACE and not at.placed:
        return make(at, sense, "street_bare", words.street(sense), factor * 0.85)
    return make(at, sense, "street_bare", words.street(sense), factor)


def _street_or_unit(at: Around, sense: Sense, placed: Clue, person: bool) -> Clue:
    if at.district and not person:
        return placed
    local = set(district_units().get(at.district, ()))
    along = (
        tuple(code for code in (*sense.codes, *sense.extra) if code in local) if at.district else sense.codes
    )
    if at.old or set(placed.codes) >= set(along):
        return placed
    return replace(
        placed, codes=tuple(dict.fromkeys((*placed.codes, *along))), strength=placed.strength * 0.95
    )


def numbered(clue: Clue, at: Around, houses: Houses) -> Clue:
    """The same clue, leaning to the units in which the house number lies."""
    if clue.kind is not Kind.STREET or clue.name not in houses or not at.numbers:
        return clue
    found = houses.locate(clue.name, at.numbers)
    if found is None:
        return clue
    lean = tuple(code for code in clue.codes if code in found[0])
    if not lean or len(lean) == len(clue.codes):
        return clue
    why = words.house(clue.name, at.numbers[0], lean)
    return replace(clue, lean=lean, lean_share=found[1], why=why)
