"""From a name and its surroundings to a clue: which units it speaks for, how strongly, and why (in Vietnamese)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classifier.normalise import Folded
from classifier.wards import context, words
from classifier.wards.around import Around, look, of, writer_of
from classifier.wards.levels import Level
from classifier.wards.matcher import Hit
from classifier.wards.senses import Kind, Sense
from classifier.wards.units import district_units, unit

# Precision of each pattern when it is the only clue: see docs/adr/0003-ward-resolution.md.
PRECISION = {
    "new_level": 0.985,
    "new_bare": 0.9,
    "old_marked": 0.97,
    "old_level": 0.96,
    "old_bare": 0.88,
    "district_level": 0.95,
    "district_bare": 0.85,
    "street_level": 0.97,
    "street_bare": 0.9,
    "landmark_level": 1.0,
    "landmark_bare": 0.96,
    "named_after": 0.5,
    "outside": 0.9,
}
_SURNAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Vũ",
        "Võ",
        "Phan",
        "Bùi",
        "Đỗ",
        "Ngô",
        "Đặng",
        "Dương",
        "Lý",
        "Trịnh",
        "Đinh",
        "Tô",
        "Chu",
        "Cao",
        "Phùng",
        "Lương",
        "Mạc",
        "Hồ",
        "Đào",
    ]
)
_VILLAGES_LIKE_PERSONS = frozenset(
    {"Hoàng Liệt", "Hoàng Mai", "Hoàng Cầu", "Hoàng Long", "Hoàng Kim", "Dương Nội", "Dương Xá", "Dương Liễu", "Dương Hà",
     "Dương Hòa", "Dương Quang", "Lê Thanh", "Cao Viên", "Cao Dương", "Phùng Xá", "Phùng Khoang", "Chu Minh", "Chu Phan"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clue:
    """A folded span that speaks for `codes`; `extra` are namesakes elsewhere; `aside` marks a home or a neighbour."""

    start: int
    end: int
    kind: Kind
    name: str
    codes: tuple[str, ...]
    strength: float
    pattern: str
    why: str
    extra: tuple[str, ...] = ()
    aside: bool = False


def read(folded: Folded, hits: list[Hit], common: dict[str, str], accented: bool) -> list[Clue]:
    """Every hit that speaks of a place, in order."""
    closing = context.closing_from(folded)
    writer = writer_of(folded, accented)
    clues: list[Clue] = []
    for place, hit in enumerate(hits):
        following = hits[place + 1] if place + 1 < len(hits) else None
        around = look(folded, hit, following, hits[place - 1] if place else None, common, writer)
        clue = _clue(around)
        if clue is None:
            continue
        if context.runs_on(folded, hit, following):
            clue = replace(clue, strength=clue.strength * 0.6)
        if hit.doubtful:
            clue = replace(clue, strength=clue.strength * 0.92)
        if context.denied(folded, hit.start):
            continue
        aside = (
            hit.start > closing
            or context.lives_there(folded, hit.start, hit.end)
            or context.nearby(folded, hit.start)
        )
        clues.append(replace(clue, aside=aside, start=around.before.start))
    return clues


def _clue(at: Around) -> Clue | None:
    """The rule for the level word in front."""
    if at.hit.doubtful and not _spoken_clearly(at):
        return None
    if of(at.hit, Kind.OUTSIDE) and (at.after_outside or not of(at.hit, Kind.NEW, Kind.OLD)):
        return _outside(at)
    match at.before.level:
        case Level.UNIT:
            return _as_unit(at) or _outside(at)
        case Level.DISTRICT:
            return _as_district(at) or _outside(at)
        case Level.PROVINCE:
            return _outside(at)
        case Level.STREET:
            return _as_street(at)
        case Level.FAMILY:
            return _as_landmark(at)
        case Level.OFFICE:
            return _as_unit(at, 0.94) or _as_district(at)
        case Level.PERSON:
            return None if not at.placed else _bare(at)
        case _:
            return _bare(at)


def _spoken_clearly(at: Around) -> bool:
    """A name with a slip in it counts only after a level word of the administration or a street, or with its district."""
    levelled = at.before.level in (Level.UNIT, Level.DISTRICT, Level.STREET, Level.OFFICE)
    return bool(at.district) or at.old or (levelled and at.before.word != "số")


def _make(at: Around, sense: Sense, pattern: str, why: str, factor: float = 1.0) -> Clue:
    strength = PRECISION[pattern] * factor * sense.confidence
    return Clue(
        at.hit.start, at.hit.end, sense.kind, sense.name, sense.codes, strength, pattern, why, sense.extra
    )  # fmt: skip


def _as_unit(at: Around, factor: float = 1.0) -> Clue | None:
    """After phường, xã, thị trấn: the new unit, unless "cũ", a district or the type says the old one."""
    kind = at.before.word if at.before.level is Level.UNIT else ""
    news, olds = of(at.hit, Kind.NEW), of(at.hit, Kind.OLD)
    same = [sense for sense in olds if not kind or sense.type == kind] or olds
    here = [sense for sense in same if at.district and _in_district(sense, at.district)]
    if at.new and news:
        return _new(at, news[0], factor)
    if olds and (at.old or here or not news):
        return _old(at, here or same, "old_marked" if at.old or here else "old_level", factor)
    if news and kind and news[0].type != kind and any(sense.type == kind for sense in olds):
        return _old(at, same, "old_level", factor)
    if news:
        return _new(at, news[0], factor if not kind or news[0].type == kind else factor * 0.97)
    marks = [mark for mark in of(at.hit, Kind.LANDMARK) if mark.type in _HOUSES | _VILLAGES]
    return _make(at, marks[0], "named_after", words.landmark(marks[0])) if marks else None


def _in_district(sense: Sense, district: str) -> bool:
    return sense.district == district or (district == "Từ Liêm" and sense.district.endswith("Từ Liêm"))


def _new(at: Around, sense: Sense, factor: float = 1.0) -> Clue:
    pattern = "new_level" if at.before.level in (Level.UNIT, Level.OFFICE) else "new_bare"
    return _make(at, sense, pattern, words.new_unit(unit(sense.codes[0])), factor)


def _old(at: Around, senses: list[Sense], pattern: str, factor: float = 1.0) -> Clue:
    codes = tuple(dict.fromkeys(code for sense in senses for code in sense.codes))
    sure = max(sense.confidence for sense in senses)
    sense = replace(senses[0], codes=codes, confidence=sure)
    return _make(at, sense, pattern, words.old_unit(senses, codes), factor)


def _as_district(at: Around) -> Clue | None:
    found = of(at.hit, Kind.DISTRICT)
    if not found:
        return None
    pattern = "district_level" if at.before.level is Level.DISTRICT or at.old else "district_bare"
    return _make(at, found[0], pattern, words.district(found[0]))


def _as_street(at: Around) -> Clue | None:
    """After phố, đường, ngõ or a number: the street; an unknown street named like a ward hints at that ward."""
    streets = of(at.hit, Kind.STREET)
    if at.before.word == "số" and at.bare_allowed and not (at.hit.accented and at.hit.capital):
        return None
    if streets:
        return _make(at, _merged(streets), "street_level", words.street(streets[0]))
    marks = of(at.hit, Kind.LANDMARK)
    # "số nhà 5, Sóc Sơn" is the district, not its market.
    if marks and not of(at.hit, Kind.DISTRICT):
        return _make(at, marks[0], "landmark_bare", words.landmark(marks[0]))
    if at.before.word in ("số", "số nhà") and of(at.hit, Kind.DISTRICT):
        return _as_district(at)
    return _named_after(at, 0.9)


def _merged(senses: list[Sense]) -> Sense:
    codes = tuple(dict.fromkeys(code for sense in senses for code in sense.codes))
    extra = tuple(dict.fromkeys(code for sense in senses for code in sense.extra))
    return replace(senses[0], codes=codes, extra=extra, confidence=min(sense.confidence for sense in senses))


def _named_after(at: Around, factor: float) -> Clue | None:
    if at.bare_allowed == "always" or (at.bare_allowed == "plain" and not at.hit.accented):
        return None
    for kind in (Kind.OLD, Kind.NEW, Kind.STREET):
        found = of(at.hit, kind)
        if found:
            return _make(at, _merged(found), "named_after", words.named_after(at.hit.name, found[0]), factor)
    return None


# How often a thing is where its name says, when the thing itself is not in the tables.
_NAMED = {"làng": 1.7, "làng nghề": 1.7,
    "thôn": 1.7, "khu tập thể": 1.4, "khu đô thị": 1.2, "chung cư": 1.2, "chợ": 1.3, "trường": 1.3,
          "cầu": 0.5, "bến xe": 0.8, "nhà máy": 0.6, "đại học": 0.6, "bệnh viện": 0.8}  # fmt: skip


def _as_landmark(at: Around) -> Clue | None:
    """After chợ, cầu, khu đô thị …: the landmark of that family, or a thing named after a place."""
    marks = of(at.hit, Kind.LANDMARK)
    fitting = [
        mark for mark in marks if at.before.word in (mark.type, "") or _related(at.before.word, mark.type)
    ]
    whole = [mark for mark in marks if not mark.type]
    if fitting or whole:
        sense = max(fitting or whole, key=lambda each: each.confidence)
        return _make(at, sense, "landmark_level", words.landmark(sense))
    villages = [mark for mark in marks if mark.type in _VILLAGES]
    if at.before.word in ("khu đô thị", "khu tập thể") and villages:
        return _make(at, villages[0], "landmark_bare", words.landmark(villages[0]))
    if at.before.word in ("nút giao", "khu vực"):
        return _bare(at)
    return _named_after(at, _NAMED.get(at.before.word, 1.0))


_HOUSES = {"khu đô thị", "chung cư", "khu tập thể"}
_VILLAGES = {"làng", "làng nghề", "thôn"}


def _related(word: str, family: str) -> bool:
    return any(
        word in group and family in group
        for group in (_HOUSES, _VILLAGES, {"chùa", "đền"}, {"trường", "đại học"})
    )


def _bare(at: Around) -> Clue | None:
    """No level word: districts first, then units, streets, places that can stand alone; common words need more."""
    hit = at.hit
    helped = bool(at.district) or at.old or (at.placed and at.bare_allowed != "always")
    if hit.doubtful and not helped:
        return None
    if at.bare_allowed and not helped and not _named_in_earnest(at):
        return None
    factor = 1.0 if helped else _bare_factor(at)
    districts = [sense for sense in of(hit, Kind.DISTRICT) if not sense.guarded or helped]
    if districts and not (at.district and of(hit, Kind.OLD, Kind.NEW)):
        return _as_district(at)
    placed = _bare_unit(at, factor)
    streets = of(hit, Kind.STREET)
    if streets:
        # "Linh Đàm" is the street and the whole urban area.
        streets += [mark for mark in of(hit, Kind.LANDMARK) if mark.type in _HOUSES]
        return _bare_street(at, streets, placed, factor)
    if placed is not None:
        return placed
    marks = [mark for mark in of(hit, Kind.LANDMARK) if not mark.guarded]
    if not hit.accented and not helped and at.before.word not in _EARNEST:
        marks = [mark for mark in marks if mark.type not in _VILLAGES]
    if marks and not marks[0].type:
        return _make(at, marks[0], "landmark_level", words.landmark(marks[0]))
    if marks:
        village = 0.92 if marks[0].type in _VILLAGES else 1.0
        return _make(
            at,
            marks[0],
            "landmark_bare",
            words.landmark(marks[0]),
            village if hit.accented else 0.95 * village,
        )
    return None


_EARNEST = frozenset(["ở", "o", "tại", "thuộc", "dân", "gần", "đoạn", "quanh", "vùng"]) | {
    "khu vực",
    "địa bàn",
    "người dân",
    "cư dân",
    "đối diện",
}


def _named_in_earnest(at: Around) -> bool:
    if at.bare_allowed == "plain":
        return at.hit.accented
    if at.before.level is not Level.PLACE:
        return False
    return at.bare_allowed == "weak" or (at.hit.accented and at.hit.capital)


def _bare_factor(at: Around) -> float:
    factor = 1.0 if at.before.level is Level.PLACE else 0.95
    if at.bare_allowed and not (at.bare_allowed == "plain" and at.hit.accented):
        factor *= 0.75
    if at.cased and not at.hit.capital:
        factor *= 0.6
    if not at.hit.accented:
        factor *= 0.92 if at.before.word in _EARNEST else 0.7
    return factor


def _bare_unit(at: Around, factor: float) -> Clue | None:
    news, olds = of(at.hit, Kind.NEW), of(at.hit, Kind.OLD)
    here = [sense for sense in olds if at.district and _in_district(sense, at.district)]
    if olds and (at.old or here):
        return _old(at, here or olds, "old_marked", factor)
    if news:
        return _new(at, news[0], factor)
    return _old(at, olds, "old_bare", factor) if olds else None


def _bare_street(at: Around, streets: list[Sense], placed: Clue | None, factor: float) -> Clue | None:
    """A bare name that is a street and perhaps a unit too: where both agree, or both together."""
    sense = _merged(streets)
    person = _like_a_person(sense.name)
    if placed is not None and (at.old or not person or at.district):
        if at.district and not person:
            return placed
        local = [code for code in (*sense.codes, *sense.extra) if in_district((code,), at.district or "")]
        street = tuple(local) if at.district else sense.codes
        if at.old or set(placed.codes) >= set(street):
            return placed
        return replace(
            placed, codes=tuple(dict.fromkeys((*placed.codes, *street))), strength=placed.strength * 0.95
        )
    if person and at.before.level is not Level.PLACE and not at.placed:
        return _make(at, sense, "street_bare", words.street(sense), factor * 0.75)
    return _make(at, sense, "street_bare", words.street(sense), factor)


def _like_a_person(name: str) -> bool:
    """Named after a person (Nguyễn Du), not a village that begins like a surname (Hoàng Liệt, Dương Nội)."""
    return name.split(" ")[0] in _SURNAMES and name not in _VILLAGES_LIKE_PERSONS


def _outside(at: Around) -> Clue | None:
    """A place outside Hanoi, unless it names a street, an origin or a dish."""
    found = of(at.hit, Kind.OUTSIDE)
    if (
        not found
        or at.hit.doubtful
        or at.before.level in (Level.STREET, Level.TRAVEL, Level.FAMILY, Level.PERSON)
    ):
        return None
    sense = found[0]
    levelled = at.before.level in (Level.PROVINCE, Level.DISTRICT, Level.UNIT)
    if not at.placed and not levelled:
        if at.before.word in ("từ", "qua", "về", "đến", "tới"):
            return None
        if sense.guarded or (at.bare_allowed and not _named_in_earnest(at)):
            return None
        if not at.hit.accented and not sense.name.isascii() and at.before.word not in _EARNEST:
            return None
    return _make(at, sense, "outside", words.outside(sense))


def in_district(codes: tuple[str, ...], district: str) -> bool:
    """Some of the units have residents of the former district."""
    return bool(set(codes) & set(district_units().get(district, ())))
