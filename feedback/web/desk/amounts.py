"""Numbers as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from feedback.domain.proportions import Interval
from feedback.services import report
from feedback.web.language import chosen

NOTHING = "–"
PERCENT = "\u00a0%"
"""Never alone on the next line."""


def install(flask_app: Flask) -> None:
    for shown in (whole, decimal, share, hours, days, interval, points):
        flask_app.add_template_filter(shown)
    flask_app.add_template_global(only)


def whole(number: int) -> str:
    """43.484 in Vietnamese, 43,484 in English."""
    return f"{number:,}" if chosen() == "en" else f"{number:,}".replace(",", ".")


def decimal(number: float | None, places: int = 1) -> str:
    if number is None:
        return NOTHING
    written = f"{number:.{places}f}"
    return written if chosen() == "en" else written.replace(".", ",")


def share(value: float | None) -> str:
    """A share of 0 to 1 as "97,4 %"."""
    return NOTHING if value is None else f"{decimal(report.percent(value))}{PERCENT}"


def hours(seconds: float | None) -> str:
    return decimal(report.hours(seconds))


def days(seconds: float | None) -> str:
    return decimal(report.days(seconds))


def interval(value: Interval) -> str:
    """ "90,5–91,1 %"."""
    return "–".join(decimal(100 * end) for end in (value.low, value.high)) + PERCENT


def points(value: Interval) -> str:
    """A change in percentage points, with signs: "−1,2 … +0,4"."""
    return " … ".join(
        f"{'+' if end > 0 else '−' if end < 0 else ''}{decimal(abs(100 * end))}"
        for end in (value.low, value.high)
    )


def only(given: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The parts of an address that a link keeps."""
    return {name: given[name] for name in names if name in given}
