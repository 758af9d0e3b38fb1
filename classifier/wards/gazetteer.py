"""Builds the name index from the tables: folded name → everything it can mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from classifier.normalise import fold_key
from classifier.wards import houses, spelling, tables
from classifier.wards.houses import Houses
from classifier.wards.senses import FLATS, Kind, Sense, Spelling
from classifier.wards.tables import TableFault, rows
from classifier.wards.units import OldUnit, district_types, district_units, old_units, units

# A name of these families may stand alone; "Thành Công" alone is not read as its market.
SELF_STANDING = {
    "khu đô thị", "chung cư", "khu di tích", "trung tâm thương mại", "nút giao", "khu du lịch", "bãi rác", "làng",
    "làng nghề", "nhà máy", "khu công nghệ cao",
}  # fmt: skip

# Only here may a single syllable stand for itself: Gemek, Gamuda, Ciputra.
BRANDED = {"khu đô thị", "chung cư"}


_STREET_WORDS = ("Phố ", "Ngõ ", "Đường ", "Dốc ", "Ngách ")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """`names[i]` is a folded pattern and `spellings[i]` all it can mean; `common` says when a bare name is no place."""

    names: tuple[str, ...]
    spellings: tuple[tuple[Spelling, ...], ...]
    common: dict[str, str]
    houses: Houses

    @property
    def syllables(self) -> frozenset[str]:
        """Every folded syllable that stands in a name."""
        return frozenset(word for name in self.names for word in name.split(" "))


@cache
def load() -> Gazetteer:
    """The gazetteer from the packaged tables; raises TableFault when they contradict each other."""
    index: dict[str, list[Spelling]] = {}
    for name, sense in _entries():
        for written in spelling.spoken_forms(name):
            _add(index, written, sense)
    for name, sense in list(_unit_entries()):
        for heard in spelling.sound_alikes(fold_key(name)):
            known = index.setdefault(heard, [])
            if all(each.fuzzy and each.sense is not sense for each in known):
                known.append(Spelling(sense, (), fuzzy=True))
    common = {fold_key(name): when for name, when in rows("common_words", ("name", "when"))}
    streets = {name for row in tables.streets() for name in row.names}
    numbers = houses.build(tuple(tables.numbers()), place_codes, streets)
    return Gazetteer(tuple(index), tuple(tuple(each) for each in index.values()), common, numbers)


def _add(index: dict[str, list[Spelling]], written: str, sense: Sense) -> None:
    known = index.setdefault(fold_key(written), [])
    keys = spelling.keys(written)
    if not any(each.sense is sense and each.keys == keys for each in known):
        known.append(Spelling(sense, keys))


def _entries() -> Iterator[tuple[str, Sense]]:
    yield from _unit_entries()
    yield from _streets()
    yield from _landmarks()
    for (phrase,) in rows("phrases", ("phrase",)):
        yield phrase, Sense(Kind.PHRASE, phrase, ())
    for name, need in rows("outside", ("name", "need")):
        yield name, Sense(Kind.OUTSIDE, name, (), guarded=need == "level")


def _unit_entries() -> Iterator[tuple[str, Sense]]:
    for unit in units():
        sense = Sense(Kind.NEW, unit.name, (unit.code,), type=unit.type)
        yield unit.name, sense
    for old in old_units():
        yield old.name, Sense(Kind.OLD, old.name, old.heirs, type=old.type, district=old.district)
    yield from _vanished()
    yield from _districts()


def _vanished() -> Iterator[tuple[str, Sense]]:
    for row in tables.vanished():
        codes: list[str] = []
        for heir in row.heirs:
            codes += [code for code in find_old(heir, row.district).heirs if code not in codes]
        yield (
            row.name,
            Sense(Kind.OLD, row.name, tuple(codes), row.type, row.district, row.confidence, until=row.until),
        )


def _districts() -> Iterator[tuple[str, Sense]]:
    senses = {
        name: Sense(Kind.DISTRICT, name, codes, type=district_types()[name], district=name)
        for name, codes in district_units().items()
    }
    for name, sense in senses.items():
        yield name, sense
    for name, district, need in rows("districts", ("name", "district", "need")):
        full = senses[district]
        yield (
            name,
            Sense(Kind.DISTRICT, district, full.codes, full.type, district, guarded=need == "level"),
        )
    both = tuple(sorted({*senses["Bắc Từ Liêm"].codes, *senses["Nam Từ Liêm"].codes}))
    yield "Từ Liêm", Sense(Kind.DISTRICT, "Từ Liêm", both, "huyện", "Từ Liêm", until=date(2014, 4, 1))


def _streets() -> Iterator[tuple[str, Sense]]:
    for row in tables.streets():
        main = tuple(code for part in row.units for code in place_codes(part))
        extra = tuple(code for part in row.namesakes for code in place_codes(part))
        for name in row.names:
            # A single syllable is a street only behind phố or đường: "sinh viên" is not phố Viên.
            yield (
                name,
                Sense(
                    Kind.STREET,
                    name,
                    main,
                    confidence=row.confidence,
                    extra=extra,
                    guarded=" " not in name,
                    sole=name.count(" ") == 1 and name.startswith(_STREET_WORDS),
                ),
            )


def _landmarks() -> Iterator[tuple[str, Sense]]:
    for row in tables.landmarks():
        main = tuple(dict.fromkeys(code for part in row.units for code in place_codes(part)))
        rest = tuple(code for part in row.fringe for code in place_codes(part) if code not in main)
        place = Sense(Kind.LANDMARK, "", (*main, *rest), confidence=row.confidence, main=main if rest else ())
        for name in row.names:
            yield from _landmark(row.family, name, place)


def _landmark(family: str, name: str, place: Sense) -> Iterator[tuple[str, Sense]]:
    whole = spelling.has_level_word(family, name)
    guarded = family not in SELF_STANDING and not whole
    kind = "" if whole else family
    sense = replace(place, name=name, type=kind, guarded=guarded)
    if whole and name.count(" ") == 1 and family not in BRANDED:
        # Without accents "chua thay" is chưa thấy rather than chùa Thầy.
        sense = replace(sense, marked=not name.isascii(), sole=name.replace(" ", "").isalpha())
    if " " in name or family in BRANDED:
        yield name, sense
    stem = spelling.stem(family, name) if family in FLATS else ""
    if " " in stem and not spelling.has_level_word(family, stem):
        # "khu đô thị Cầu Bươu" is found in "khu đô thị mới Cầu Bươu" too.
        yield stem, replace(sense, name=stem, type=family, guarded=True, marked=False, sole=False)
    if whole or (len(name) >= 7 and " " in name):
        return
    single = " " not in name
    full = replace(
        place, name=f"{family} {name}", marked=single and not name.isascii(), sole=single and name.isalpha()
    )
    for level in spelling.family_words(family):
        yield f"{level} {name}", full


@cache
def _unit_codes() -> dict[str, str]:
    return {unit.name: unit.code for unit in units()}


def place_codes(part: str) -> tuple[str, ...]:
    """`Ba Đình` → its code; `~Mễ Trì@Nam Từ Liêm` → the heirs of that old unit."""
    if part.startswith("~"):
        name, _, district = part[1:].partition("@")
        return find_old(name, district).heirs
    if part not in _unit_codes():
        raise TableFault(f"no new unit is called {part!r}")
    return (_unit_codes()[part],)


@cache
def find_old(name: str, district: str) -> OldUnit:
    """One of the 526 units by `Name` in `district`, or by `Name@District`; raises TableFault when there is none."""
    plain, _, elsewhere = name.partition("@")
    wanted = elsewhere or district
    found = [old for old in old_units() if old.name == plain and old.district == wanted]
    if not found:
        raise TableFault(f"no old unit {plain!r} in {wanted!r}")
    return found[0]
