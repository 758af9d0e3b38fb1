"""The on-time share over time, and each ward's share with what chance leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feedback.domain.proportions import Count, Interval, Limits, wilson
from feedback.web.desk.charts.scale import Scale, count_ticks, floor_of_shares, share_ticks
from feedback.web.desk.charts.svg import WIDTH, Picture

_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 10, 24
ROW_WIDTH, ROW_HEIGHT = 240, 16


@dataclass(frozen=True, slots=True)
class Words:
    """What stands at and behind a picture, in the language of the page."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of a line. `complete`: nothing of it is still within its term."""

    start: date
    count: Count
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """A ward in the funnel."""

    name: str
    count: Count


def over_time(id: str, words: Words, marks: Sequence[Mark], whole: float, height: float = 200) -> Markup:
    """A line with its 95 % band; `whole` is the share of all, drawn across. At least one mark has a judged ticket.

    Steps without a judged ticket are left out; those that are not complete have a hollow dot.
    """
    known = [mark for mark in marks if mark.count.of]
    bands = [wilson(mark.count) for mark in known]
    picture = Picture(id, height, words.title, words.description)
    low = floor_of_shares(band.low for band in bands)
    y = Scale(low, 1, height - _BOTTOM, _TOP)
    _share_axis(picture, low, y)
    x = Scale(known[0].start.toordinal(), known[-1].start.toordinal(), _LEFT + 6, WIDTH - _RIGHT - 6)
    at = [x(mark.start.toordinal()) for mark in known]
    _band(picture, at, [y(band.low) for band in bands], [y(band.high) for band in bands])
    picture.line(_LEFT, y(whole), WIDTH - _RIGHT, y(whole), "chart-middle")
    line = [(place, y(mark.count.share)) for place, mark in zip(at, known, strict=True)]
    picture.polyline(line, "chart-line")
    for (left, top), mark in zip(line, known, strict=True):
        hint = f"{mark.start:%d/%m/%Y}: {mark.count.hits}/{mark.count.of}"
        picture.circle(left, top, 2.5, "chart-dot" if mark.complete else "chart-dot chart-hollow", hint)
    _date_axis(picture, [mark.start for mark in known], at, height)
    return picture.svg()


def whisker(interval: Interval, share: float, low: float, city: float, words: Words, id: str) -> Markup:
    """One ward's share as a dot on its interval, beside the share of the city; a row of a table."""
    picture = Picture(id, ROW_HEIGHT, words.title, words.description, width=ROW_WIDTH)
    x = Scale(low, 1, 4, ROW_WIDTH - 4)
    middle = ROW_HEIGHT / 2
    picture.line(x(city), 0, x(city), ROW_HEIGHT, "chart-middle")
    picture.line(x(interval.low), middle, x(interval.high), middle, "chart-whisker")
    side = "good" if interval.low > city else "bad" if interval.high < city else "plain"
    picture.circle(x(share), middle, 4, f"chart-dot chart-{side}")
    return picture.svg()


def whisker_axis(low: float) -> Markup:
    """The scale above a column of whiskers; the numbers are in the table, so it says nothing to a screen reader."""
    picture = Picture("axis", ROW_HEIGHT, "", "", width=ROW_WIDTH)
    x = Scale(low, 1, 4, ROW_WIDTH - 4)
    for tick in share_ticks(low):
        anchor = "start" if tick <= low else "end" if tick >= 1 else "middle"
        picture.text(
            x(tick) + {"start": -4, "end": 4}.get(anchor, 0), 12, f"{100 * tick:.0f} %", anchor=anchor
        )
    return Markup('<span aria-hidden="true">{}</span>').format(picture.svg())


def funnel(
    id: str, words: Words, dots: Sequence[Dot], limits: Sequence[Limits], city: float, across: str
) -> Markup:
    """Shares against numbers of judged tickets; beyond the outer lines it is not chance alone."""
    height = 240.0
    picture = Picture(id, height, words.title, words.description)
    sizes = [dot.count.of for dot in dots]
    low = floor_of_shares([*(dot.count.share for dot in dots), city])
    ticks = count_ticks(max(sizes))
    x = Scale(0, ticks[-1], _LEFT, WIDTH - _RIGHT - 4)
    y = Scale(low, 1, height - _BOTTOM - 12, _TOP)
    _share_axis(picture, low, y)
    for tick in ticks:
        picture.text(x(tick), height - _BOTTOM + 2, tick, anchor="middle" if tick else "start")
    picture.text(WIDTH - _RIGHT, height - 4, across, "chart-soft", "end")
    for name in ("outer", "inner"):
        for end in ("low", "high"):
            line = [(x(one.of), y(getattr(getattr(one, name), end))) for one in limits]
            picture.polyline(line, f"chart-limit chart-limit-{name}")
    picture.line(_LEFT, y(city), WIDTH - _RIGHT, y(city), "chart-middle")
    for dot in dots:
        hint = f"{dot.name}: {dot.count.hits}/{dot.count.of}"
        picture.circle(x(dot.count.of), y(dot.count.share), 3, "chart-dot chart-open", hint)
    return picture.svg()


def _share_axis(picture: Picture, low: float, y: Scale) -> None:
    for tick in share_ticks(low):
        picture.line(_LEFT, y(tick), WIDTH - _RIGHT, y(tick), "chart-grid")
        picture.text(_LEFT - 4, y(tick) + 4, f"{100 * tick:.0f} %", anchor="end")


def _band(picture: Picture, at: Sequence[float], low: Sequence[float], high: Sequence[float]) -> None:
    if len(at) == 1:
        picture.line(at[0], low[0], at[0], high[0], "chart-whisker")
        return
    upper, lower = list(zip(at, high, strict=True)), list(zip(at, low, strict=True))
    picture.polygon([*upper, *lower[::-1]], "chart-band")


def _date_axis(picture: Picture, days: Sequence[date], at: Sequence[float], height: float) -> None:
    """First and last day, and one between where there is room."""
    wanted = {0: "start", len(days) - 1: "end"} if len(days) > 1 else {0: "start"}
    if len(days) > 4:
        wanted[len(days) // 2] = "middle"
    pattern = "%d/%m" if (days[-1] - days[0]).days <= 300 else "%m/%Y"
    for place, anchor in wanted.items():
        picture.text(at[place], height - 8, days[place].strftime(pattern), anchor=anchor)
