"""The words before a capitalised name that say whether it is a person: introductions, offices, roads, firms."""

from __future__ import annotations

import re
from functools import lru_cache

from classifier.pii import people
from classifier.pii.wordlists import words

REACH = 40

_PRONOUNS = (
    "toi",
    "em",
    "minh",
    "mk",
    "chau",
    "e",
    "con",
    "no",
    "chu",
    "me",
    "bo",
    "chong",
    "vo",
    "be",
    "cau",
    "ong",
    "ba",
    "tui",
    "to",
    "anh",
    "chi",
    "bac",
    "co",
    "di",
    "cu",
    "ck",
    "vk",
)
_SPEAKERS = ("toi", "em", "minh", "mk", "chau", "e", "con", "anh", "chi", "bac", "co", "chu")


def _phrases(name: str) -> tuple[str, ...]:
    """Ends of text to compare with, each from the beginning of a word."""
    return tuple(f" {phrase}" for phrase in words(name))


# Somebody says what he or another is called.
CALLED = tuple(f" {who} ten" for who in _PRONOUNS) + tuple(
    f" ten {who}{verb}" for who in _PRONOUNS for verb in ("", " la")
)
# A nickname follows: `tên thường gọi`, `biệt danh`.
CALLED += tuple(
    f" {phrase}{verb}" for phrase in ("thuong goi", "biet danh", "hay goi") for verb in ("", " la")
)
IS = tuple(f" {who} la" for who in (*_SPEAKERS, "tui"))
# After these any capitalised word is a name.
NAMED = _phrases("named") + CALLED
# After these an owner stands, whole.
OWNED = _phrases("owned")
# After these a whole name is, surname first.
PRESENTED = _phrases("presented")
# A title and an office; a single word after them is a name as well.
OFFICED = tuple(
    f" {title} {office}"
    for title in ("ong", "ba", "anh", "chi", "co", "chu", "bac", "thay")
    for office in words("officed")
)
# After these a known given name.
PROFESSIONS = _phrases("professions")
_ROADS = _phrases("roads")
_NOT_ROADS = _phrases("not_roads")
_HOUSE = re.compile(r" [0-9]{1,4}[a-z]?(?:[/-][0-9a-z]{1,5}){0,5}")
_FIRMS = re.compile(
    r"(?<![a-z])(?:cong ty|cty|quan|cua hang|shop|app|ung dung|nha xe|nha hang|tiem"
    r"|(?<!to )(?<!hieu )(?<!doi )(?<!ban )(?<!phong )(?<!thon )truong|hop tac xa"
    r"|nick|facebook|trang|du an|thuoc|khu|toa"
    r"|chung cu|duong|phuong|pho|ngo|xa|thon|may|loai|kenh|nhom|thuong hieu|hang)(?![a-z])[^.\n]*\Z"
)

# `nhân viên quầy 4 tên …`, `bảo vệ chung cư tên …`: somebody of the firm, not the firm.
_STAFF = re.compile(
    r"(?<![a-z])(?:can bo|nhan vien|bao ve|cong an|canh sat|cong nhan|quan ly|tai xe|lai xe|doi tuong|giao vien"
    r"|le tan|thu ngan|shipper|y ta|bac si|dieu duong|tho|to truong|to pho|chu|nguoi|ke|nam|nu|khach)"
    r"(?![a-z])[^.,\n]{0,30}\Z"
)


@lru_cache(maxsize=4096)
def _tail(before: str) -> str:
    return " " + before.replace("\n", " ").replace("(", " ").rstrip(" ,.:!?/(\"'-")


def tail(before: str) -> str:
    """The words before, as the tables of this module compare them."""
    return _tail(before[-REACH:])


def road(words: str) -> bool:
    """True when the tail ends in a word for a road, a school or a house number."""
    if words.endswith(_ROADS):
        return not words.endswith(_NOT_ROADS)
    last = words[words.rfind(" ") :]
    return _HOUSE.fullmatch(last) is not None


def of_a_firm(before: str) -> bool:
    """True when the name belongs to a shop, an application or a road."""
    match = _FIRMS.search(before)
    return match is not None and _STAFF.search(before) is None


def _last_words(*tables: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase.rsplit(" ", 1)[-1] for table in tables for phrase in table)


# Every introduction ends in one of these; whatever else stands before a capital introduces nobody.
ANY_NAME_AFTER = _last_words(NAMED, OFFICED) | frozenset(people.TITLES) | {"la"}
# After these only a known name.
_CALLS = {"a", "b", "c", "e", "cho", "goi", "voi", "giup", "gap", "tim", "hoi", "nho"}
GIVEN_NAME_AFTER = _CALLS | _last_words(PROFESSIONS)
WHOLE_NAME_AFTER = _last_words(PRESENTED, OWNED)
