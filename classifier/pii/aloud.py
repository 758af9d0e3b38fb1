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
_TWO_WORDS = re.compile(r"(?<![a-z])([a-z]+)[ :]+(?=([a-z]{1,7}) [a-z])")
_NAMED_ALOUD = re.compile(rf"(?<![a-z])(?:ten(?: {_PRONOUN})? la|(?P<who>{_PRONOUN}) ten(?: la)?) (?=[a-z])")
_SURE = re.compile(" (?:thi|van) (?=[a-z])")
_LAST = re.compile("[a-z]{2,6}\\Z")
_WORD = re.compile(r"[A-Za-z]+")
_NEXT = re.compile(r" ([a-z]+)(?![a-z0-9])")
# `có tên`, `thay tên` and `đi tên` introduce nobody.
_UNCLEAR = frozenset({"co", "thay", "di", "chi", "ba"})
_OFFICES = frozenset({"giao", "truong", "ho"})


def find(seen: Seen, gate: str) -> Iterator[Found]:
    """Whole names after titles and introductions, given names after `tên là`."""
    introduced = "ten" in seen.words or "ten:" in seen.words
    if introduced or gates.titled_name(gate):
        yield from _whole(seen)
    if introduced:
        yield from _given(seen)
    if gates.strong_name(gate) and seen.accented:
        yield from _unannounced(seen)


def _unannounced(seen: Seen) -> Iterator[Found]:
    """`tôi nguyễn văn an`, `gặp trần thị mơ`: with such a middle name it is a person, or a road or a school."""
    for match in _SURE.finditer(seen.plain):
        last = _LAST.search(seen.plain, max(0, match.start() - 7), match.start())
        if last is None or last[0] not in STRONG:
            continue
        surname = last.span()
        ahead = seen.plain[max(0, surname[0] - before.REACH) : surname[0]]
        if seen.cased[surname[0]].isupper() or before.road(before.tail(ahead)) or before.of_a_firm(ahead):
            continue
        words = _extent(seen, surname)
        if len(words) < 3 or not all(map(people.stands, [seen] * 3, words, (STRONG, MIDDLES, given.ANY))):
            continue
        if not people.place(" ".join(seen.plain[slice(*word)] for word in words)):
            yield Found("name", *seen.span(words[0][0], words[-1][1]))


def _whole(seen: Seen) -> Iterator[Found]:
    """`ông nguyễn văn an`, `tôi là trần thị mơ`."""
    for match in _TWO_WORDS.finditer(seen.plain):
        if match[2] not in SURNAMES or match[1] not in gates.AHEAD or match[2] == "la":
            continue
        surname = match.span(2)
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
    if introduced["is"]:
        return sure or middle
    end = words[0][0] - 1
    known = people.titled(seen, (end - len(introduced["title"]), end))
    if known and strong and seen.accented and len(words) == 2 and people.stands(seen, words[1], given.GIVEN):
        return not people.place(seen.plain[words[0][0] : words[1][1]])
    return (known or introduced["title"] in _OFFICES) and (sure or (middle and known))


def _extent(seen: Seen, surname: tuple[int, int]) -> Words:
    """The words of a name in lower case: at most four, up to a word that never stands in one."""
    words = [surname]
    while len(words) < 4:
        match = _NEXT.match(seen.plain, words[-1][1])
        if match is None or not _continues(seen, words, match.span(1)):
            break
        if len(words) == 3 and _complete(seen, words, match.span(1)):
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
    if len(words) == 2 and seen.accented and people.stands(seen, words[1], MIDDLES):
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
            or (match["who"] in _UNCLEAR and not people.titled(seen, match.span("who")))
            or before.of_a_firm(seen.plain[max(0, match.start() - before.REACH) : match.start()])
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
