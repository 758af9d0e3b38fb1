"""Every unit of today and of before is found under its name."""

from __future__ import annotations

import unicodedata

import pytest

from classifier.normalise import fold_key
from classifier.prediction import Query
from classifier.wards import Resolver, Unit, units
from classifier.wards.units import OldUnit, district_units, old_units

RESOLVER = Resolver.load()


def bare(text: str) -> str:
    """Without accents, capitals kept."""
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in marks if not unicodedata.combining(char))


def spellings(unit: Unit) -> list[str]:
    short = {"phường": "P.", "xã": "x."}[unit.type]
    full = f"{unit.type} {unit.name}"
    return [
        full,
        full.upper(),
        full.lower(),
        f"{short}{unit.name}",
        f"{short} {unit.name}",
        bare(full),
        bare(full).lower(),
        unicodedata.normalize("NFD", full),
        f"rác ở {full}, mong xử lý",
        f"ở {full} mất nước",
        f"UBND {full} trả lời giúp",
        f"{full} mới",
    ]


@pytest.mark.parametrize("unit", units(), ids=lambda unit: fold_key(unit.full_name))
def test_each_new_unit_in_twelve_spellings(unit: Unit) -> None:
    for text in spellings(unit):
        ward = RESOLVER.resolve(Query(text)).ward
        assert ward is not None and ward.code == unit.code, text


@pytest.mark.parametrize("old", old_units(), ids=lambda old: f"{old.code}-{fold_key(old.name)}")
def test_each_old_unit_gives_exactly_its_heirs(old: OldUnit) -> None:
    full = f"{old.type} {old.name}, {old.district_type} {old.district}"
    for text in (full, f"{full} cũ", bare(full), full.lower(), full.upper()):
        reading = RESOLVER.resolve(Query(text))
        assert {each.code for each in reading.candidates} == set(old.heirs), text
        assert (reading.ward is not None) == (len(old.heirs) == 1), text


@pytest.mark.parametrize("district", sorted(district_units()))
def test_a_district_gives_all_its_units_and_asserts_none(district: str) -> None:
    kind = next(old.district_type for old in old_units() if old.district == district)
    reading = RESOLVER.resolve(Query(f"khu vực {kind} {district} cũ hay mất điện"))
    assert reading.ward is None
    assert {each.code for each in reading.candidates} == set(district_units()[district])


def test_there_are_126_526_and_30() -> None:
    assert (len(units()), len(old_units()), len(district_units())) == (126, 526, 30)
