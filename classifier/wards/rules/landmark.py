"""Markets, bridges, urban areas, villages; and unknown things that carry a place's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from classifier.wards import words
from classifier.wards.around import Around, of
from classifier.wards.clue import Clue, make, merged
from classifier.wards.levels import Level
from classifier.wards.senses import FLATS, VILLAGES, Kind, Sense

# A hint orders units and never asserts one.
_MOST_HINTED = 0.55
# How often a thing is where its name says, when the thing itself is not in the tables.
_NAMED = {
    "làng": 1.7, "làng nghề": 1.7, "thôn": 1.7, "khu tập thể": 1.4, "khu đô thị": 1.2, "chung cư": 1.2, "chợ": 1.3,
    "trường": 1.3, "cầu": 0.5, "bến xe": 0.8, "nhà máy": 0.6, "đại học": 0.6, "bệnh viện": 0.8,
}  # fmt: skip
_EARNEST = frozenset(
    {"ở", "o", "tại", "thuộc", "dân", "gần", "đoạn", "quanh", "vùng", "khu vực", "địa bàn", "người dân", "cư dân",
     "đối diện"}
)  # fmt: skip


_WARES = (
    "gom ", "lua ", "com ", "banh ", "non ", "che ", "gio ", "tuong ", "mien ", "bun ", "ruou ", "quat ", "bong den ",
    "phich nuoc ", "thuoc la ", "cao su ", "buoi ", "nem ", "may tre ", "son mai ", "do go ", "det ", "theu ", "tranh ",
    "rau ",
)  # fmt: skip


def as_landmark(at: Around, bare: Callable[[Around], Clue | None]) -> Clue | None:
    """After chợ, cầu, khu đô thị …: the landmark of that family, or a thing named after a place."""
    word = at.before.word
    if at.before.typed == "khu" and of(at.hit, Kind.OLD, Kind.NEW):
        return bare(at)
    marks = of(at.hit, Kind.LANDMARK)
    fitting = [mark for mark in marks if word in (mark.type, "") or _related(word, mark.type)]
    known = fitting or [mark for mark in marks if not mark.type]
    if at.cased and not at.hit.capital:
        # "Làng đàn Đào Xá": this writer would have given thôn Đàn its capital.
        known = [mark for mark in known if not mark.sole]
    if known:
        sense = max(known, key=lambda each: (each.type == word, each.confidence))
        if not at.hit.accented and any(
            each.name != sense.name and each.codes != sense.codes for each in known
        ):
            # Without marks "thon ha hoi" is Hạ Hồi and Hà Hồi: keep both.
            sense = merged(known)
        return make(at, sense, "landmark_level", words.landmark(sense))
    villages = [mark for mark in marks if mark.type in VILLAGES]
    if word in ("khu đô thị", "khu tập thể") and villages:
        return make(at, villages[0], "landmark_bare", words.landmark(villages[0]))
    if word in ("nút giao", "khu vực") or at.before.typed == "khu":
        return bare(at)
    alone = [mark for mark in marks if not mark.guarded and mark.type not in VILLAGES]
    if alone:
        return make(at, alone[0], "landmark_bare", words.landmark(alone[0]), 0.95)
    return named_after(at, _NAMED.get(word, 1.0))


def _related(word: str, family: str) -> bool:
    groups = (FLATS, VILLAGES, {"chùa", "đền"}, {"trường", "đại học"})
    return any(word in group and family in group for group in groups)


def named_after(at: Around, factor: float) -> Clue | None:
    """An unknown thing that carries the name of a unit or a street: a weak hint."""
    if at.bare_allowed == "always" or (at.bare_allowed == "plain" and not at.hit.accented):
        return None
    for kinds in ((Kind.NEW, Kind.OLD), (Kind.STREET,)):
        found = of(at.hit, *kinds)
        if found:
            # A school carries a person's name as a street does; neither lies by the other.
            near = factor * 0.5 if kinds == (Kind.STREET,) and factor > 1 else factor
            clue = make(at, merged(found), "named_after", words.named_after(found[0]), near)
            return replace(clue, strength=min(clue.strength, _MOST_HINTED))
    return None


def bare_landmark(at: Around, helped: bool) -> Clue | None:
    """A landmark that may stand for itself: Times City, Triều Khúc."""
    marks = [mark for mark in of(at.hit, Kind.LANDMARK) if not mark.guarded]
    if at.hit.name.startswith(_WARES) and not helped and not spoken_of(at):
        # "Mua bộ ấm chén gốm Bát Tràng" says where the cups were made.
        return None
    if not at.hit.accented and not helped and not at.hit.distinct and at.before.word not in _EARNEST:
        marks = [mark for mark in marks if mark.type not in VILLAGES]
    if not marks:
        return None
    return _standing(at, marks[0])


def _standing(at: Around, mark: Sense) -> Clue:
    if not mark.type:
        return make(at, mark, "landmark_level", words.landmark(mark))
    village = 0.92 if mark.type in VILLAGES else 1.0
    factor = village if at.hit.accented else 0.95 * village
    return make(at, mark, "landmark_bare", words.landmark(mark), factor)


def named_in_earnest(at: Around) -> bool:
    """A common word or name that the words around show to be a place."""
    if at.bare_allowed == "plain":
        return at.hit.accented
    if at.before.level is not Level.PLACE:
        return False
    return at.bare_allowed == "weak" or (at.hit.accented and at.hit.capital)


def spoken_of(at: Around) -> bool:
    """ "ở X", "người dân X": the word before says that X is a place."""
    return at.before.word in _EARNEST
