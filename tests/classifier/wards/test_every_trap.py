"""Every trap of the merger, derived from the tables: wards that were districts, namesakes, collisions, streets."""

from __future__ import annotations

from collections import defaultdict

import pytest

from classifier.normalise import fold_key
from classifier.prediction import Query
from classifier.wards import Resolver, tables, units
from classifier.wards.gazetteer import place_codes
from classifier.wards.units import OldUnit, Unit, district_types, district_units, old_units

RESOLVER = Resolver.load()
BY_NAME = {unit.name: unit for unit in units()}
LIKE_A_DISTRICT = sorted(set(BY_NAME) & set(district_units()))


def _bearers() -> dict[str, list[OldUnit]]:
    found: dict[str, list[OldUnit]] = defaultdict(list)
    for old in old_units():
        found[old.name].append(old)
    return found


BEARERS = _bearers()
NAMESAKES = sorted(name for name, olds in BEARERS.items() if len(olds) > 1)


def _collisions() -> list[tuple[OldUnit, OldUnit]]:
    """Former units of different names that look the same without accents."""
    found = defaultdict(list)
    for old in old_units():
        found[fold_key(old.name)].append(old)
    return [
        (one, other) for olds in found.values() for one in olds for other in olds if one.name < other.name
    ]


COLLISIONS = _collisions()


def _streets_like_wards() -> list[tuple[str, Unit, frozenset[str]]]:
    found = []
    for row in tables.streets():
        codes = frozenset(code for part in (*row.units, *row.namesakes) for code in place_codes(part))
        found += [(name, BY_NAME[name], codes) for name in row.names if name in BY_NAME]
    return found


STREETS = _streets_like_wards()


def codes(text: str) -> set[str]:
    return {each.code for each in RESOLVER.resolve(Query(text)).candidates}


def asserted(text: str) -> str | None:
    ward = RESOLVER.resolve(Query(text)).ward
    return ward.code if ward else None


def test_the_traps_are_as_many_as_known() -> None:
    assert len(LIKE_A_DISTRICT) == 28
    assert len(NAMESAKES) == 25
    assert len(COLLISIONS) >= 11
    assert len(STREETS) >= 58
    assert sum(len(old.heirs) > 1 for old in old_units()) == 158


@pytest.mark.parametrize("name", LIKE_A_DISTRICT)
def test_a_name_that_was_a_district(name: str) -> None:
    unit, kind = BY_NAME[name], district_types()[name]
    district = set(district_units()[name])
    for text in (f"{kind} {name} hay mất điện", f"ở {kind} {name} cũ ngập quá"):
        assert asserted(text) is None, text
        assert codes(text) == district, text
    assert asserted(f"{unit.type} {name} hay mất điện") == unit.code


@pytest.mark.parametrize("name", NAMESAKES)
def test_a_former_name_of_several_bearers(name: str) -> None:
    olds = BEARERS[name]
    for old in olds:
        text = f"{old.type} {name}, {old.district_type} {old.district}"
        assert codes(text) == set(old.heirs), text
    same = [old for old in olds if old.type == olds[0].type]
    text = f"rác ở {olds[0].type} {name} cũ"
    assert codes(text) >= {code for old in same for code in old.heirs}
    if len({code for old in same for code in old.heirs}) > 1:
        assert asserted(text) is None, text


@pytest.mark.parametrize(("one", "other"), COLLISIONS, ids=lambda old: f"{old.code}-{fold_key(old.name)}")
def test_names_that_look_the_same_without_accents(one: OldUnit, other: OldUnit) -> None:
    for old in (one, other):
        text = f"{old.type} {old.name}, {old.district_type} {old.district} cũ"
        assert codes(text) == set(old.heirs), text
        bare = fold_key(text)
        assert codes(bare) >= set(old.heirs), bare
    if one.type == other.type and not {one.name, other.name} & set(BY_NAME):
        both = fold_key(f"{one.type} {one.name} cu")
        assert codes(both) >= {*one.heirs, *other.heirs}, both


@pytest.mark.parametrize(("name", "unit", "along"), STREETS, ids=lambda each: str(getattr(each, "name", "")))
def test_a_street_with_a_wards_name_is_a_street(name: str, unit: Unit, along: frozenset[str]) -> None:
    for text in (f"đường {name} ngập", f"phố {name} mất điện"):
        found = RESOLVER.resolve(Query(text))
        assert found.ward is None or found.ward.code in along, text
        assert {each.code for each in found.candidates} <= along, text
    assert asserted(f"{unit.type} {name} ngập") == unit.code
