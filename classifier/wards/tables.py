"""Reading the reviewable tables under `data/`: tab-separated, `#` comments, one header line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

# Where a row comes from: general knowledge of the city; a published address of an office or a shop; the text of
# a resolution; its own name (chợ Xuân La lies in Xuân La); other public tables that agree.
SOURCES = frozenset({"knowledge", "address", "resolution", "name", "tables"})
SIDES = frozenset({"odd", "even", "both"})


class TableFault(ValueError):
    """A table of the gazetteer is not what the code expects; names the file and the line."""


@dataclass(frozen=True, slots=True)
class StreetRow:
    """Streets that run through the same units; `namesakes` are units with a lesser street of that name."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    namesakes: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class NumberRow:
    """House numbers `first`–`last` on one side of a street lie in `units`; alleys carry the number of their mouth."""

    street: str
    side: str
    first: int
    last: int
    units: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class LandmarkRow:
    """Spellings of one place, its family (chợ, cầu …) and where it lies; `fringe` are units that it only touches."""

    family: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    fringe: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class VanishedRow:
    """A unit that ended before July 2025 and the later units (Name or Name@District) that took it over."""

    type: str
    name: str
    district: str
    heirs: tuple[str, ...]
    until: date
    confidence: float


def streets() -> Iterator[StreetRow]:
    """Rows of `streets/`; raises TableFault for a bad confidence or source."""
    for names, where, confidence, source in rows("streets", ("names", "units", "confidence", "source")):
        parts = listed(where)
        yield StreetRow(
            listed(names, ","),
            tuple(part for part in parts if not part.endswith("?")),
            tuple(part[:-1] for part in parts if part.endswith("?")),
            _sure("streets", names, confidence, source),
        )


def numbers() -> Iterator[NumberRow]:
    """Rows of `numbers/`; raises TableFault for a bad side, range, confidence or source."""
    columns = ("street", "side", "first", "last", "units", "confidence", "source")
    for street, side, first, last, where, confidence, source in rows("numbers", columns):
        if side not in SIDES or not (first + last).isdigit() or not 0 < int(first) <= int(last):
            raise TableFault(f"numbers: {street} {side} {first}-{last} is no range")
        sure = _sure("numbers", street, confidence, source)
        yield NumberRow(street, side, int(first), int(last), listed(where), sure)


def landmarks() -> Iterator[LandmarkRow]:
    """Rows of `landmarks/`; raises TableFault for a bad confidence or source."""
    columns = ("kind", "names", "units", "confidence", "source")
    for family, names, where, confidence, source in rows("landmarks", columns):
        main = tuple(part for part in listed(where) if not part.endswith("?"))
        fringe = tuple(part[:-1] for part in listed(where) if part.endswith("?"))
        if not main:
            raise TableFault(f"landmarks: {names}: no unit without a question mark")
        sure = _sure("landmarks", names, confidence, source)
        yield LandmarkRow(family, listed(names), main, fringe, sure)


def vanished() -> Iterator[VanishedRow]:
    """Rows of `vanished.tsv`; raises TableFault for a bad date, confidence or source."""
    columns = ("type", "name", "district", "took_over", "until", "confidence", "source")
    for kind, name, district, heirs, until, confidence, source in rows("vanished", columns):
        sure = _sure("vanished", name, confidence, source)
        try:
            yield VanishedRow(kind, name, district, listed(heirs), date.fromisoformat(until), sure)
        except ValueError as error:
            raise TableFault(f"vanished: {name}: {until!r} is no date") from error


def _sure(table: str, what: str, confidence: str, source: str) -> float:
    if source not in SOURCES:
        raise TableFault(f"{table}: {what}: unknown source {source!r}")
    try:
        value = float(confidence)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise TableFault(f"{table}: {what}: confidence {confidence!r}")
    return value


def rows(name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The rows of `data/<name>.tsv`, or of every table in `data/<name>/`, as tuples in the order of `columns`.

    Missing last cells are empty; raises TableFault for other columns or too many cells.
    """
    for part in _parts(name):
        yield from _rows(part, columns)


def _parts(name: str) -> list[Traversable]:
    data = files("classifier.wards").joinpath("data")
    folder = data.joinpath(name)
    if not folder.is_dir():
        return [data.joinpath(f"{name}.tsv")]
    return sorted(
        (part for part in folder.iterdir() if part.name.endswith(".tsv")), key=lambda each: each.name
    )


def _rows(part: Traversable, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    header: tuple[str, ...] | None = None
    for number, line in enumerate(part.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if header is None:
            header = cells
            if header != columns:
                raise TableFault(f"{part.name}:{number}: columns {header} instead of {columns}")
            continue
        if len(cells) > len(columns) or not cells[0]:
            raise TableFault(f"{part.name}:{number}: {len(cells)} cells for {len(columns)} columns")
        yield cells + ("",) * (len(columns) - len(cells))


def listed(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The parts of a cell that holds a list."""
    return tuple(part.strip() for part in cell.split(separator) if part.strip())
