"""How many: first answers by working hours, receipts by weekday and hour."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from feedback.store.queries.spread import Bin
from feedback.web.desk.charts.scale import Scale, count_ticks
from feedback.web.desk.charts.shares import Words
from feedback.web.desk.charts.svg import WIDTH, Picture

_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 10, 32
_CELL, _GAP = 11, 1
SHADES = 6
"""Steps of the heat map, zero being empty."""


def histogram(id: str, words: Words, bins: Sequence[Bin], across: str) -> Markup:
    """Stacked bars: on time below, late above it."""
    height = 220.0
    picture = Picture(id, height, words.title, words.description)
    ticks = count_ticks(max(one.on_time + one.late for one in bins))
    y = Scale(0, ticks[-1], height - _BOTTOM, _TOP)
    for tick in ticks:
        picture.line(_LEFT, y(tick), WIDTH - _RIGHT, y(tick), "chart-grid")
        picture.text(_LEFT - 4, y(tick) + 4, tick, anchor="end")
    width = (WIDTH - _LEFT - _RIGHT) / len(bins)
    for place, one in enumerate(bins):
        left, top = _LEFT + place * width + 1, y(one.on_time)
        hint = f"{one.hours}+: {one.on_time} + {one.late}"
        picture.rect(left, top, width - 2, y(0) - top, "chart-on-time", hint)
        picture.rect(
            left, y(one.on_time + one.late), width - 2, top - y(one.on_time + one.late), "chart-late", hint
        )
        if place % 3 == 0:
            last = place == len(bins) - 1
            picture.text(left, height - _BOTTOM + 13, f"{one.hours}+" if last else one.hours)
    picture.text(WIDTH - _RIGHT, height - 4, across, "chart-soft", "end")
    return picture.svg()


def heat(id: str, words: Words, week: Sequence[Sequence[int]], days: Sequence[str]) -> Markup:
    """Seven rows of twenty-four hours; the darker, the more."""
    height = 7 * (_CELL + _GAP) + 24
    picture = Picture(id, height, words.title, words.description)
    most = max(max(row) for row in week)
    for number, (row, name) in enumerate(zip(week, days, strict=True)):
        top = number * (_CELL + _GAP)
        picture.text(0, top + _CELL - 2, name)
        for hour, count in enumerate(row):
            hint = f"{name} {hour}:00: {count}"
            picture.rect(
                30 + hour * (_CELL + _GAP), top, _CELL, _CELL, f"chart-heat-{shade(count, most)}", hint
            )
    for hour in (0, 6, 12, 18, 23):
        picture.text(30 + hour * (_CELL + _GAP) + _CELL / 2, height - 6, hour, anchor="middle")
    return picture.svg()


def shade(count: int, most: int) -> int:
    """0 for nothing, else 1 to `SHADES` - 1 in equal steps up to `most`."""
    return 1 + (SHADES - 2) * count // most if count else 0
