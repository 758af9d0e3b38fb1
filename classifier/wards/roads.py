"""How a numbered road is written or said: `Quốc lộ 21B`, `QL21B`, `ql 21 b`, `quốc lộ hai mốt bê`."""

from __future__ import annotations

import re

_ROAD = re.compile(r"(Quốc lộ|Tỉnh lộ) (\d+)([A-Z]?)(.*)")
_SHORT = {"Quốc lộ": ("QL",), "Tỉnh lộ": ("TL", "ĐT")}
_LONG = {"Quốc lộ": ("quốc lộ",), "Tỉnh lộ": ("tỉnh lộ", "đường tỉnh", "đường")}
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_LETTERS = {"": ("",), "A": (" a",), "B": (" b", " bê")}


def road_forms(name: str) -> tuple[str, ...]:
    """Other written and spoken forms of a numbered road; nothing for any other name."""
    found = _ROAD.fullmatch(name)
    if found is None:
        return ()
    kind, number, letter, rest = found.groups()
    forms = [
        f"{short}{gap}{number}{letter}{rest}" for short in _SHORT[kind] for gap in ("", " ", ".", ". ", "-")
    ]
    for long in _LONG[kind]:
        forms += [f"{long} {number}{letter}{rest}", f"{long} {number} {letter}{rest}" if letter else ""]
        forms += [
            f"{long} {said}{tail}{rest}"
            for said in said_numbers(number)
            for tail in _LETTERS.get(letter, ("",))
        ]
    return tuple(dict.fromkeys(form for form in forms if form and form != name))


def said_numbers(number: str) -> tuple[str, ...]:
    """Words for a number as people say roads: digit by digit, and by tens and hundreds."""
    digits = [int(digit) for digit in number]
    said = [" ".join(_DIGITS[digit] for digit in digits)]
    if len(digits) > 1 and digits[-2] > 1:
        hundred = [_DIGITS[digits[0]], "trăm"] if len(digits) == 3 else []
        tens, unit = _DIGITS[digits[-2]], _UNIT_AFTER_TENS.get(digits[-1], _DIGITS[digits[-1]])
        said += [" ".join([*hundred, tens, unit]), " ".join([*hundred, tens, "mươi", unit])]
        if len(digits) == 3:
            said.append(" ".join([_DIGITS[digits[0]], tens, unit]))
    return tuple(dict.fromkeys(said))


_UNIT_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
