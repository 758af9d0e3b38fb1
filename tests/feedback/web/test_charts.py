"""Pictures as markup: escaped, described, inside their frame, and the same for little as for much."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from feedback.domain.proportions import Count, funnel, wilson
from feedback.store.queries.spread import BIN_HOURS, BINS, Bin
from feedback.web.desk.charts import counts, shares
from feedback.web.desk.charts.counts import SHADES, shade
from feedback.web.desk.charts.scale import Scale, count_ticks, floor_of_shares, share_ticks
from feedback.web.desk.charts.shares import Dot, Mark, Words
from feedback.web.desk.charts.svg import WIDTH, Picture

HOSTILE = "<script>alert(1)</script>\"'&"
WORDS = Words(HOSTILE, HOSTILE)
DAYS = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]


def parsed(picture: Markup) -> ElementTree.Element:
    """The picture, which must be well-formed, described, and without script or style of its own."""
    root = ElementTree.fromstring(str(picture))
    assert root.get("role") == "img"
    ids = {one.get("id") for one in root.iter()}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert root.findtext("title") == HOSTILE
    for one in root.iter():
        assert one.tag not in ("script", "style", "foreignObject")
        assert not {"style", "onload", "href"} & set(one.attrib)
    return root


def inside(root: ElementTree.Element) -> None:
    """Every mark lies in the frame."""
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for one in root.iter():
        for names, most in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
            for name in names:
                assert 0 <= float(one.get(name, "0")) <= most + 0.1, (one.tag, one.attrib)
        for x, y in re.findall(r"([\d.-]+),([\d.-]+)", one.get("points", "")):
            assert 0 <= float(x) <= width + 0.1
            assert 0 <= float(y) <= height + 0.1


MARKS = st.lists(
    st.integers(0, 400).flatmap(lambda of: st.builds(Count, st.integers(0, of), st.just(of))),
    min_size=1,
    max_size=40,
).filter(lambda found: any(one.of for one in found))


@given(MARKS)
def test_the_line_over_time_is_drawn_for_whatever_was_counted(found: list[Count]) -> None:
    marks = [Mark(date(2026, 1, 1) + timedelta(days=7 * place), one) for place, one in enumerate(found)]
    root = parsed(shares.over_time("x", WORDS, marks, 0.9))
    inside(root)
    judged = [one for one in found if one.of]
    assert len(root.findall("circle")) == len(judged)


def test_a_step_that_is_not_complete_has_a_hollow_dot() -> None:
    marks = [Mark(date(2026, 1, 1), Count(9, 10)), Mark(date(2026, 2, 1), Count(5, 5), complete=False)]
    dots = parsed(shares.over_time("x", WORDS, marks, 0.9)).findall("circle")
    assert ["chart-hollow" in (dot.get("class") or "") for dot in dots] == [False, True]


@given(MARKS, st.floats(0.01, 0.99))
def test_the_funnel_is_drawn_for_whatever_was_counted(found: list[Count], city: float) -> None:
    dots = [Dot(HOSTILE, one) for one in found if one.of]
    root = parsed(shares.funnel("x", WORDS, dots, funnel(city, [1, 30, 400]), city, HOSTILE))
    inside(root)
    assert len(root.findall("circle")) == len(dots)


@pytest.mark.parametrize(("hits", "side"), [(100, "good"), (90, "plain"), (50, "bad")])
def test_a_whisker_is_coloured_only_where_it_is_clear_of_the_city(hits: int, side: str) -> None:
    count = Count(hits, 100)
    root = parsed(shares.whisker(wilson(count), count.share, 0.3, 0.9, WORDS, "x"))
    inside(root)
    dot = root.find("circle")
    assert dot is not None
    assert f"chart-{side}" in (dot.get("class") or "")


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), min_size=BINS + 1, max_size=BINS + 1))
def test_the_histogram_stacks_late_on_top_of_on_time(found: list[tuple[int, int]]) -> None:
    bins = [Bin(place * BIN_HOURS, *one) for place, one in enumerate(found)]
    root = parsed(counts.histogram("x", WORDS, bins, HOSTILE))
    inside(root)
    assert len(root.findall("rect")) == 2 * (BINS + 1)


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=24, max_size=24), min_size=7, max_size=7))
def test_the_heat_map_has_a_cell_for_every_hour_of_the_week(week: list[list[int]]) -> None:
    root = parsed(counts.heat("x", WORDS, week, DAYS))
    inside(root)
    assert len(root.findall("rect")) == 7 * 24


@given(st.integers(1, 100_000), st.data())
def test_only_an_empty_hour_is_blank_and_the_busiest_is_darkest(most: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, most))
    assert 1 <= shade(count, most) <= SHADES - 1
    assert (shade(0, most), shade(most, most)) == (0, SHADES - 1)


@given(st.integers(0, 10_000_000))
def test_ticks_begin_at_zero_and_hold_the_largest_count(most: int) -> None:
    ticks = count_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= max(most, 1)
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))


@given(st.lists(st.floats(0, 1), min_size=1))
def test_an_axis_of_shares_holds_every_share_and_ends_at_all(found: list[float]) -> None:
    low = floor_of_shares(found)
    assert 0 <= low <= min(found)
    ticks = share_ticks(low)
    assert ticks[-1] == 1
    assert len(ticks) <= 6


def test_a_scale_keeps_what_lies_beyond_at_its_edge() -> None:
    scale = Scale(0, 10, 100, 0)
    assert (scale(-5), scale(5), scale(50)) == (100, 50, 0)
    assert Scale(3, 3, 0, 10)(3) == 5


def test_hostile_words_are_only_words() -> None:
    picture = Picture("x", 10, HOSTILE, HOSTILE)
    picture.text(0, 0, HOSTILE)
    picture.circle(1, 1, 1, "dot", HOSTILE)
    root = parsed(picture.svg())
    assert root.get("viewBox") == f"0 0 {WIDTH} 10"
    assert root.findtext("text") == HOSTILE
