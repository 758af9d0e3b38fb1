"""What may be wrong with the tables: contradictions, collisions, entries that no text can reach."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from classifier.normalise import fold_key
from classifier.wards import gazetteer, spelling, tables
from classifier.wards.resolver import Resolver
from classifier.wards.senses import Kind
from classifier.wards.units import old_units, unit, units

_EXPECTED_UNITS, _EXPECTED_OLD, _EXPECTED_DISTRICTS = 126, 526, 30


@dataclass(frozen=True, slots=True)
class Findings:
    """`faults` must be put right; `collisions` are known and kept; `counts` say how much there is."""

    counts: dict[str, int]
    faults: tuple[str, ...] = ()
    collisions: tuple[str, ...] = ()


@dataclass(slots=True)
class _Collected:
    faults: list[str] = field(default_factory=list)
    collisions: list[str] = field(default_factory=list)


def check() -> Findings:
    """Check the packaged tables; raises TableFault when they cannot be loaded at all."""
    names = gazetteer.load()
    found = _Collected()
    _sizes(found)
    _unplaced(names, found)
    _repeated(found)
    _accent_collisions(names, found)
    _idle_common_words(names, found)
    _unreachable(found)
    found.faults += names.houses.overlaps()
    counts = {kind.value: 0 for kind in Kind}
    for spellings in names.spellings:
        for kind in {each.sense.kind for each in spellings if not each.fuzzy}:
            counts[kind.value] += 1
    return Findings(counts, tuple(found.faults), tuple(found.collisions))


def _sizes(found: _Collected) -> None:
    if len(units()) != _EXPECTED_UNITS:
        found.faults.append(f"{len(units())} units instead of {_EXPECTED_UNITS}")
    if len(old_units()) != _EXPECTED_OLD:
        found.faults.append(f"{len(old_units())} old units instead of {_EXPECTED_OLD}")
    if len({old.district for old in old_units()}) != _EXPECTED_DISTRICTS:
        found.faults.append("not 30 districts")
    found.faults += [f"old unit {old.code} {old.name} has no heirs" for old in old_units() if not old.heirs]


def _unplaced(names: gazetteer.Gazetteer, found: _Collected) -> None:
    for spellings in names.spellings:
        for each in spellings:
            sense = each.sense
            if sense.kind not in (Kind.OUTSIDE, Kind.PHRASE) and not sense.codes:
                found.faults.append(f"{sense.kind} {sense.name} leads to no unit")
            if not 0 < sense.confidence <= 1:
                found.faults.append(f"{sense.kind} {sense.name}: confidence {sense.confidence}")


def _repeated(found: _Collected) -> None:
    """A street or landmark that stands twice: with other units it contradicts itself, with the same it is idle."""
    seen: set[tuple[str, str]] = set()
    rows = [("street", name) for row in tables.streets() for name in row.names]
    rows += [(row.family, name) for row in tables.landmarks() for name in row.names]
    for family, name in rows:
        if (family, name) in seen:
            found.faults.append(f"{family} {name} stands twice")
        seen.add((family, name))


def _accent_collisions(names: gazetteer.Gazetteer, found: _Collected) -> None:
    for name, spellings in zip(names.names, names.spellings, strict=True):
        kinds = {
            each.sense.name
            for each in spellings
            if not each.fuzzy and each.sense.kind in (Kind.NEW, Kind.OLD)
        }
        if len(kinds) > 1:
            found.collisions.append(f"{name}: {', '.join(sorted(kinds))}")


def _unreachable(found: _Collected) -> None:
    """Rows that no text can reach: written with their own level word they are not found, or only as something elsewhere."""
    resolver = Resolver.load()
    for row in tables.streets():
        codes = _codes((*row.units, *row.namesakes))
        for name in row.names:
            _reach(resolver, f"đường {name}", codes, found)
    for landmark in tables.landmarks():
        codes = _codes((*landmark.units, *landmark.fringe))
        for name in landmark.names:
            _reach(resolver, _with_level(landmark.family, name), codes, found)
    for old in tables.vanished():
        codes = {code for heir in old.heirs for code in gazetteer.find_old(heir, old.district).heirs}
        _reach(resolver, f"{old.type} {old.name} cũ, {old.district}", codes, found)


def _codes(parts: Iterable[str]) -> set[str]:
    return {code for part in parts for code in gazetteer.place_codes(part)}


def _with_level(family: str, name: str) -> str:
    return name if spelling.has_level_word(family, name) else f"{family} {name}"


def _reach(resolver: Resolver, text: str, codes: set[str], found: _Collected) -> None:
    _, clues = resolver.clues(text)
    if not any(codes & {*clue.codes, *clue.extra} for clue in clues):
        found.faults.append(f"{text!r} is never read as its row says")


def _idle_common_words(names: gazetteer.Gazetteer, found: _Collected) -> None:
    known = set(names.names)
    found.faults += [f"common word {word} is no name" for word in names.common if word not in known]


class PointsUnreadable(ValueError):
    """The file of map points cannot be read; says why."""


def _points(path: Path) -> dict[str, dict[str, int]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise PointsUnreadable(f"{path}: không đọc được ({fault})") from fault
    known = {each.code for each in units()}
    if not isinstance(found, dict) or not all(
        isinstance(points, dict)
        and all(code in known and isinstance(count, int) for code, count in points.items())
        for points in found.values()
    ):
        raise PointsUnreadable(f"{path}: không phải bảng điểm bản đồ theo đường")
    return found


def compare_streets(path: Path) -> list[str]:
    """Streets of ours that contradict a JSON file {street: {unit code: number of map points}}.

    Raises PointsUnreadable when the file is no such thing. One point alone is not held against us.
    """
    evidence = _points(path)
    ours: dict[str, set[str]] = {}
    for row in tables.streets():
        codes = {code for part in (*row.units, *row.namesakes) for code in gazetteer.place_codes(part)}
        for name in row.names:
            ours.setdefault(fold_key(name), set()).update(codes)
    out = []
    for street, points in sorted(evidence.items()):
        known = ours.get(fold_key(street))
        missing = [
            code for code, count in points.items() if known is not None and code not in known and count > 1
        ]
        if missing:
            out.append(f"{street}: missing {', '.join(unit(code).name for code in missing)}")
    return out
