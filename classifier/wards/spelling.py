"""How a name may be written or heard: numbers in words, hyphens, sound-alikes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from classifier.normalise import syllable_key
from classifier.wards.roads import road_forms, said_numbers

_WORD = re.compile(r"[^\W_]+")
_NUMBERS = {"1": ("một", "I"), "2": ("hai", "II"), "3": ("ba", "III"), "4": ("bốn", "IV"), "5": ("năm", "V")}
# Pairs that speakers of Hanoi's dialects and speech recognisers confuse at the beginning of a syllable.
_SOUNDS = (("n", "l"), ("l", "n"), ("tr", "ch"), ("ch", "tr"), ("s", "x"), ("x", "s"))

# Words before a landmark's name, by its family.
FAMILIES: dict[str, tuple[str, ...]] = {
    "bệnh viện": ("bệnh viện", "bv", "viện", "bvđk", "bệnh viện đa khoa"),
    "đại học": ("đại học", "đh", "dh", "trường đại học", "học viện", "trường"),
    "trường": (
        "trường", "thpt", "trường thpt", "cấp 3", "trường cấp 3", "trường cấp ba", "cấp ba", "thcs", "trường thcs",
        "tiểu học", "trường tiểu học", "mầm non", "trường mầm non", "trường mẫu giáo", "cấp 2", "trường cấp 2", "cấp hai",
        "trường cấp hai", "cấp một", "trường trung học cơ sở", "trung học cơ sở",
    ),
    "chợ": ("chợ", "chợ đầu mối", "chợ dân sinh"),
    "cầu": ("cầu", "chân cầu", "gầm cầu"),
    "hồ": ("hồ", "ven hồ", "quanh hồ"),
    "công viên": ("công viên", "cv"),
    "bến xe": ("bến xe", "bx"),
    "ga": ("ga", "nhà ga", "ga tàu"),
    "sân bay": ("sân bay",),
    "sân vận động": ("sân vận động", "svđ", "sân"),
    "khu đô thị": (
        "khu đô thị", "kđt", "kdt", "kđtm", "khu đô thị mới", "đô thị", "khu", "chung cư", "cc", "tòa", "dự án",
        "khu nhà ở", "khu đô thị sinh thái", "khu chung cư", "trung cư",
    ),
    "chung cư": ("chung cư", "trung cư", "cc", "tòa", "tòa nhà", "khu chung cư", "khu đô thị", "kđt", "khu", "dự án"),
    "khu tập thể": ("khu tập thể", "tập thể", "ktt", "tt", "khu", "nhà tập thể"),
    "khu công nghiệp": ("khu công nghiệp", "kcn", "cụm công nghiệp", "ccn"),
    "khu công nghệ cao": ("khu công nghệ cao", "khu cnc"),
    "bãi rác": ("bãi rác", "bãi giác", "bãi dác", "khu xử lý rác", "bãi", "nhà máy rác"),
    "nghĩa trang": ("nghĩa trang", "nghĩa địa", "đài hóa thân"),
    "làng nghề": ("làng nghề", "làng", "thôn", "xóm"),
    "làng": ("làng", "thôn", "xóm", "tdp", "tổ dân phố", "cụm dân cư", "ấp", "xóm trại"),
    "thôn": ("thôn", "làng", "xóm", "tdp", "tổ dân phố", "đình", "đình làng", "chợ", "cụm dân cư"),
    "chùa": ("chùa", "phủ", "đình", "lễ hội chùa"),
    "đền": ("đền", "đình", "miếu"),
    "nút giao": (
        "ngã tư", "ngã ba", "ngã năm", "ngã sáu", "nút giao", "nút", "vòng xuyến", "cầu vượt", "hầm chui", "dốc",
    ),
    "trại giam": ("trại giam", "trại tạm giam"),
    "nhà máy": ("nhà máy", "công ty"),
    "trung tâm thương mại": ("trung tâm thương mại", "tttm", "siêu thị"),
    "khu du lịch": ("khu du lịch",),
    "khu di tích": ("khu di tích", "di tích"),
    "khu đất": ("khu đất", "bãi đất"),
    "khu vực": ("khu vực",),
}  # fmt: skip


def family_words(family: str) -> tuple[str, ...]:
    """Level words of a landmark family; raises KeyError for an unknown family."""
    return FAMILIES[family]


_LONG_LEVEL_WORDS = tuple(f"{word} " for words in FAMILIES.values() for word in words if " " in word)


@cache
def _own_level_words(family: str) -> tuple[str, ...]:
    """The words of a family, the longest first, then the long words of all families."""
    return tuple(f"{word} " for word in sorted(family_words(family), key=len, reverse=True))


def has_level_word(family: str, name: str) -> bool:
    """The name brings the word that says what it is: `ga S9` of the family ga, `công viên Thiên văn học` of any."""
    return name.lower().startswith(_own_level_words(family) + _LONG_LEVEL_WORDS)


# The shape of a syllable without marks.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|th|tr|ch|kh|ph|gh|gi|qu|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oao|oeo|uay|uoi|uou|ieu|yeu|[iu]e|ia|oa|oe|uo|ua|ue|ui|uu|uy|ai|ay|ao|au|eo|eu|iu|oi|ye|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)


@lru_cache(maxsize=8192)
def is_native(folded: str) -> bool:
    """Every word could be a syllable of Vietnamese: "khoang xanh" yes, "times city" and "trugn" no."""
    return all(_SYLLABLE.fullmatch(word) for word in folded.split(" "))


def stem(family: str, name: str) -> str:
    """The name behind a level word of its own family; nothing when it has none."""
    lowered = name.lower()
    return next((name[len(word) :] for word in _own_level_words(family) if lowered.startswith(word)), "")


def keys(written: str) -> tuple[tuple[str, str], ...]:
    """Accented syllable keys of a name, for comparing with what the writer typed."""
    return tuple(syllable_key(word) for word in _WORD.findall(unicodedata.normalize("NFC", written)))


def spoken_forms(name: str) -> tuple[str, ...]:
    """The name itself and its other written forms: `Mỹ Đình 2` also as `Mỹ Đình hai` and `Mỹ Đình II`."""
    forms = [name]
    if name.startswith(_ROADS):
        forms += road_forms(name)
    if _LETTERED.search(name):
        forms += _spelled(name)
    if " - " in name:
        forms += [name.replace(" - ", " "), name.replace(" - ", "-")]
    if name.endswith("Quốc Tử Giám") and len(name) > 20:
        forms += ["Văn Miếu"] if " - " in name else []
        forms += ["Văn Miếu - QTG", "Văn Miếu QTG", "Văn Miếu-QTG"]
    stem, _, last = name.rpartition(" ")
    if last in _NUMBERS and stem:
        forms += [f"{stem} {word}" for word in _NUMBERS[last]]
    if name == "Phương Liên Trung Tự":
        forms += ["Phương Liên - Trung Tự", "Phương Liên-Trung Tự"]
    return tuple(forms)


_ROADS = ("Quốc lộ", "Tỉnh lộ")
_LETTERED = re.compile(r"\d|(?<!\w)(?:HH|CT|VP|NO)(?!\w)")
_BLOCK = re.compile(r"(?<!\w)([A-Z]{1,3})(\d{1,2})([A-Z]?)(?!\w)|(?<!\w)(HH|CT|VP|NO)(?!\w)")
_LETTERS = {
    "A": "a", "B": "bê", "C": "xê", "D": "đê", "E": "e", "F": "ép", "G": "giê", "H": "hát", "K": "ca", "L": "lờ", "M": "mờ",
    "N": "nờ", "O": "o", "P": "pê", "Q": "quy", "R": "rờ", "S": "sờ", "T": "tê", "U": "u", "V": "vê", "X": "ích",
}  # fmt: skip


def _spelled(name: str) -> tuple[str, ...]:
    """A block as speech recognition hears it: `HH2B Linh Đàm` → `hát hát hai bê Linh Đàm`."""
    found = _BLOCK.search(name)
    if found is None:
        return ()
    if found.group(4):
        letters = " ".join(_LETTERS[letter] for letter in found.group(4))
        return (f"{name[: found.start()]}{letters}{name[found.end() :]}",)
    if not all(letter in _LETTERS for letter in found.group(1) + found.group(3)):
        return ()
    letters = " ".join(_LETTERS[letter] for letter in found.group(1))
    tail = f" {_LETTERS[found.group(3)]}" if found.group(3) else ""
    return tuple(
        f"{name[: found.start()]}{letters} {number}{tail}{name[found.end() :]}"
        for number in said_numbers(found.group(2))
    )


def sound_alikes(folded: str) -> tuple[str, ...]:
    """Folded names with one or two initials confused: `thu lam` → `thu nam`, `linh nam` → `ninh lam`."""
    words = folded.split(" ")
    if len(words) < 2:
        return ()
    once = _swapped(words)
    return tuple(dict.fromkeys([*once, *(twice for each in once for twice in _swapped(each.split(" ")))]))


def _swapped(words: list[str]) -> list[str]:
    found: list[str] = []
    for place, word in enumerate(words):
        for wrong_for, written in _SOUNDS:
            if word.startswith(wrong_for) and not word.startswith("ng") and len(word) > 2:
                swapped = written + word[len(wrong_for) :]
                found.append(" ".join([*words[:place], swapped, *words[place + 1 :]]))
    return found
