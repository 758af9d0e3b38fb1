"""Every unit of today and of before is found under its name."""

from __future__ import annotations

import pytest

from classifier.normalise import fold_key
from classifier.prediction import Query
from classifier.wards import Resolver, Unit, units
from classifier.wards.units import OldUnit, district_units, old_units
from tests.classifier.wards.writing import bare, half, swapped, telex, unit_spellings

RESOLVER = Resolver.load()


@pytest.mark.parametrize("unit", units(), ids=lambda unit: fold_key(unit.full_name))
def test_each_new_unit_in_twelve_spellings(unit: Unit) -> None:
    spellings = unit_spellings(unit.type, unit.name)
    assert len(set(spellings)) >= 12
    for text in spellings:
        ward = RESOLVER.resolve(Query(text)).ward
        assert ward is not None and ward.code == unit.code, text


@pytest.mark.parametrize("unit", units(), ids=lambda unit: fold_key(unit.full_name))
def test_each_new_unit_in_a_sentence(unit: Unit) -> None:
    full = f"{unit.type} {unit.name}"
    for text in (
        f"rác ở {full}, mong xử lý",
        f"ở {full} mất nước",
        f"UBND {full} trả lời giúp",
        f"{full} mới",
    ):
        ward = RESOLVER.resolve(Query(text)).ward
        assert ward is not None and ward.code == unit.code, text


@pytest.mark.parametrize("old", old_units(), ids=lambda old: f"{old.code}-{fold_key(old.name)}")
def test_each_old_unit_in_twelve_spellings_gives_exactly_its_heirs(old: OldUnit) -> None:
    for written in unit_spellings(old.type, old.name):
        text = f"{written}, {old.district_type} {old.district} cũ"
        reading = RESOLVER.resolve(Query(text))
        assert {each.code for each in reading.candidates} == set(old.heirs), text
        assert (reading.ward is not None) == (len(old.heirs) == 1), text


@pytest.mark.parametrize("old", old_units(), ids=lambda old: f"{old.code}-{fold_key(old.name)}")
def test_each_old_unit_and_its_district_in_one_hand(old: OldUnit) -> None:
    full = f"{old.type} {old.name}, {old.district_type} {old.district}"
    for text in (full, f"{full} cũ", bare(full), full.lower(), full.upper(), telex(full)):
        reading = RESOLVER.resolve(Query(text))
        assert {each.code for each in reading.candidates} == set(old.heirs), text


@pytest.mark.parametrize("unit", units(), ids=lambda unit: fold_key(unit.full_name))
def test_a_slip_of_the_hand_never_asserts_another_unit(unit: Unit) -> None:
    full = f"{unit.type} {unit.name}"
    for text in (half(full), swapped(full), half(swapped(full))):
        ward = RESOLVER.resolve(Query(text)).ward
        assert ward is None or ward.code == unit.code, text


def test_most_slips_of_the_hand_are_understood() -> None:
    slips = [(unit, swapped(f"{unit.type} {unit.name}")) for unit in units()]
    tried = [
        (unit, text) for unit, text in slips if text != f"{unit.type} {unit.name}" and len(unit.name) > 6
    ]
    found = [RESOLVER.resolve(Query(text)).ward for _, text in tried]
    right = sum(
        ward is not None and ward.code == unit.code for (unit, _), ward in zip(tried, found, strict=True)
    )
    assert len(tried) > 50
    assert right >= 0.85 * len(tried)


@pytest.mark.parametrize("district", sorted(district_units()))
def test_a_district_gives_all_its_units_and_asserts_none(district: str) -> None:
    kind = next(old.district_type for old in old_units() if old.district == district)
    reading = RESOLVER.resolve(Query(f"khu vực {kind} {district} cũ hay mất điện"))
    assert reading.ward is None
    assert {each.code for each in reading.candidates} == set(district_units()[district])


def test_there_are_126_526_and_30() -> None:
    assert (len(units()), len(old_units()), len(district_units())) == (126, 526, 30)
