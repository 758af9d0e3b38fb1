"""Names of people that begin with a capital: after a title, an introduction or an office, and in signatures.

A name alone is no evidence: half the streets of the city are named after somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.pii import before, given, people
from classifier.pii.found import Found
from classifier.pii.people import FIRST_STOPS, MIDDLES, OFFICES, SURNAMES
from classifier.pii.seen import Seen

Words = list[tuple[int, int]]

# The look behind stands after the first letter, so that the search can jump from capital to capital.
_CAPITALS = re.compile(
    r"[A-Z](?<![A-Za-z0-9.@_][A-Z])[A-Za-z]*(?:'[A-Za-z]+)?(?: {1,2}[A-Z][A-Za-z]*(?:'[A-Za-z]+)?){0,6}(?![@_0-9])"
)
_MIXED = re.compile("[a-z][A-Z]|[A-Z]{2}[a-z]")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_LAST_WORD = re.compile(r"[a-z]+")
_STUCK = " ,.:!?/(\"'-\n"
_SIGNED = re.compile(r"[ \t]*(?:\(?[0-9]{1,2}[.)] ?|[A-Za-z0-9./ ]{0,40}[:,\-(]{0,2} ?)\Z")
_LONGEST_OPENING = 44
_AFTER_SIGNED = re.compile(r"[ \t]*(?:\Z|\n|[,;.(/]|-|0[0-9]|\+)")
_ADDRESS = re.compile(r",? *(?:phuong|p\.|quan|q\.|xa|huyen|ha noi|thanh xuan|doan|den|so [0-9])")
_NUMBER_AFTER = re.compile(r"[ ,:\-(]{1,4}(?:sdt|dt|tel|so dt)?[ :.]{0,2}(?:0|\+84)[0-9.\- ]{8}")
_SHORT_TITLES = frozenset({"a", "b", "c", "e"})
_HOUSE_LETTER = re.compile(r"(?:toa|nha|khoi|block|khu|lo|lop|can|ct|hang|[0-9]) ?[abc] \Z")
_SURE_MIDDLE = re.compile(r" (?:Thi|Van|THI|VAN) ")
_CALL = (
    " goi cho",
    " nhan cho",
    " goi",
    " goi giup",
    " gap",
    " tim",
    " hoi",
    " bao cho",
    " nho",
    " voi",
    " lien lac voi",
    " lien he voi",
)
_ALONE = re.compile(r" ?[,.!]| (?:day|a|ne|nhe|nha|o|so)(?![a-z])|\Z")
_ALONE_OR_NUMBER = re.compile(rf"{_ALONE.pattern}|{_NUMBER_AFTER.pattern}")
_JOINTS = frozenset({" va ", " voi ", " cung ", " & "})
_LONGEST_JOINT = 7
_NEXT = re.compile(r" ([a-z]+)(?![a-z0-9])")


def find(seen: Seen) -> Iterator[Found]:
    """Every capitalised name that stands where a name is expected."""
    end = -1
    for run in _CAPITALS.finditer(seen.cased):
        joined = run.start() - end < _LONGEST_JOINT and seen.plain[end : run.start()] in _JOINTS
        if not (
            _expected(seen, run[0].partition(" ")[0].lower(), last := _last_word(seen, run.start()), run)
            or joined
        ):
            continue
        words = [(run.start() + each.start(), run.start() + each.end()) for each in _WORD.finditer(run[0])]
        if _MIXED.search(run[0]) or _acronym(seen, words):
            continue
        words = _without_acronyms(seen, words)
        if len(words) > 3 and seen.plain[slice(*words[0])] == "toi":
            words, last = words[1:], "toi"
        name = _after_own_title(seen, words, last) or _in_context(seen, words, last)
        if not name and joined:
            name = _second(seen, words)
        if name:
            end = name[-1][1]
            yield Found("name", *seen.span(name[0][0], end))


def _second(seen: Seen, words: Words) -> Words:
    """`anh Tuấn và Hùng`: the second of two people, without a title of his own."""
    joined = " ".join(_text(seen, words))
    known = people.stands(seen, words[-1], given.ANY) and not people.stands(seen, words[0], people.TITLES)
    unlike = people.place(joined) or joined in OFFICES or given.another_word(seen, words[-1])
    return words if known and len(words) < 5 and not unlike else []


def _last_word(seen: Seen, start: int) -> str:
    words = seen.plain[max(0, start - 16) : start].rstrip(_STUCK).split()
    return words[-1].lstrip("(\"'") if words else ""


def _expected(seen: Seen, first: str, last: str, run: re.Match[str]) -> bool:
    """The cheap question: whether anything near this run of capitals can make it a name."""
    if last in before.ANY_NAME_AFTER or first in people.TITLES:
        return True
    if last in before.GIVEN_NAME_AFTER:
        return first in given.ANY or first in SURNAMES or first in given.ORDINALS
    if run[0].startswith("Toi "):
        return True
    if first not in SURNAMES or " " not in run[0]:
        return False
    if last in before.WHOLE_NAME_AFTER or _SURE_MIDDLE.search(run[0]):
        return True
    return _opens_line(seen, run.start()) or _NUMBER_AFTER.match(seen.plain, run.end()) is not None


def _opens_line(seen: Seen, start: int) -> bool:
    """Whether a line above exists and little stands before the run on its own line."""
    return start > 0 and seen.cased.rfind("\n", max(0, start - _LONGEST_OPENING), start) >= 0


def _acronym(seen: Seen, words: Words) -> bool:
    """`MN Sao Mai`, `UBND`; a whole name may be shouted."""
    first = seen.cased[slice(*words[0])]
    return (
        len(first) > 1
        and first.isupper()
        and not all(seen.cased[start:end].isupper() for start, end in words)
    )


def _without_acronyms(seen: Seen, words: Words) -> Words:
    """`Hoàng Long MST` ends before its last word; a name that is shouted as a whole stays."""
    kept = len(words)
    if kept > 1 and all(seen.cased[start:end].isupper() for start, end in words):
        return words
    while (
        kept > 1
        and words[kept - 1][1] - words[kept - 1][0] > 1
        and seen.cased[slice(*words[kept - 1])].isupper()
    ):
        kept -= 1
    return words[:kept]


def _text(seen: Seen, words: Words) -> list[str]:
    return [seen.plain[start:end] for start, end in words]


def _whole(seen: Seen, words: Words) -> bool:
    """Two to five words that begin with a surname."""
    if not 2 <= len(words) <= 5:
        return False
    return people.stands(seen, words[0], SURNAMES) or _bare(seen, words) or _strange(seen, words)


def _strange(seen: Seen, words: Words) -> bool:
    """A surname that no list has: `Mè Thị Ún` by its middle name, `Y Blen Mlô` and `Kpă H'Juen` by their form."""
    if len(words) > 2 and seen.accented and people.stands(seen, words[1], MIDDLES):
        return not people.stands(seen, words[0], FIRST_STOPS)
    return people.hill(seen, words[0]) or "'" in seen.plain[words[0][0] : words[-1][1]]


def _bare(seen: Seen, words: Words) -> bool:
    """`TRAN VAN AN`: as a bank writes a name, in a text that has accents."""
    texts = _text(seen, words)
    written = seen.written(words[0][0], words[-1][1])
    return len(words) > 2 and texts[0] in SURNAMES and texts[1] in MIDDLES and written.isascii()


def _after_own_title(seen: Seen, words: Words, last: str) -> Words:
    """`Ông Nguyễn Văn An`, `Bà Tư`: the title has a capital too."""
    if len(words) < 2 or not people.titled(seen, words[0]) or people.place(" ".join(_text(seen, words))):
        return []
    if last in ("ten", "la") and _whole(seen, words) and people.stands(seen, words[1], MIDDLES):
        # `toi ten Chu Van Loi` has a surname that looks like a title.
        return []
    name = words[1:]
    start = words[0][0]
    begins = not seen.cased[max(0, start - 8) : start].rstrip(" \t\"'(")[-1:].isalnum()
    if begins or (
        _whole(seen, name) and not before.road(before.tail(seen.plain[max(0, start - before.REACH) : start]))
    ):
        return _given(seen, words[0], name)
    return []


def _given(seen: Seen, title: tuple[int, int], name: Words) -> Words:
    """The name after a title, shortened to what can be one; empty when it is an office, a place or nobody."""
    texts = _text(seen, name)
    following = _NEXT.match(seen.plain, name[-1][1])
    phrase = [*texts, following[1]] if following else texts
    if (
        " ".join(phrase[:2]) in OFFICES
        or people.nobody(seen, title, name[0])
        or " ".join(texts) in people.FAMOUS
    ):
        return []
    weak = seen.plain[slice(*title)] in people.WEAK_TITLES
    if weak and any(people.region(seen, (name[0][0], end)) for _, end in name[:2]):
        return []
    known = people.place(" ".join(texts))
    if _whole(seen, name):
        return [] if known and (weak or not seen.accented) else name
    if len(texts[0]) == 1 or not people.usual(texts[0]) or (known and (weak or len(texts) > 1)):
        return []
    if seen.cased[slice(*name[0])].isupper():
        return []
    return name[:3] if not people.place(" ".join(_text(seen, [title, *name]))) or seen.accented else []


def _in_context(seen: Seen, words: Words, last: str) -> Words:
    """A name that the words before it announce, or that signs the text."""
    start = words[0][0]
    ahead = seen.plain[max(0, start - before.REACH) : start]
    if last in people.TITLES and ahead[-1:] == " ":
        # `Mr. Nam`, but no name that begins the next sentence.
        short = last in ("mr", "ms", "mrs")
        at = start - len(ahead) + len(ahead.rstrip(" .\n" if short else None))
        title = (at - len(last), at)
        if people.titled(seen, title) and not ahead.rstrip().endswith("chung cu"):
            return _given(seen, title, words)
    if last in _SHORT_TITLES and ahead[-1:] == " ":
        return _after_letter(seen, words, ahead)
    joined = " ".join(_text(seen, words))
    if joined in people.FAMOUS or joined.startswith(("ha noi", "viet nam")):
        return []
    tail, joint = before.tail(ahead), ahead[len(ahead.rstrip(_STUCK)) :]
    place = people.place(joined)
    same = not any(mark in joint for mark in ".!")
    if same and tail.endswith(before.OFFICED) and not place:
        return words[:5]
    if (
        same
        and tail.endswith((*before.NAMED, *before.OWNED))
        and _nameable(seen, words, ahead, owned=tail.endswith(before.OWNED))
    ):
        return words[:5]
    if not _whole(seen, words):
        return _called(seen, words, tail) if same else []
    if tail.endswith(before.PRESENTED) and (not place or tail.endswith(" la")):
        return words
    if (not joint.strip(" ") or (joint == ". " and len(last) < 3 and last.isalpha())) and before.road(tail):
        return []
    if _signs(seen, words, place=place):
        return words
    sure = people.stands(seen, words[1], MIDDLES) or _bare(seen, words)
    sure = sure or ("(" in joint and _likely(seen, words))
    sure = sure or _NUMBER_AFTER.match(seen.plain, words[-1][1]) is not None
    return words if sure and len(words) > 2 and not place else []


def _after_letter(seen: Seen, words: Words, ahead: str) -> Words:
    """`a Long`, `c Vân` in teencode; `tòa a Long Biên` is a house."""
    joined = " ".join(_text(seen, words))
    teen = people.teencode(seen, words[-1])
    if ahead.endswith("e ") and (not seen.accented or people.region(seen, (words[0][0], words[-1][1]))):
        return []
    house = _HOUSE_LETTER.search(ahead) is not None or people.place(joined)
    if house or len(words) > 3 or not (teen or people.stands(seen, words[-1], given.ANY)):
        return []
    return words if teen or people.stands(seen, words[0], given.GIVEN) or _whole(seen, words) else []


def _nameable(seen: Seen, words: Words, ahead: str, *, owned: bool) -> bool:
    """Whether what follows `tên là` is a person and no shop."""
    place = people.place(" ".join(_text(seen, words)))
    if len(words) > 2 and _shouted(seen, words):
        return True
    if _whole(seen, words):
        surely = people.stands(seen, words[0], people.STRONG) or people.stands(seen, words[1], MIDDLES)
        return (surely and len(words) > 2 and not place) or not before.of_a_firm(ahead)
    first = _text(seen, words)[0]
    if len(words) == 1 and first in ("mr", "ms", "mrs"):
        return False
    called = before.tail(ahead).endswith(before.CALLED)
    if (
        owned
        or (place and not called)
        or people.stands(seen, words[0], FIRST_STOPS)
        or seen.cased[slice(*words[0])].isupper()
        or len(words) > 3
    ):
        return False
    return (len(first) > 1 or len(words) > 1) and (called or not before.of_a_firm(ahead))


def _shouted(seen: Seen, words: Words) -> bool:
    """`TRAN BAO NAM`: as a bank writes the owner of an account."""
    written = seen.written(words[0][0], words[-1][1])
    capitals = seen.cased[words[0][0] : words[-1][1]].isupper()
    return capitals and written.isascii() and _text(seen, words)[0] in SURNAMES


def _likely(seen: Seen, words: Words) -> bool:
    """`con em (Nguyễn Bảo An, …)`: surname, middle name and given name are all known."""
    tables = (people.STRONG, people.MORE_MIDDLES, given.ANY)
    return len(words) > 2 and all(map(people.stands, [seen] * 3, (words[0], words[1], words[-1]), tables))


def _plausible(seen: Seen, words: Words) -> bool:
    """`Em là Thạch Sô Phol`: three or four words of the form of a name, and no office or place among them."""
    texts = _text(seen, words)
    pairs = {" ".join(texts[at : at + 2]) for at in range(len(texts))}
    return not (
        not seen.accented
        or seen.cased[words[0][0] : words[-1][1]].isupper()
        or pairs & OFFICES
        or any(map(people.place, pairs))
        or any(people.stands(seen, word, FIRST_STOPS) for word in words[:1])
        or any(
            people.stands(seen, word, people.STOPS) and not people.stands(seen, word, given.ALL)
            for word in words
        )
    )


def _called(seen: Seen, words: Words, tail: str) -> Words:
    """`e là Bích Ngọc`, `em là Ly, …`: one or two capitalised words without a surname, and no place."""
    if len(words) < 3 and tail.endswith(before.PROFESSIONS) and people.stands(seen, words[-1], given.GIVEN):
        known = people.place(" ".join(_text(seen, words))) or people.region(seen, (words[0][0], words[-1][1]))
        return [] if known or not seen.accented or given.another_word(seen, words[-1]) else words
    if len(words) == 2 and tail.endswith(_CALL) and people.stands(seen, words[0], given.ORDINALS):
        return words
    if len(words) in (3, 4) and tail.endswith((*before.IS, " la")) and _plausible(seen, words):
        return words if tail.endswith(before.IS) or people.stands(seen, words[-1], given.ANY) else []
    if len(words) == 1 and tail.endswith(_CALL) and people.stands(seen, words[0], given.GIVEN):
        return words if _ALONE_OR_NUMBER.match(seen.plain, words[0][1]) else []
    if len(words) > 2 or not tail.endswith(before.IS):
        return []
    joined = " ".join(_text(seen, words))
    if joined in OFFICES or seen.cased[slice(*words[0])].isupper():
        return []
    if len(words) == 2:
        return [] if people.place(joined) else words
    if people.stands(seen, words[0], FIRST_STOPS) or people.stands(seen, words[0], people.STOPS):
        return []
    # A nickname stands alone: `cháu là Bống, cháu …`.
    alone = _ALONE.match(seen.plain, words[0][1]) is not None and not people.place(joined)
    return words if people.stands(seen, words[0], given.GIVEN) or alone else []


def _signs(seen: Seen, words: Words, *, place: bool) -> bool:
    """A line of its own, not the first, on which only an office stands before the name and only details after it."""
    start, end = words[0][0], words[-1][1]
    line = seen.cased.rfind("\n", max(0, start - _LONGEST_OPENING), start) + 1
    opening = seen.cased[line:start]
    if not line or not _SIGNED.match(opening) or not _AFTER_SIGNED.match(seen.cased, end):
        return False
    if len(words) > 2:
        unsure = opening.strip() and not opening.rstrip().endswith((":", ",", ".", "-"))
        return not (place and (unsure or _ADDRESS.match(seen.plain, end)))
    return not place and not opening.strip(" -(0123456789.") and not _ADDRESS.match(seen.plain, end)
