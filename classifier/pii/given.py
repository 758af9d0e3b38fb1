"""Given names alone in lower case: after a title (`bác thụ`, `chị lan ở tầng 3`) and after `em là`.

A common noun after a title (`anh công an`) is never one: only listed given names count, and those that are also other
words need a word after them that follows people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from classifier.pii import people
from classifier.pii.found import Found
from classifier.pii.people import plain
from classifier.pii.seen import Seen
from classifier.pii.wordlists import words

Span = tuple[int, int]

GIVEN = people.forms("given")
UNSURE = people.forms("given_unsure")
ANY = people.forms("given", "given_unsure")
# Every word that can stand in a name after its surname; bà Sáu and ông Mười have a number for a name.
ALL = people.forms("given", "given_unsure", "more_middles", "middles", "given_rare")
ORDINALS = people.forms("ordinals")
"""Birth-order names: bà Bảy Sương, chú Tư."""
_NICKNAMES = people.forms("nicknames")
_JOINED = people.forms("given", "given_unsure", "nicknames")
_PLAIN = frozenset(words("given_plain"))
_NOT = frozenset(words("not_given"))
_AFTER = frozenset(words("after_person"))
_AFTER_PLAIN = frozenset(words("after_person_plain"))
# After a title that is also how the writer speaks of himself, only these are safe.
_AFTER_SELF = frozenset(words("after_self"))
_BEFORE_MANY = frozenset(words("before_many"))
PRONOUNS = frozenset(plain(word) for word in words("pronouns"))
# The cheap question after `em là hoa`.
_MAY_FOLLOW = frozenset(plain(word) for word in _AFTER_SELF) | PRONOUNS | frozenset(ANY)

LEADS = frozenset(words("leads"))
"""Plain forms of the words this module looks behind."""
MARKS = ".?!:;)"
"""A name may end a sentence: these may stay with its word."""
_HOUSES = frozenset(
    {"tòa", "toà", "nhà", "khu", "lớp", "khối", "lô", "block", "câu", "nhóm", "a", "b", "c", "là", "số"}
)
_PLAIN_TITLES = frozenset({"ong", "anh", "chi", "bac", "co", "chu", "thay"})
_SELVES = frozenset({"em", "chau", "be"})
_NEXT = re.compile(r" +([a-z]+)(?![a-z0-9])")
_LAST = re.compile(r"([a-z]+) \Z")
_SHOPS = frozenset({"quán", "tiệm", "shop"})
_WORD_REACH, _SHOP_REACH = 12, 24
_SHOP = re.compile(r"(?<![a-z])(quan|tiem|shop)(?: (?!nha |cua )[a-z]+){0,2} \Z")


def find(seen: Seen, places: Iterable[int]) -> Iterator[Found]:
    """One or two words after each of these words, which count in `seen.words`, in order."""
    for title, name in pairs(seen, places):
        if seen.cased[name[0]].isupper():
            continue
        if end := _ordinal(seen, title, name):
            yield Found("name", *seen.span(name[0], end))
            continue
        if not people.stands(seen, name, ANY):
            continue
        end = _after_la(seen, title, name) if _read(seen, title) == "la" else _after_title(seen, title, name)
        if end:
            yield Found("name", *seen.span(name[0], end))


def pairs(seen: Seen, places: Iterable[int]) -> Iterator[tuple[Span, Span]]:
    """Where these words and those after them stand in the text; what a comma parts is no pair."""
    at = 0
    absent = set()
    for place in places:
        lead = seen.words[place]
        pair = f"{lead} {seen.words[place + 1].rstrip(MARKS)}"
        if pair in absent:
            continue
        start = seen.plain.find(pair, at)
        while start > 0 and seen.plain[start - 1].isalnum():
            start = seen.plain.find(pair, start + 1)
        if start < 0:
            absent.add(pair)
            continue
        at = start + len(lead)
        yield (start, at), (at + 1, start + len(pair))


def _read(seen: Seen, word: Span) -> str:
    return seen.plain[word[0] : word[1]]


def _ordinal(seen: Seen, title: Span, name: Span) -> int:
    """`bà bảy sương`, `ông năm tẻo`: a birth-order name and a given name or a nickname; 0 when it is none."""
    if not seen.accented or not people.stands(seen, name, ORDINALS) or not people.titled(seen, title):
        return 0
    following = _NEXT.match(seen.plain, name[1])
    if following is None or not people.stands(seen, following.span(1), _JOINED):
        return 0
    second = following.span(1)
    if people.stands(seen, second, people.STOPS) or _another_word(seen, second, second[1]):
        return 0
    if another_word(seen, name):
        return 0
    nick = people.stands(seen, second, _NICKNAMES)
    sure = people.stands(seen, second, GIVEN) or nick
    return second[1] if sure and (_last(seen, title[0]) not in _BEFORE_MANY) else 0


def _after_title(seen: Seen, title: Span, name: Span) -> int:
    """Where the name after a title ends; 0 when it is none."""
    last = _last(seen, title[0])
    if (
        not (people.titled(seen, title) or _short_title(seen, title, last))
        or last in _BEFORE_MANY
        or _of_a_shop(seen, title[0])
    ):
        return 0
    read = _read(seen, title)
    if read == "si" and _read(seen, name) == "nhi":
        # `bác sĩ nhi` treats children.
        return 0
    if read == "chi" and seen.written(*title) == "chí":
        return 0
    if f"{last} {seen.written(*title)}" in people.NOBODY:
        return 0
    if people.nobody(seen, title, name) and not _followed(seen, name[1], {"ở", "oi", "ơi"}):
        return 0
    if not seen.accented:
        known = read in _PLAIN_TITLES and _read(seen, name) in _PLAIN
        return name[1] if known and _followed(seen, name[1], _AFTER_PLAIN) else 0
    end = _extended(seen, name)
    if _another_word(seen, name, end):
        return 0
    sure = people.stands(seen, name, GIVEN) and read not in _SELVES and len(read) > 1
    return end if sure or _followed(seen, end, _AFTER) else 0


def _short_title(seen: Seen, title: Span, last: str) -> bool:
    """`bác sĩ hùng`, `cô giáo lan`; in teencode `a tuấn`, `c hạnh`, but not `tòa a hà nội`."""
    if not seen.accented:
        return False
    read = seen.written(*title)
    if read in ("a", "c"):
        return last not in _HOUSES and not seen.plain[max(0, title[0] - 2) : title[0]].strip().isdigit()
    return (read == "sĩ" and last == "bác") or (read == "giáo" and last in ("cô", "thầy"))


def _after_la(seen: Seen, la: Span, name: Span) -> int:
    """`em là hoa`: the name must be followed by what one says next about oneself."""
    following = _NEXT.match(seen.plain, name[1])
    if following is not None and following[1] not in _MAY_FOLLOW:
        return 0
    who = _last(seen, la[0])
    if plain(who) not in PRONOUNS or not seen.spells(*la, frozenset({"là"})):
        return 0
    if not seen.accented and _read(seen, name) not in _PLAIN:
        return 0
    end = _extended(seen, name)
    if _another_word(seen, name, end):
        return 0
    return end if _followed(seen, end, _AFTER_SELF | {who}) else 0


def introduced(seen: Seen, name: Span, who: str) -> bool:
    """`em tên là thu em ở`: a given name that is another word as well, and then the writer goes on about himself."""
    clear = people.stands(seen, name, ANY) and (seen.accented or _read(seen, name) in _PLAIN)
    return clear and _followed(seen, name[1], _AFTER_SELF | {who})


def _extended(seen: Seen, name: Span) -> int:
    """`chị ngọc lan`, `em lan anh ở`: a second given name belongs to the first."""
    following = _NEXT.match(seen.plain, name[1])
    if following is None or not seen.accented or seen.cased[following.start(1)].isupper():
        return name[1]
    second = following.span(1)
    if people.stands(seen, second, GIVEN):
        return second[1] if seen.written(*second) not in _AFTER else name[1]
    ends = following[1] == "anh" or people.stands(seen, second, UNSURE)
    return second[1] if ends and _followed(seen, second[1], _AFTER) else name[1]


def _another_word(seen: Seen, name: Span, end: int) -> bool:
    """`khoa học`, `hà đông`: the name and the next word are something else together."""
    following = _NEXT.match(seen.plain, name[1])
    if following is None:
        return False
    if f"{seen.written(*name)} {seen.written(*following.span(1))}" in _NOT:
        return True
    if end > name[1] or seen.written(*following.span(1)) in _AFTER:
        return False
    return people.place(f"{_read(seen, name)} {following[1]}")


def another_word(seen: Seen, word: Span) -> bool:
    """`thương binh`: this word and the next are no part of a name."""
    following = _NEXT.match(seen.plain, word[1])
    return following is not None and f"{seen.written(*word)} {seen.written(*following.span(1))}" in _NOT


def _followed(seen: Seen, end: int, table: frozenset[str] | set[str]) -> bool:
    """True when a phrase ends here, or one of these words comes next."""
    following = _NEXT.match(seen.plain, end)
    if following is None:
        return not seen.plain[end : end + 2].strip(" ")[:1].isalnum()
    return seen.written(*following.span(1)) in table


def _of_a_shop(seen: Seen, start: int) -> bool:
    """`quán bún đậu cô hằng`; `thằng quân con bà mận` has no shop."""
    match = _SHOP.search(seen.plain, max(0, start - _SHOP_REACH), start)
    return match is not None and seen.spells(*match.span(1), _SHOPS)


def _last(seen: Seen, start: int) -> str:
    """The word before this place as it was written, or nothing."""
    match = _LAST.search(seen.plain, max(0, start - _WORD_REACH), start)
    return seen.written(*match.span(1)) if match else ""
