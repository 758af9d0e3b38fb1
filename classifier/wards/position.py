"""Where a position lies: shares of belief over the units, from the middles and boxes of the former units.

There are no public border lines of the 126 units. Each has been put together from former ones, whose boxes are known: a
point speaks for the units that took over the former units around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, exp, hypot, radians

from classifier.wards.tables import rows
from classifier.wards.units import OldUnit, old_units, unit

_SOUTH, _NORTH, _WEST, _EAST = 20.53, 21.39, 105.28, 106.03
_KM_NORTH = 111.2
_KM_EAST = _KM_NORTH * cos(radians(21.0))
# Belief falls by e when a point lies this many half-boxes from the middle of a former unit.
_FADE = 0.55
_LEAST = 0.03


@dataclass(frozen=True, slots=True)
class Box:
    """Middle of a former unit, and half its extent north and east, in kilometres."""

    lat: float
    lon: float
    north: float
    east: float

    def reach(self, lat: float, lon: float) -> float:
        """Distance of a point from the middle in half-boxes: 1 is the edge of the box."""
        return hypot((lat - self.lat) * _KM_NORTH / self.north, (lon - self.lon) * _KM_EAST / self.east)


@cache
def boxes() -> dict[str, Box]:
    """Code of a former unit → its box."""
    found: dict[str, Box] = {}
    for code, *numbers in rows("places", ("code", "lat", "lon", "south", "west", "north", "east")):
        _, _, south, west, north, east = (float(each) for each in numbers)
        middle = ((south + north) / 2, (west + east) / 2)
        found[code] = Box(*middle, (north - south) / 2 * _KM_NORTH, (east - west) / 2 * _KM_EAST)
    return found


def in_hanoi(lat: float, lon: float) -> bool:
    """Inside the box around the city."""
    return _SOUTH < lat < _NORTH and _WEST < lon < _EAST


def shares(lat: float, lon: float) -> dict[str, float]:
    """Unit code → share of belief (they sum to 1) for a point in degrees; empty when no former unit is near."""
    found: dict[str, float] = {}
    for old in old_units():
        reach = boxes()[old.code].reach(lat, lon)
        if reach < 1.8:
            _spread(old, exp(-((reach / _FADE) ** 2) / 2), lat, lon, found)
    total = sum(found.values())
    if total < 1e-6:
        return {}
    kept = {code: value / total for code, value in found.items() if value / total >= _LEAST}
    whole = sum(kept.values())
    return {code: value / whole for code, value in sorted(kept.items(), key=lambda each: -each[1])}


def _spread(old: OldUnit, belief: float, lat: float, lon: float, found: dict[str, float]) -> None:
    """A split unit gives to each heir by how near the heir's other parts and its seat lie."""
    pull = {code: exp(-1.5 * _distance(code, old.code, lat, lon)) for code in old.heirs}
    whole = sum(pull.values())
    for code, value in pull.items():
        found[code] = found.get(code, 0.0) + belief * value / whole


def _distance(code: str, without: str, lat: float, lon: float) -> float:
    """Kilometres to the nearest other part of the unit, or to its seat."""
    seat = unit(code)
    places = [(seat.lat, seat.lon)]
    places += [(boxes()[part].lat, boxes()[part].lon) for part in _parts()[code] if part != without]
    return min(hypot((lat - north) * _KM_NORTH, (lon - east) * _KM_EAST) for north, east in places)


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for old in old_units():
        for code in old.heirs:
            found.setdefault(code, []).append(old.code)
    return {code: tuple(parts) for code, parts in found.items()}
