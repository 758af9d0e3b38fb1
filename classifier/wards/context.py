"""What stands around a name besides its level word: "cũ", the writer's home, neighbours, denials, signatures."""

from __future__ import annotations

import re

from classifier.normalise import Folded, fold_key, is_plain, syllable_key
from classifier.wards.matcher import Hit

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
# "nhà tôi thì mãi dưới Phù Lỗ nhưng bãi rác Nam Sơn …"
_AT_HOME = re.compile(r"(?<![a-z])nha (toi|em|minh|chau|con|bac|e|t|tui)( [a-z]+){0,4} ?$")
_BUT = re.compile(r"( [a-z]+){0,2}[ ,]{1,2}nhung(?! (nguoi|noi|thu|ho|cai))")
_OURS = re.compile(r"[a-z ,]{0,24}?(chung (toi|em|con|minh)|bon (em|minh|toi)) (?!o |tai )")
_NEARBY = re.compile(
    r"(?<![a-z])(giap( ranh)?( voi)?|gan|doi dien|(?<!cay )canh|cach|sat|huong( ve)?|di( ve)?|phia|len|xuong|sang)"
    r"( (?!o |tai |thuoc )[a-z]+\.?){0,2}[ .]?$"
)
_DENIED = re.compile(r"(?<![a-z])(khong|ko|k|chu khong) (phai|thuoc)( la| o| cua)?( [a-z]+\.?)?[ .]?$")
_CLOSING = re.compile(r"(tran trong|kinh thu|nguoi gui|nguoi viet|nguoi phan anh|nguoi lam don|kinh don)")


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
    if _BUT.match(folded.text, last, last + 30) and _AT_HOME.search(folded.text, max(0, first - 40), first):
        return True
    begin = max(0, first - 48)
    cut = max(folded.text.rfind(mark, begin, first) for mark in ".;!?")
    head = folded.text[max(begin, cut + 1) : first]
    return _RESIDENCE.search(head) is not None or _HOME.search(head) is not None


def nearby(folded: Folded, first: int) -> bool:
    """The name only says what lies beside: "giáp phường X", "đối diện chợ Y"."""
    return _NEARBY.search(folded.text, max(0, first - 30), first) is not None


_INTRODUCED = re.compile(
    r"(?<![a-z])(o|tai|doan|tren|cho|khu vuc|duoi|quanh|doc|ngoai|ben|nhung|ma|con)( [a-z]+){0,2} ?"
)


def introduced(folded: Folded, first: int, last: int) -> bool:
    """A preposition says that something is there: "bãi rác ở X", "đoạn X"; the clue's own words may hold it."""
    return _INTRODUCED.search(folded.text, max(0, first - 16), last) is not None


def denied(folded: Folded, first: int) -> bool:
    """ "không phải phường X"."""
    return _DENIED.search(folded.text, max(0, first - 30), first) is not None


def closing_from(folded: Folded) -> int:
    """Where the signature of a letter begins, or the length of the text."""
    best = len(folded.text)
    for found in _CLOSING.finditer(folded.text, max(0, len(folded.text) - 400)):
        best = min(best, found.start())
    return best
