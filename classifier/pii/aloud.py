"""Names in lower case, as a transcript of speech or a hurried hand leaves them; these need a clear introduction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.pii import before, gates, given, people
from classifier.pii.found import Found
from classifier.pii.people import FIRST_STOPS, MIDDLES, MORE_MIDDLES, STOPS, STRONG, SURNAMES
from classifier.pii.seen import Seen

Words = list[tuple[int, int]]

_PRONOUN = r"(?:toi|em|minh|mk|chau|e|con|no|chu|me|bo|chong|vo|be|cau|ong|ba|anh|chi|bac|co|di|thay|tui)"
_INTRODUCED = re.compile(
    rf"(?<![a-z])(?:(?P<named>ten(?: {_PRONOUN})? la|{_PRONOUN} ten(?: la)?"
    r"|ho (?:va )?ten(?: la)?:?|chu (?:tk|tai khoan)|nguoi (?:gui|viet):)"
    rf"|(?P<bare>ten:?)|(?P<is>{_PRONOUN} la|la|ghi)|(?P<title>[a-z]+)) \Z"
)
_NAMED_ALOUD = re.compile(rf"(?<![a-z])(?:ten(?: {_PRONOUN})? la|(?P<who>{_PRONOUN}) ten(?: la)?) (?=[a-z])")
_SURE = re.compile(" (?:thi|van|a|seo) (?=[a-z])")
_LAST = re.compile("[a-z]{2,6}\\Z")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_NEXT = re.compile(r" ([a-z]+(?:'[a-z]+)?)(?![a-z0-9])")
# `có tên`, `thay tên` and `đi tên` introduce nobody.
_UNCLEAR = frozenset({"co", "thay", "di", "chi", "ba"})
# A part of a house or a class and its letter: `là tòa a`.
_PARTS = {
    plain: frozenset({plain, written})
    for plain, written in (
        ("toa", "tòa"),
        ("khu", "khu"),
        ("nha", "nhà"),
        ("lo", "lô"),
        ("can", "căn"),
        ("day", "dãy"),
        ("lop", "lớp"),
        ("nhom", "nhóm"),
        ("hang", "hạng"),
        ("loai", "loại"),
        ("bang", "bằng"),
        ("diem", "điểm"),
        ("block", "block"),
    )
}
# No introduction is longer.
_NEAR = 18
# As it is written, composed or not: `văn`, `thị`.
_WRITTEN = re.compile("v(?:ă|a\u0306)n |th(?:ị|i\u0323) | a | seo ")
_OFFICES = frozenset({"giao", "truong", "ho"})


def find(seen: Seen, gate: str) -> Iterator[Found]:
    """Whole names after titles and introductions, given names after `tên là`."""
    introduced = "ten" in seen.words or "ten:" in seen.words
    if introduced or gates.titled_name(gate):
        yield from _whole(seen, gates.surnames(gate))
    if introduced:
        yield from _given(seen)
    if (
        seen.accented
        and (gates.strong_name(gate) or gates.unknown_surname(gate))
        and _WRITTEN.search(seen.original)
    ):
        yield from _unannounced(seen)


def _unannounced(seen: Seen) -> Iterator[Found]:
    """`tôi nguyễn văn an`, `gặp trần thị mơ`: with such a middle name it is a person, or a road or a school."""
    end = 0
    for match in _SURE.finditer(seen.plain):
        last = _LAST.search(seen.plain, max(0, match.start() - 7), match.start())
        if last is None:
            continue
        surname = last.span()
        if surname[0] < end:
            continue
        ahead = seen.plain[max(0, surname[0] - before.REACH) : surname[0]]
        if last[0] not in STRONG:
            yield from _strange(seen, surname, ahead)
            continue
        if seen.cased[surname[0]].isupper() or before.road(before.tail(ahead)) or before.of_a_firm(ahead):
            continue
        words = _extent(seen, surname)
        end = words[-1][1]
        if len(words) < 3 or not all(map(people.stands, [seen] * 2, words, (STRONG, MIDDLES))):
            continue
        if not people.place(" ".join(seen.plain[slice(*word)] for word in words)):
            yield Found("name", *seen.span(words[0][0], words[-1][1]))


def _strange(seen: Seen, surname: tuple[int, int], ahead: str) -> Iterator[Found]:
    """`tôi là mè văn phúm`: a surname that no list has, by its middle name and its introduction."""
    if seen.plain[slice(*surname)] != "la" and people.stands(seen, surname, SURNAMES):
        # `_whole` reads these.
        return
    introduced = _INTRODUCED.search(ahead[-_NEAR:])
    refused = (STOPS, FIRST_STOPS, people.TITLES, _PARTS)
    if (
        introduced is None
        or seen.cased[surname[0]].isupper()
        or any(people.stands(seen, surname, each) for each in refused)
    ):
        return
    if (
        surname[0] + 1 < surname[1]
        and seen.plain[surname[1] + 1 : surname[1] + 3] in ("a ", "se")
        and not (introduced["named"] or (introduced["is"] or "la") not in ("la", "ghi"))
    ):
        return
    if introduced["title"] and not people.titled(
        seen, (surname[0] - 1 - len(introduced["title"]), surname[0] - 1)
    ):
        return
    words = _extent(seen, surname)
    if len(words) > 2 and people.stands(seen, words[1], people.ONLY_NAMES):
        yield Found("name", *seen.span(words[0][0], words[-1][1]))


def _whole(seen: Seen, places: list[int]) -> Iterator[Found]:
    """`ông nguyễn văn an`, `tôi là trần thị mơ`."""
    for _, surname in given.pairs(seen, places):
        if seen.cased[surname[0]].isupper() or not people.stands(seen, surname, SURNAMES):
            continue
        introduced = _INTRODUCED.search(seen.plain[max(0, surname[0] - before.REACH) : surname[0]])
        if introduced is None:
            continue
        words = _extent(seen, surname)
        if _enough(seen, introduced, words):
            yield Found("name", *seen.span(words[0][0], words[-1][1]))


def _enough(seen: Seen, introduced: re.Match[str], words: Words) -> bool:
    """How much of a name must stand there depends on what announced it."""
    strong = people.stands(seen, words[0], STRONG)
    sure = len(words) > 2 and people.stands(seen, words[1], MIDDLES) and (strong or seen.accented)
    middle = len(words) > 2 and strong and people.stands(seen, words[1], MORE_MIDDLES)
    if introduced["named"] or introduced["bare"]:
        plausible = introduced["named"] is not None and not people.stands(seen, words[0], FIRST_STOPS)
        return len(words) > 1 and (strong or sure or plausible)
    hill = len(words) > 2 and seen.accented and people.stands(seen, words[1], people.HILL_MIDDLES)
    listed = len(words) > 2 and seen.accented and _listed(seen, words)
    if introduced["is"]:
        return sure or middle or hill or listed
    if introduced["title"] == "toi":
        return sure or (listed and (strong or people.stands(seen, words[2], given.GIVEN)))
    end = words[0][0] - 1
    known = people.titled(seen, (end - len(introduced["title"]), end))
    if known and strong and seen.accented and len(words) == 2 and people.stands(seen, words[1], given.GIVEN):
        return not people.place(seen.plain[words[0][0] : words[1][1]])
    if introduced["title"] == "ho":
        return sure or listed
    return (known or introduced["title"] in _OFFICES) and (sure or (middle and known))


def _listed(seen: Seen, words: Words) -> bool:
    """Surname, middle name and given name are all known."""
    tables = (SURNAMES, MORE_MIDDLES, given.ALL)
    lower = seen.cased[words[0][0] : words[2][1]].islower()
    return lower and all(map(people.stands, [seen] * 3, words, tables))


def _extent(seen: Seen, surname: tuple[int, int]) -> Words:
    """The words of a name in lower case: at most four, up to a word that never stands in one."""
    words = [surname]
    while len(words) < 4:
        match = _NEXT.match(seen.plain, words[-1][1])
        if match is None or not _continues(seen, words, match.span(1)):
            break
        if len(words) == 3 and _complete(seen, words, match.span(1)):
            break
        if len(words) > 1 and given.another_word(seen, match.span(1)):
            break
        words.append(match.span(1))
    return words


def _complete(seen: Seen, words: Words, word: tuple[int, int]) -> bool:
    """True when three words are a whole name and a fourth is none that people have."""
    if people.stands(seen, words[1], MIDDLES) and people.stands(seen, words[2], MORE_MIDDLES):
        return False
    return people.stands(seen, words[2], given.ALL) and not people.stands(seen, word, given.ALL)


def _continues(seen: Seen, words: Words, word: tuple[int, int]) -> bool:
    """False when the next word cannot belong to the name."""
    if not people.stands(seen, word, STOPS):
        return True
    text = seen.plain[slice(*word)]
    if len(words) == 2 and seen.accented and people.stands(seen, words[1], people.ONLY_NAMES):
        # Nobody is called `nguyễn thị` alone: `nguyễn thị sáu`, `nguyễn thị thu hằng`.
        return people.stands(seen, word, given.ALL)
    if len(words) == 1:
        return (not seen.accented and people.stands(seen, words[0], STRONG)) or people.stands(
            seen, word, MORE_MIDDLES
        )
    if not seen.accented and (
        (len(words) == 2 and people.stands(seen, words[1], MIDDLES)) or text in people.SOFT
    ):
        return True
    following = _NEXT.match(seen.plain, word[1])
    # `nguyễn xuân trường tổ trưởng`: another word elsewhere, here the name itself.
    last = len(words) == 2 and seen.accented and people.stands(seen, word, given.ALL)
    last = last and people.stands(seen, words[1], MORE_MIDDLES)
    # `nguyễn thị bé ba`, `tạ thị út em`.
    last = last or (
        len(words) == 3 and seen.written(*words[2]) in ("bé", "út") and people.stands(seen, word, given.ALL)
    )
    return (last or text in people.DOUBTFUL) and (
        following is None or people.stands(seen, following.span(1), STOPS)
    )


def _given(seen: Seen) -> Iterator[Found]:
    """`tên là nhâm`, `em tên hoa`: one or two words after the introduction."""
    for match in _NAMED_ALOUD.finditer(seen.plain):
        first = _WORD.match(seen.cased, match.end())
        if (
            first is None
            or first[0][0].isupper()
            or (match["who"] in _UNCLEAR and not (seen.accented and people.titled(seen, match.span("who"))))
            or (
                not match["who"]
                and before.of_a_firm(seen.plain[max(0, match.start() - before.REACH) : match.start()])
            )
        ):
            continue
        soft = not seen.accented and first[0] in people.SOFT
        stopped = people.stands(seen, first.span(), STOPS) and not soft
        words = [first.span()] if stopped else _extent(seen, first.span())
        whole = people.stands(seen, first.span(), STRONG) and len(words) > 1
        refused = stopped or people.stands(seen, first.span(), FIRST_STOPS)
        if whole or (refused and not given.introduced(seen, first.span(), match["who"] or "")):
            continue
        name = words if len(words) < 3 else words[:1]
        if len(words) == 2 and seen.plain[slice(*words[1])] == match["who"]:
            # `anh tên tiến anh ở …`: the second word begins the next sentence.
            name = words[:1]
        yield Found("name", *seen.span(name[0][0], name[-1][1]))
