"""The 126 units of Hanoi since 1 July 2025 and the 526 before them: cheap to import, no heavy library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from classifier.wards.tables import rows

VALID_FROM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One phường or xã; area in km², seat in WGS 84 degrees."""

    code: str
    name: str
    type: str
    km2: float
    population: int
    lon: float
    lat: float

    @property
    def full_name(self) -> str:
        """`Phường Ba Đình`."""
        return f"{self.type.capitalize()} {self.name}"

    @property
    def spoken_name(self) -> str:
        """`phường Ba Đình`, for the middle of a sentence."""
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class OldUnit:
    """One of the 526 units of the first half of 2025 and the new units that have residents of it."""

    code: str
    name: str
    type: str
    district: str
    district_type: str
    heirs: tuple[str, ...]


@cache
def units() -> tuple[Unit, ...]:
    """The 126 units in the order of their codes."""
    table = rows("units", ("code", "type", "name", "km2", "population", "lon", "lat"))
    return tuple(
        Unit(code, name, kind, float(km2), int(people), float(lon), float(lat))
        for code, kind, name, km2, people, lon, lat in table
    )


@cache
def unit(code: str) -> Unit:
    """The unit with this code; raises KeyError for an unknown one."""
    return {each.code: each for each in units()}[code]


@cache
def old_units() -> tuple[OldUnit, ...]:
    """The 526 units of 1 January to 30 June 2025."""
    columns = ("code", "type", "name", "district_type", "district", "new_code", "mode", "residents")
    found: dict[str, OldUnit] = {}
    for code, kind, name, district_type, district, heir, _mode, residents in rows("old_units", columns):
        known = found.get(code) or OldUnit(code, name, kind, district, district_type, ())
        # An heir that took over only area has nobody who could write.
        found[code] = replace(known, heirs=(*known.heirs, heir)) if residents == "1" else known
    return tuple(found.values())


@cache
def district_units() -> dict[str, tuple[str, ...]]:
    """Name of each of the 30 former districts → codes of the new units with residents of it."""
    found: dict[str, set[str]] = {}
    for old in old_units():
        found.setdefault(old.district, set()).update(old.heirs)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


@cache
def district_types() -> dict[str, str]:
    """Name of each former district → quận, huyện or thị xã."""
    return {old.district: old.district_type for old in old_units()}
