"""Personal data in a citizen's own words: where it stands (`find`), and the text without it (`mask`).

Found are numbers, addresses of mail, plates and the names of people; what stays are the names of streets and schools,
public hotlines, dates, sums and the numbers of documents, because a report is about them. Law 91/2025/QH15, article 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.pii import aloud, gates, given, marks, names, numbers, spoken
from classifier.pii.found import KINDS, PLACEHOLDERS, Found
from classifier.pii.seen import Seen, see

__all__ = ["KINDS", "PLACEHOLDERS", "Found", "find", "mask"]

# What a mask leaves beside it can be told better the second time; no honest text needs more than two.
_MOST_PASSES = 8
_FOUR_DIGITS = re.compile(r"[0-9](?:[ .\-()_o]{0,8}[0-9]){3}")


def find(text: str) -> tuple[Found, ...]:
    """Every piece of personal data, in order and without overlaps; total for any string, linear in its length."""
    return _sorted_out(len(text), _candidates(see(text)))


def mask(text: str) -> str:
    """`text` with every piece replaced by its placeholder (`[số điện thoại]`); masking again changes nothing."""
    for _ in range(_MOST_PASSES):
        found = find(text)
        if not found:
            break
        text = _replaced(text, found)
    return text


def _replaced(text: str, found: tuple[Found, ...]) -> str:
    parts = []
    at = 0
    for each in found:
        parts += [text[at : each.start], PLACEHOLDERS[each.kind]]
        at = each.end
    return "".join([*parts, text[at:]])


def _candidates(seen: Seen) -> Iterator[Found]:
    """From the surest to the least sure; each detector only where its cheapest sign is."""
    if "@" in seen.plain or " a " in seen.plain:
        yield from marks.emails(seen)
    signs = gates.gate(seen)
    said = gates.said_digits(signs)
    if said or gates.said_plate(signs):
        yield from spoken.plates(seen)
    if _FOUR_DIGITS.search(seen.plain):
        yield from marks.cards(seen)
        yield from marks.plates(seen)
        yield from numbers.typed(seen)
    if said:
        yield from spoken.numbers(seen)
    yield from names.find(seen)
    yield from aloud.find(seen, signs)
    yield from given.find(seen, gates.given_names(signs))


def _sorted_out(length: int, candidates: Iterator[Found]) -> tuple[Found, ...]:
    """The first claim on a stretch wins."""
    kept: list[Found] = []
    taken = bytearray(length)
    for each in candidates:
        if taken.find(1, each.start, each.end) < 0:
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
            kept.append(each)
    return tuple(sorted(kept, key=lambda found: found.start))
