"""Numbers as the reader's language writes them."""

from __future__ import annotations

from flask import Flask

from feedback.domain.proportions import Interval
from feedback.services import report
from feedback.web.language import chosen

NOTHING = "–"


def install(flask_app: Flask) -> None:
    for shown in (whole, decimal, share, hours, days, interval):
        flask_app.add_template_filter(shown)


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
    return NOTHING if value is None else f"{decimal(report.percent(value))} %"


def hours(seconds: float | None) -> str:
    return decimal(report.hours(seconds))


def days(seconds: float | None) -> str:
    return decimal(report.days(seconds))


def interval(value: Interval, signed: bool = False) -> str:
    """ "90,5–91,1"; a change has signs and percentage points."""
    ends = (100 * value.low, 100 * value.high)
    if signed:
        return " … ".join(f"{'+' if end > 0 else '−' if end < 0 else ''}{decimal(abs(end))}" for end in ends)
    return "–".join(decimal(end) for end in ends)
