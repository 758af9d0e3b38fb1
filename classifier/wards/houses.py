"""House numbers: which one the writer named before a street, and in which unit it lies."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from classifier.normalise import Folded, fold_key
from classifier.wards.tables import NumberRow, TableFault

_WINDOW = 56
_STREET = r"(?:[ ,.]*(?:mat pho|pho|duong|dai lo|d\.|p\.))?[ ,.]*$"
_HOUSE = r"(?:(?<![a-z])(so nha|nha so|so|sn|ngo|ngach|hem|kiet)[ .:]*)?"
_DIGITS = re.compile(_HOUSE + r"(?<![\d/.,a-z])(\d{1,4})[a-z]?((?:[/-]\d{1,4}[a-z]?)*)" + _STREET)
_AFTER = re.compile(r"[ ,]{1,2}(?:so nha|so|sn)[ .:]*(\d{1,4})(?![\d/])")
_VALUES = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_SAID = re.compile(
    rf"{_HOUSE}((?<![a-z])(?:(?:{'|'.join(_VALUES)}|muoi|tram|cham|nghin|ngan|linh|le) )+)(?:(?:pho|duong) )?$"
)


def number_near(folded: Folded, start: int, end: int) -> tuple[int, ...]:
    """The house or alley number named with the street at folded `start`–`end`; several when the writing leaves it open."""
    begin = max(0, start - _WINDOW)
    found = _DIGITS.search(folded.text, begin, start)
    if found is not None:
        return _written(found.group(1) or "", found.group(2), found.group(3))
    said = _SAID.search(folded.text, begin, start)
    if said is not None:
        words = said.group(2).split()
        # One bare word is rather part of a name: ngã ba Thái Hà.
        if said.group(1) or len(words) > 1:
            return (spoken_number(words),)
    behind = _AFTER.match(folded.text, end, end + 16)
    return (int(behind.group(1)),) if behind is not None else ()


def _written(kind: str, first: str, more: str) -> tuple[int, ...]:
    """`94/12`: after ngõ the first part is the alley; otherwise either end may be."""
    parts = [int(first), *(int(part) for part in re.findall(r"\d+", more) if "/" in more)]
    if len(parts) == 1 or kind == "ngo":
        return (parts[0],)
    return tuple(dict.fromkeys((parts[0], parts[-1])))


def spoken_number(words: Sequence[str]) -> int:
    """Folded number words as a number: `mot sau lam` → 165, `chin muoi tu` → 94, `mot tram hai sau` → 126."""
    words = ["tram" if word == "cham" else word for word in words]
    for thousand in ("nghin", "ngan"):
        if thousand in words:
            at = words.index(thousand)
            return (_joined(words[:at]) or 1) * 1000 + spoken_number(words[at + 1 :])
    if "tram" not in words:
        return _tens(words)
    at = words.index("tram")
    rest = [word for word in words[at + 1 :] if word not in ("linh", "le")]
    tail = _tens(rest)
    if len(rest) == 1 and len(rest) == len(words) - at - 1 and rest[0] != "muoi":
        tail *= 10
    return (_joined(words[:at]) or 1) * 100 + tail


def _tens(words: Sequence[str]) -> int:
    if "muoi" not in words:
        return _joined(words)
    at = words.index("muoi")
    return (_joined(words[:at]) or 1) * 10 + _joined(words[at + 1 :])


def _joined(words: Sequence[str]) -> int:
    digits = "".join(str(_VALUES[word]) for word in words if word in _VALUES)
    return int(digits[:6]) if digits else 0


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    last: int
    codes: tuple[str, ...]
    confidence: float


# Two known numbers of one side in the same unit: what lies between them does too, unless the street leaves and comes back.
_BETWEEN = 0.93
_ACROSS = 0.85
_BEYOND = 0.85
_NEAR = 30


class Houses:
    """Known house numbers by street; immutable after building."""

    def __init__(self, rows: Sequence[NumberRow], codes: Callable[[str], tuple[str, ...]]) -> None:
        self._sides: dict[str, dict[int, list[_Range]]] = {}
        for row in rows:
            where = tuple(dict.fromkeys(code for part in row.units for code in codes(part)))
            known = _Range(row.first, row.last, where, row.confidence)
            for parity in {"odd": (1,), "even": (0,), "both": (0, 1)}[row.side]:
                self._sides.setdefault(fold_key(row.street), {}).setdefault(parity, []).append(known)
        for sides in self._sides.values():
            for ranges in sides.values():
                ranges.sort(key=lambda each: (each.first, each.last))

    def __contains__(self, street: str) -> bool:
        return fold_key(street) in self._sides

    def locate(self, street: str, numbers: Sequence[int]) -> tuple[tuple[str, ...], float] | None:
        """Units of a number and how sure that is; None when nothing is known or the possible numbers disagree."""
        sides = self._sides.get(fold_key(street))
        if sides is None or not numbers:
            return None
        found = [_locate(sides, number) for number in numbers]
        first = found[0]
        if first is None or any(each is None or each[0] != first[0] for each in found):
            return None
        return first

    def overlaps(self) -> list[str]:
        """Contradictions: one number of one street in two places."""
        faults = []
        for street, sides in self._sides.items():
            for ranges in sides.values():
                for left, right in combinations(ranges, 2):
                    if right.first <= left.last and not set(left.codes) & set(right.codes):
                        faults.append(f"number {right.first} of {street} lies in two places")
        return list(dict.fromkeys(faults))


def _locate(sides: dict[int, list[_Range]], number: int) -> tuple[tuple[str, ...], float] | None:
    own = _on_side(sides.get(number % 2, ()), number)
    if own is not None:
        return own
    other = _on_side(sides.get(1 - number % 2, ()), number)
    return None if other is None else (other[0], other[1] * _ACROSS)


def _on_side(ranges: Sequence[_Range], number: int) -> tuple[tuple[str, ...], float] | None:
    inside = [each for each in ranges if each.first <= number <= each.last]
    if inside:
        best = min(inside, key=lambda each: (each.last - each.first, -each.confidence))
        return best.codes, best.confidence
    below = max((each for each in ranges if each.last < number), key=lambda each: each.last, default=None)
    above = min((each for each in ranges if each.first > number), key=lambda each: each.first, default=None)
    if below is not None and above is not None:
        if below.codes != above.codes:
            return _nearer(below, above, number)
        return below.codes, _BETWEEN * min(below.confidence, above.confidence)
    return _beyond(below or above, number)


def _nearer(below: _Range, above: _Range, number: int) -> tuple[tuple[str, ...], float] | None:
    """Between two units: the nearer known number wins when the other is at least four times as far away."""
    down, up = number - below.last, above.first - number
    near = below if down <= up else above
    if 4 * min(down, up) > max(down, up):
        return None
    return near.codes, _BEYOND * near.confidence


def _beyond(edge: _Range | None, number: int) -> tuple[tuple[str, ...], float] | None:
    if edge is None or min(abs(number - edge.first), abs(number - edge.last)) > _NEAR:
        return None
    return edge.codes, _BEYOND * edge.confidence


def build(rows: Sequence[NumberRow], codes: Callable[[str], tuple[str, ...]], streets: set[str]) -> Houses:
    """The index; raises TableFault when a row names a street that is in no table."""
    for row in rows:
        if row.street not in streets:
            raise TableFault(f"numbers: no street is called {row.street!r}")
    return Houses(rows, codes)
