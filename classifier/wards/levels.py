"""Level words: what the word in front makes of a name (phường, quận, phố, chợ …)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from classifier.normalise import Folded, fold_key, is_plain
from classifier.wards import spelling


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
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Before:
    """Level, its exact form (`phường`, `chợ` …), where the level words begin, and how they were typed (folded)."""

    level: Level
    word: str
    start: int
    typed: str = ""


_UNIT = {
    "phường": ("phường", "p", "f", "ph", "phg", "phừơng", "phườn", "phươn"),
    "xã": ("xã", "x", "sã", "xã đảo"),
    "thị trấn": ("thị trấn", "thị chấn", "tt", "t trấn"),
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
        "cụ", "lớp trưởng", "luật sư", "giám đốc", "bí thư", "chủ tịch", "bệnh nhân", "thơ", "nhạc", "nhà thơ", "nhạc sĩ",
        "đại tá", "thượng tá", "trung tá", "thiếu tá", "đại úy", "thượng úy", "bác sĩ", "y tá", "cô giáo", "thầy giáo",
        "ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "tên", "tên là", "cháu", "thầy", "đồng chí", "đ/c",
        "nguyễn", "trần", "lê", "phạm", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "dương", "lý", "phan", "đinh", "thị",
        "nguyễn thị", "trần thị", "lê thị", "họ tên", "họ và tên", "người gửi", "người viết", "tôi tên", "tôi là",
        "em là", "cháu là", "con là", "kính thư", "trân trọng", "ký tên",
    ),
    Level.BRAND: (
        "tiệm", "tiệm vàng", "cửa hàng", "tập đoàn", "cty", "shop", "hiệu", "nhà thuốc", "phòng khám", "salon", "gara",
        "thương hiệu", "hãng", "công ty tnhh", "tnhh", "htx", "hợp tác xã", "spa", "studio", "gốm", "sữa", "cốm", "lụa",
        "miến", "nhãn hiệu", "hãng xe", "nhà xe", "taxi", "quỹ", "doanh nghiệp", "công ty cổ phần", "nón", "giò",
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
    {"khong", "mot", "hai", "ba", "bon", "tu", "nam", "lam", "sau", "bay", "tam", "chin", "muoi", "tram", "cham", "nghin",
     "ngan", "linh", "le"}
)  # fmt: skip
_COUNTED = frozenset(
    {"thon", "xom", "to", "tdp", "khu", "cum", "doi", "ap", "doan", "nha", "ngay", "thang", "nam", "quan", "lan", "gio",
     "phut", "hom", "bay", "cap", "lop", "tang", "ct", "toa", "cho"}
)  # fmt: skip


Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    level: Level
    word: str
    form: Form


LEVEL_SYLLABLES = frozenset(
    {"phuong", "xa", "thi", "tran", "quan", "huyen", "pho", "duong", "ngo", "ngach", "khu", "do", "chung", "cu", "thon",
     "lang", "cho", "cau", "so", "nha", "benh", "vien", "truong", "to", "dan"}
)  # fmt: skip


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
    for level in (Level.OFFICE, Level.PLACE, Level.PERSON, Level.TRAVEL, Level.BRAND):
        for written in _WORDS[level]:
            put(level, written, written)
    return {key: tuple(readings) for key, readings in table.items()}


def before(folded: Folded, start: int, accented: bool, floor: int = 0, named: bool = False) -> Before:
    """The level word in front of a name that begins at folded `start`; nothing before `floor` is looked at.

    `accented`: this writer types accents, so that "cho" is the verb and not a market; `named`: the name behind is plainly
    written as one, so that "xa Mỹ Đức" is a commune all the same.
    """
    window = max(floor, start - _BACK)
    if window > floor and folded.text[window - 1].isalnum():
        gap = folded.text.find(" ", window, start)
        window = gap + 1 if gap >= 0 else start
    tokens = list(_TOKEN.finditer(folded.text, window, start))
    while tokens and tokens[-1].group() in _OPENING:
        tokens.pop()
    if not tokens or tokens[-1].group() in _CLOSED:
        return Before(Level.NONE, "", start)
    return _longest(folded, tokens, accented, named) or _numbered(tokens) or Before(Level.NONE, "", start)


_OPENING = frozenset(""".:"'-(*""")
_CLOSED = frozenset(",;!?)")


def _longest(folded: Folded, tokens: list[re.Match[str]], accented: bool, named: bool) -> Before | None:
    table = _levels()
    for size in (4, 3, 2, 1):
        if len(tokens) < size:
            continue
        part = tokens[-size:]
        readings = table.get(" ".join(token.group() for token in part))
        found = _fitting(folded, part, readings, accented, named) if readings else None
        if found is not None:
            typed = " ".join(token.group() for token in part)
            return Before(found.level, found.word, part[0].start(), typed)
    return None


def _fitting(
    folded: Folded, part: list[re.Match[str]], readings: tuple[_Reading, ...], accented: bool, named: bool
) -> _Reading | None:
    typed = spelling.keys(" ".join(folded.source(token.start(), token.end()) for token in part))
    for reading in readings:
        if typed == reading.form:
            return reading
    # In a text with accents a bare "cho" is the verb, not a market; without accents nobody can tell. Raw telex
    # (phuwowngf) holds no accents but says them.
    raw = any(_length(folded.source(each.start(), each.end())) != len(each.group()) for each in part)
    unmarked = all(is_plain(key) for key in typed)
    lazily = named and readings[0].level in (Level.UNIT, Level.DISTRICT)
    return readings[0] if raw or (unmarked and (lazily or not accented)) else None


def _length(word: str) -> int:
    return len(unicodedata.normalize("NFC", word))


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
