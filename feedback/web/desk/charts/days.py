"""Days below one another, midnight to midnight: what was counted, by whom; when the clock stood still; what was due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from markupsafe import Markup

from feedback.clock import HANOI
from feedback.web.desk.charts.shares import Words
from feedback.web.desk.charts.svg import WIDTH, Picture

_LEFT, _TOP, _ROW, _BAR, _SMALL = 54, 16, 17, 12, 6
_HOUR = (WIDTH - _LEFT) / 24
COLOURS = 6
"""Desks told apart by colour; further ones begin anew, the table names them all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval within a day. `css` names its colour."""

    start: datetime
    end: datetime
    css: str
    hint: str


@dataclass(frozen=True, slots=True)
class Flag:
    """An instant: a deadline, which has a `label`, or a step."""

    at: datetime
    hint: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One day, or, without bars, a sentence about days left out."""

    name: str
    bars: Sequence[Bar] = ()
    flags: Sequence[Flag] = ()
    skipped: str = ""


def draw(id: str, words: Words, rows: Sequence[Row]) -> Markup:
    """Height grows with the rows: the caller leaves out what says nothing."""
    picture = Picture(id, _TOP + _ROW * len(rows) + 4, words.title, words.description)
    for hour in (0, 6, 8, 12, 17, 24):
        picture.text(_LEFT + hour * _HOUR, 10, hour, "chart-soft", "end" if hour == 24 else "middle")
    for number, row in enumerate(rows):
        _row(picture, row, _TOP + number * _ROW)
    return picture.svg()


def _row(picture: Picture, row: Row, top: float) -> None:
    if row.skipped:
        picture.text(_LEFT, top + _BAR - 2, row.skipped, "chart-soft")
        return
    picture.text(0, top + _BAR - 2, row.name)
    picture.rect(_LEFT, top, 24 * _HOUR, _BAR, "day-ground")
    for bar in row.bars:
        left, right = _x(bar.start), _x(bar.end, closing=True)
        picture.rect(left, top, max(right - left, 0.5), _BAR, bar.css, bar.hint)
    for flag in row.flags:
        x = _x(flag.at)
        if flag.label:
            picture.rect(x - 0.75, top - 3, 1.5, _BAR + 6, "day-due", flag.hint)
            # In the free evening where there is room, so that it never lies on a bar.
            evening = x < _LEFT + 17.5 * _HOUR
            left = max(x, _LEFT + 17 * _HOUR) + 3 if evening else x - 3
            picture.text(left, top + _BAR - 2, flag.label, "day-label", "start" if evening else "end")
        else:
            picture.circle(x, top + _BAR, _SMALL / 3, "day-step", flag.hint)


def _x(moment: datetime, *, closing: bool = False) -> float:
    """Where an instant lies in its day; the midnight that closes a day stands at its right edge."""
    midnight = datetime.combine(moment.date(), time(0), HANOI)
    hours = (moment - midnight).total_seconds() / 3600
    return _LEFT + (24 if closing and not hours else hours) * _HOUR
