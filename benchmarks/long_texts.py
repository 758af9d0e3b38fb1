"""Texts as long as a message may be, in shapes that are hard on one step or another of reading a place."""

from __future__ import annotations

from collections.abc import Sequence

LENGTH = 50_000

_UNITS = {
    "one letter": "a",
    "blanks": " ",
    "commas": ", ",
    "combining marks": "e\u0302\u0301",
    "telex left-overs": "ddaay ",
    "level words": "phường quận số ",
    "names": "Minh Khai, Quang Trung, ",
    "names without accents": "xa dan phuong dong da hoang mai ",
    "house numbers": "số 12 ngõ 34/56/78 Láng, ",
    "addresses": "P. Nghĩa Tân, Q. Cầu Giấy, TP Hà Nội; ",
    "almost names": "nghia dan cau giai ba dih ",
}


def shapes(texts: Sequence[str], length: int = LENGTH) -> dict[str, str]:
    """Name of the shape → text of exactly `length` characters; `texts` are joined for the last one."""
    units = _UNITS | {"messages joined": " ".join(texts) + " "}
    return {name: (unit * (length // len(unit) + 1))[:length] for name, unit in units.items()}
