"""The words before a capitalised name that say whether it is a person: introductions, offices, roads, firms."""

from __future__ import annotations

import re
from functools import lru_cache

from classifier.pii import people

REACH = 40

_PRONOUNS = "toi em minh mk chau e con no chu me bo chong vo be cau ong ba".split()
_SENDERS = "viet gui don cao nai anh nghi he chung nop ky bao trinh tin thue dung".split()


def _phrases(*groups: str) -> tuple[str, ...]:
    """Ends of text to compare with, each from the beginning of a word."""
    return tuple(f" {phrase.strip()}" for group in groups for phrase in group.split("|"))


# After these any capitalised word is a name.
NAMED = (
    _phrases("ten|ten la|ho ten|ho va ten|ten goi|my name is|ky ten|lien he|lh|gap|mang ten|dung ten|ky ten la")
    + tuple(f" {who} ten" for who in _PRONOUNS)
    + tuple(f" ten {who}{verb}" for who in _PRONOUNS for verb in ("", " la"))
    + tuple(f" nguoi {what}" for what in _SENDERS)
    + _phrases("nguoi lam don|nguoi to cao|nguoi khieu nai|nguoi phan anh|nguoi kien nghi|nguoi de nghi|nguoi lien he|nguoi lam chung|nguoi nop don")
)  # fmt: skip
# After these an owner stands, whole.
OWNED = _phrases("chu tai khoan|chu tk|tai khoan|tk|chu the|ngan hang")
# After these a whole name is, surname first.
PRESENTED = tuple(f" {who} la" for who in [*_PRONOUNS, "trai", "gai", "ho", "truong", "quan", "nha", "xom", "tuong", "hang", "doc", "xe", "lai"]) + _phrases(
    "to truong|to pho|truong thon|pho thon|truong ban|truong nhom|truong phong|pho phong|chu tich|pho chu tich|bi thu|giam doc|pho giam doc|hieu truong|hieu pho",
    "chu nha|chu quan|chu ho|chu tro|chu thau|chu dau tu|chu cua hang|chu co so|ong chu|ba chu|chu xe|co giao|thay giao|ong giao|ba giao|nha giao|giao vien",
    "chu nhiem|bac si|bs|y ta|y si|duoc si|dieu duong|luat su|ls|ky su|kts|ts|gs|pgs|ths|can bo|nhan vien|nghe nhan|thi si|nghe si|dai uy|trung uy|thieu uy|thuong uy",
    "thieu ta|trung ta|thuong ta|dai ta|con trai|con gai|chong toi|vo toi|me toi|bo toi|lai xe|tai xe|doi truong|doi pho|ke toan|doi tuong|cong dan|hang xom",
    "kinh doanh|me chau|bo chau|cam on|tran trong|kinh thu|kinh don|chao|than men|to cao|to giac|quan tri|dia chinh|quan doc|truong ca|bi cao|bao ve|thu tu|lao",
    "hoc sinh|sinh vien|phu huynh|benh nhan|nan nhan|thu quy|thu ky|chu tiem|tu xung|toi|dai dien|gia dinh|vo chong",
)  # fmt: skip
# A title and an office; a single word after them is a name as well.
OFFICED = tuple(
    f" {title} {office}"
    for title in "ong ba anh chi co chu bac thay".split()
    for office in (
        "chu tro|chu nha|chu quan|chu thau|giao|to truong|to pho|truong thon|bao ve|hang xom|can bo|hieu truong|tong phu trach|chu nhiem|cong an"
        "|truong phong|lao cong|lai xe|chu|y ta|bac si|giam doc"
    ).split("|")
)
_ROADS = _phrases(
    "duong|pho|ngo|ngach|hem|phuong|xa|quan|huyen|truong|thpt|thcs|tieu hoc|mam non|vien|cho|cau|chua|den|dinh|khu|toa|ga|tuyen|tuong dai|lang|thon|p|o|tai",
    "so|nga tu|nga ba|cong vien|vuon hoa|doan|qua|tu|nut giao|di bo|ham|kdt|cc|chung cu|doc|nha|mat|via he|ben|giai|dao|rap|thu vien|quang truong|p.|d.|f",
)
_NOT_ROADS = _phrases("to truong|hieu truong|doi truong|nhom truong|giao vien|nhan vien|chuyen vien|vien truong|thi truong|ca truong|hoi truong")
_HOUSE = re.compile(r" [0-9]{1,4}[a-z]?(?:[/-][0-9a-z]{1,5}){0,5}")
_FIRMS = re.compile(
    r"(?<![a-z])(?:cong ty|cty|quan|cua hang|shop|app|ung dung|nha xe|nha hang|tiem|truong|hop tac xa|nick|facebook|trang|du an|thuoc|khu|toa"
    r"|chung cu|duong|phuong|pho|ngo|xa|thon|may|loai|kenh|nhom|thuong hieu|hang)(?![a-z])[^.\n]*\Z"
)


@lru_cache(maxsize=4096)
def _tail(before: str) -> str:
    return " " + before.replace("\n", " ").replace("(", " ").rstrip(" ,.:!/(\"'-")


def tail(before: str) -> str:
    """The words before, as the tables of this module compare them."""
    return _tail(before[-REACH:])


def road(words: str) -> bool:
    """True when the tail ends in a word for a road, a school or a house number."""
    if words.endswith(_ROADS):
        return not words.endswith(_NOT_ROADS)
    last = words[words.rfind(" ") :]
    return last[-1:].isdigit() and _HOUSE.fullmatch(last) is not None or _HOUSE.fullmatch(last) is not None


def of_a_firm(before: str) -> bool:
    """True when the name belongs to a shop, an application or a road."""
    return _FIRMS.search(before) is not None


def _last_words(*tables: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase.rsplit(" ", 1)[-1] for table in tables for phrase in table)


# Every introduction ends in one of these; whatever else stands before a capital introduces nobody.
ANY_NAME_AFTER = _last_words(NAMED, OFFICED) | frozenset(people.TITLES) | {"la"}
WHOLE_NAME_AFTER = _last_words(PRESENTED, OWNED)
