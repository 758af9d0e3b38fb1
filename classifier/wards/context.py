"""What stands right after or before a name besides its level word: "cũ", "mới", a longer name that runs on."""

from __future__ import annotations

import re

from classifier.normalise import Folded, fold_key, is_plain, syllable_key
from classifier.wards.matcher import Hit

_OLD_AFTER = re.compile(
    r"[\s,(]{0,3}(cu|(ngay|hoi) (truoc|xua)|truoc (day|kia)(?! (thuoc|la))|truoc (khi )?sap nhap)(?![a-z0-9])"
)
_NEW_AFTER = re.compile(r"[\s,(]{0,3}(moi|sau sap nhap|hien nay|bay gio|ngay nay)(?![a-z0-9])")
_OLD_BEFORE = re.compile(
    r"(truoc day (la|thuoc)|truoc (la|thuoc)|cu la|ngay truoc (la|thuoc))\s*[a-z .]{0,14}$"
)


def marked_old(folded: Folded, hit: Hit, first: int, accented: bool) -> bool:
    """ "X cũ", "X trước đây", "trước đây là X"."""
    after = _OLD_AFTER.match(folded.text, hit.end, hit.end + 24)
    if after is not None:
        if after.group(1) != "cu":
            return True
        key = syllable_key(folded.source(after.start(1), after.end(1)))
        return key == ("cu", "\u0303") or (not accented and is_plain(key))
    head = folded.text[max(0, first - 26) : first]
    return ("truoc" in head or "cu la" in head) and _OLD_BEFORE.search(head) is not None


def marked_new(folded: Folded, hit: Hit) -> bool:
    """ "X mới", "X sau sáp nhập"."""
    return _NEW_AFTER.match(folded.text, hit.end, hit.end + 20) is not None


def runs_on(folded: Folded, hit: Hit, following: Hit | None) -> bool:
    """True when a capital word follows a capitalised name directly: perhaps a longer, unknown name (Láng Hạ Long)."""
    if not hit.capital or hit.end + 1 >= len(folded.text) or folded.text[hit.end] != " ":
        return False
    if following is not None and following.start == hit.end + 1 and not hit.sole:
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
