"""One round of an explanation as a picture: a row for each day that says something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from markupsafe import Markup

from feedback.clock import in_hanoi
from feedback.domain.explanation import RoundTold
from feedback.domain.terms import Part
from feedback.domain.timeline import How, Interval
from feedback.services.explain import Explanation
from feedback.web.desk import told_minutes, words
from feedback.web.desk.charts import days
from feedback.web.desk.charts.days import Bar, Flag, Row
from feedback.web.desk.charts.shares import Words
from feedback.web.desk.pictures import DAYS
from feedback.web.desk.told_minutes import PARTS, Tones, clock_of, exactly, stretch_of, why_off
from feedback.web.language import gettext

MOST_ROWS = 40
"""Days drawn; of longer stories the first and the last."""


def picture(found: Explanation, told: RoundTold) -> Markup:
    tones, flags = told_minutes.tones_of(found), _flags(found, told)
    by_day = {day: list(parts) for day, parts in groupby(told.timeline.intervals, lambda part: part.day)}
    rows = [
        Row("", skipped=gettext("… %(number)s ngày", number=day))
        if isinstance(day, int)
        else Row(
            f"{DAYS[day.weekday()]} {day:%d/%m}",
            [_bar(found, part, tones) for part in by_day.get(day, ())],
            [flag for flag in flags if flag.at.date() == day],
        )
        for day in _days(by_day, {flag.at.date() for flag in flags if flag.label})
    ]
    said = Words(
        gettext("Thời gian theo ngày"),
        gettext("Mỗi hàng một ngày, từ 0 đến 24 giờ. Bảng bên dưới nói cùng một điều bằng chữ."),
    )
    return days.draw(f"days-{told.number}", said, rows)


def _days(by_day: Mapping[date, Sequence[Interval]], marked: set[date]) -> Iterator[date | int]:
    """Days on which something ran or was due; a number stands for so many others between two of them."""
    running = {day for day, parts in by_day.items() if any(part.how is not How.OFF for part in parts)}
    shown = sorted(running | marked)
    if len(shown) > MOST_ROWS:
        shown = [*shown[: MOST_ROWS // 2], *shown[-MOST_ROWS // 2 :]]
    yield from shown[:1]
    for before, day in pairwise(shown):
        if (day - before).days > 1:
            yield (day - before).days - 1
        yield day


def _bar(found: Explanation, part: Interval, tones: Tones) -> Bar:
    if part.how is How.OFF:
        return Bar(part.start, part.end, "hold-off", f"{clock_of(part)} {why_off(part)}")
    stretch = stretch_of(found, part, tones)
    hint = " ".join(filter(None, (stretch.clock, stretch.what, stretch.holder)))
    return Bar(part.start, part.end, stretch.tone, hint)


def _flags(found: Explanation, told: RoundTold) -> list[Flag]:
    dues = [
        Flag(
            in_hanoi(one.due),
            f"{PARTS[one.part]}: {exactly(one.due)}",
            gettext("hạn tiếp nhận") if one.part is Part.RECEIVE else gettext("hạn trả lời"),
        )
        for one in told.deadlines
    ]
    steps = [
        Flag(in_hanoi(stage.at), f"{exactly(stage.at)} {words.EVENTS.get(stage.event.action, '')}")
        for stage in found.history.stages
        if told.start <= stage.at <= told.until
    ]
    return [*dues, *steps]
