"""What stands around a name: level words, "cũ", house numbers, persons, where the writer lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from classifier.normalise import Folded, fold_key, is_plain, syllable_key
from classifier.wards import spelling
from classifier.wards.matcher import Hit


class Level(StrEnum):
    """What the word before a name makes of it."""

    NONE = ""
    UNIT = "unit"
    DISTRICT = "district"
    STREET = "street"
    PROVINCE = "province"
    FAMILY = "family"
    OFFICE = "office"
    PLACE = "place"
    PERSON = "person"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Before:
    """Level, its exact form (`phường`, `chợ` …), where the level words begin."""

    level: Level
    word: str
    start: int


_UNIT = {
    "phường": ("phường", "p", "f", "ph", "phg", "fường", "phừơng"),
    "xã": ("xã", "x", "xã đảo"),
    "thị trấn": ("thị trấn", "tt", "t trấn"),
}
_WORDS: dict[Level, tuple[str, ...]] = {
    Level.DISTRICT: ("quận", "q", "huyện", "h", "thị xã", "tx", "quận cũ"),
    Level.STREET: (
        "phố", "đường", "đ", "ngõ", "ngách", "hẻm", "đại lộ", "vỉa hè", "mặt đường", "mặt phố", "số nhà", "số",
        "trục đường", "tuyến đường", "tuyến phố", "đường phố", "lòng đường", "trục", "đg", "ql",
    ),
    Level.PROVINCE: ("tỉnh", "thành phố", "tp", "t p"),
    Level.OFFICE: (
        "ubnd", "công an", "trạm y tế", "hđnd", "ủy ban", "uỷ ban", "cán bộ", "đảng ủy", "điện lực",
    ),
    Level.PLACE: (
        "ở", "tại", "khu vực", "địa bàn", "dân", "người dân", "cư dân", "trên", "dọc", "đầu", "cuối", "khu", "thuộc",
        "qua", "từ", "đến", "tới", "gần", "đoạn", "về", "giáp", "bên", "phía", "vùng", "chỗ", "ngay", "o", "nhà",
        "quanh", "hướng", "là", "đối diện", "cạnh", "cổng", "sau", "trước", "trong",
    ),
    Level.PERSON: (
        "ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "tên", "tên là", "cháu", "thầy", "đồng chí", "đ/c",
        "nguyễn", "trần", "lê", "phạm", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "dương", "lý", "phan", "đinh", "thị",
        "nguyễn thị", "trần thị", "lê thị", "họ tên", "họ và tên", "người gửi", "người viết", "tôi tên", "tôi là",
        "em là", "cháu là", "con là", "kính thư", "trân trọng", "ký tên",
    ),
    Level.TRAVEL: (
        "người", "giọng", "quê", "xe", "biển", "biển số", "đi", "tuyến", "bò", "bún bò", "chả", "xe khách", "quốc lộ",
        "cao tốc", "đặc sản", "vải thiều", "nem chua", "quê ở", "quê tôi ở", "ngoài", "hồ tiêu", "gạo", "bánh",
    ),
}  # fmt: skip
_TOKEN = re.compile(r"[a-z0-9/]+|[^a-z0-9/\s]")
_BACK = 42
_NUMBER = re.compile(r"\d+[a-z]?\d*(?:/\d+[a-z]?)*$")
_NUMBER_WORDS = frozenset(
    [
        "mot",
        "hai",
        "ba",
        "bon",
        "tu",
        "nam",
        "lam",
        "sau",
        "bay",
        "tam",
        "chin",
        "muoi",
        "tram",
        "linh",
        "le",
        "mot",
    ]
)
_COUNTED = frozenset(
    [
        "thon",
        "xom",
        "to",
        "tdp",
        "khu",
        "cum",
        "doi",
        "ap",
        "doan",
        "nha",
        "ngay",
        "thang",
        "nam",
        "quan",
        "lan",
        "gio",
        "phut",
        "hom",
        "bay",
        "cap",
        "lop",
        "tang",
        "ct",
        "toa",
        "cho",
    ]
)
_OLD_AFTER = re.compile(
    r"[\s,(]{0,3}(cu|(ngay|hoi) (truoc|xua)|truoc (day|kia)|truoc (khi )?sap nhap)(?![a-z0-9])"
)
_NEW_AFTER = re.compile(r"[\s,(]{0,3}(moi|sau sap nhap|hien nay|bay gio|ngay nay)(?![a-z0-9])")
_OLD_BEFORE = re.compile(
    r"(truoc day (la|thuoc)|truoc (la|thuoc)|cu la|ngay truoc (la|thuoc))\s*[a-z .]{0,14}$"
)
_RESIDENCE = re.compile(
    r"(?<![a-z])(nha|toi|em|minh|chau|con|bac|gia dinh|bo me|me|mk|e|t|co|chu|vo chong)( [a-z]+){0,4}"
    r" (o|tai|song|ngu|cu tru|cu ngu)( [a-z0-9.]+){0,4} ?$"
)
_HOME = re.compile(r"(que|ho khau|thuong tru|tam tru|dia chi|lien he)[ :]([a-z0-9.,/:]+ ){0,6}$")
_OURS = re.compile(r"[a-z ,]{0,24}?(chung (toi|em|con|minh)|bon (em|minh|toi)) (?!o |tai )")
_NEARBY = re.compile(
    r"(?<![a-z])(giap( ranh)?( voi)?|gan|doi dien|canh|cach|sat|huong( ve)?|di( ve)?|phia|len|xuong|sang)"
    r"( [a-z]+\.?){0,2}[ .]?$"
)
_DENIED = re.compile(r"(?<![a-z])(khong|ko|k|chu khong) (phai|thuoc)( la| o| cua)?( [a-z]+\.?)?[ .]?$")
_CLOSING = re.compile(r"(tran trong|kinh thu|nguoi gui|nguoi viet|nguoi phan anh|nguoi lam don|kinh don)")


Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    level: Level
    word: str
    form: Form


@cache
def _levels() -> dict[str, tuple[_Reading, ...]]:
    """Folded level words → what they can be: "cho" is chợ, or chỗ."""
    table: dict[str, list[_Reading]] = {}

    def put(level: Level, word: str, written: str) -> None:
        table.setdefault(fold_key(written), []).append(_Reading(level, word, spelling.keys(written)))

    for word, forms in _UNIT.items():
        for written in forms:
            put(Level.UNIT, word, written)
    for level in (Level.DISTRICT, Level.STREET, Level.PROVINCE):
        for written in _WORDS[level]:
            put(level, written, written)
    for family, forms in spelling.FAMILIES.items():
        for written in forms:
            put(Level.FAMILY, family, written)
    for level in (Level.OFFICE, Level.PLACE, Level.PERSON, Level.TRAVEL):
        for written in _WORDS[level]:
            put(level, written, written)
    return {key: tuple(readings) for key, readings in table.items()}


def before(folded: Folded, start: int, accented: bool, floor: int = 0) -> Before:
    """The level word in front of a name that begins at folded `start`; nothing before `floor` is looked at."""
    window = max(floor, start - _BACK)
    if window > floor and folded.text[window - 1].isalnum():
        gap = folded.text.find(" ", window, start)
        window = gap + 1 if gap >= 0 else start
    tokens = list(_TOKEN.finditer(folded.text, window, start))
    while tokens and tokens[-1].group() in _OPENING:
        tokens.pop()
    if not tokens or tokens[-1].group() in _CLOSED:
        return Before(Level.NONE, "", start)
    return _longest(folded, tokens, accented) or _numbered(tokens) or Before(Level.NONE, "", start)


_OPENING = frozenset(""".:"'-(*""")
_CLOSED = frozenset(",;!?)")


def _longest(folded: Folded, tokens: list[re.Match[str]], accented: bool) -> Before | None:
    table = _levels()
    for size in (4, 3, 2, 1):
        if len(tokens) < size:
            continue
        part = tokens[-size:]
        readings = table.get(" ".join(token.group() for token in part))
        found = _fitting(folded, part, readings, accented) if readings else None
        if found is not None:
            return Before(found.level, found.word, part[0].start())
    return None


def _fitting(
    folded: Folded, part: list[re.Match[str]], readings: tuple[_Reading, ...], accented: bool
) -> _Reading | None:
    typed = spelling.keys(" ".join(folded.source(token.start(), token.end()) for token in part))
    for reading in readings:
        if typed == reading.form:
            return reading
    # In a text with accents a bare "cho" is the verb, not a market; without accents nobody can tell.
    return readings[0] if not accented and all(is_plain(key) for key in typed) else None


def _numbered(tokens: list[re.Match[str]]) -> Before | None:
    last = tokens[-1].group()
    if not _NUMBER.match(last) and last not in _NUMBER_WORDS:
        return None
    begin = len(tokens) - 1
    while begin > 0 and (
        tokens[begin - 1].group() in _NUMBER_WORDS or _NUMBER.match(tokens[begin - 1].group())
    ):
        begin -= 1
    led_by = tokens[begin - 1].group() if begin else ""
    if led_by in ("thon", "xom", "to", "tdp", "khu", "cum", "doi", "ap"):
        return Before(Level.PLACE, "tổ", tokens[begin].start())
    if led_by in _COUNTED:
        return None
    if last in _NUMBER_WORDS and begin == len(tokens) - 1 and led_by not in ("so", "ngo", "ngach", "hem"):
        return None
    led = led_by in ("so", "ngo", "ngach", "hem", "pho", "duong")
    return Before(Level.STREET, "số nhà" if led else "số", tokens[begin].start())


def marked_old(folded: Folded, hit: Hit, first: int, accented: bool) -> bool:
    """ "X cũ", "X trước đây", "trước đây là X"."""
    after = _OLD_AFTER.match(folded.text, hit.end, hit.end + 24)
    if after is not None:
        if after.group(1) != "cu":
            return True
        key = syllable_key(folded.source(after.start(1), after.end(1)))
        return key == ("cu", "\u0303") or (not accented and is_plain(key))
    return _OLD_BEFORE.search(folded.text, max(0, first - 26), first) is not None


def marked_new(folded: Folded, hit: Hit) -> bool:
    """ "X mới", "X sau sáp nhập"."""
    return _NEW_AFTER.match(folded.text, hit.end, hit.end + 20) is not None


def runs_on(folded: Folded, hit: Hit, following: Hit | None) -> bool:
    """True when a capital word follows a capitalised name directly: perhaps a longer, unknown name (Láng Hạ Long)."""
    if not hit.capital or hit.end + 1 >= len(folded.text) or folded.text[hit.end] != " ":
        return False
    if following is not None and following.start == hit.end + 1:
        return False
    after = folded.source(hit.end + 1, min(len(folded.text), hit.end + 8))
    word = re.match(r"\w+", after)
    if word is None or not word.group()[:1].isupper() or word.group().isupper():
        return False
    return "\n" not in folded.source(hit.end, hit.end + 1) and fold_key(word.group()) not in _FOLLOWERS


_FOLLOWERS = frozenset(
    [
        "quan",
        "huyen",
        "thi",
        "tp",
        "ha",
        "thanh",
        "phuong",
        "xa",
        "q",
        "h",
        "p",
        "hn",
        "duong",
        "pho",
        "so",
        "khu",
        "to",
        "thon",
        "xom",
        "cu",
        "toi",
        "em",
        "hien",
        "nay",
        "da",
        "co",
        "bi",
    ]
)


def lives_there(folded: Folded, first: int, last: int) -> bool:
    """The words around say that the writer lives there, not that the trouble is there."""
    if _OURS.match(folded.text, last, last + 40):
        return True
    begin = max(0, first - 48)
    cut = max(folded.text.rfind(mark, begin, first) for mark in ".;!?")
    head = folded.text[max(begin, cut + 1) : first]
    return _RESIDENCE.search(head) is not None or _HOME.search(head) is not None


def nearby(folded: Folded, first: int) -> bool:
    """The name only says what lies beside: "giáp phường X", "đối diện chợ Y"."""
    return _NEARBY.search(folded.text, max(0, first - 30), first) is not None


def denied(folded: Folded, first: int) -> bool:
    """ "không phải phường X"."""
    return _DENIED.search(folded.text, max(0, first - 30), first) is not None


def closing_from(folded: Folded) -> int:
    """Where the signature of a letter begins, or the length of the text."""
    best = len(folded.text)
    for found in _CLOSING.finditer(folded.text, max(0, len(folded.text) - 400)):
        best = min(best, found.start())
    return best
