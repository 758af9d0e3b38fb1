"""Shares and their intervals, against published values and by simulation with a fixed seed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain import proportions
from feedback.domain.proportions import Count, change, funnel, ranks, wilson

COUNTS = st.integers(1, 5000).flatmap(lambda of: st.builds(Count, st.integers(0, of), st.just(of)))


def draw(rng: random.Random, of: int, share: float) -> Count:
    return Count(sum(rng.random() < share for _ in range(of)), of)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_has_the_published_values(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3."""
    found = wilson(Count(hits, of))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        (Count(56, 70), Count(48, 80), 0.0524, 0.3339),
        (Count(9, 10), Count(3, 10), 0.1705, 0.8090),
        (Count(6, 7), Count(2, 7), 0.0582, 0.8062),
        (Count(5, 56), Count(0, 29), -0.0381, 0.1926),
        (Count(0, 10), Count(0, 10), -0.2775, 0.2775),
        (Count(10, 10), Count(0, 20), 0.6791, 1.0),
    ],
)
def test_newcombes_interval_of_a_difference_has_the_published_values(
    first: Count, second: Count, low: float, high: float
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10 (first minus second)."""
    found = change(second, first)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS)
def test_an_interval_holds_the_share_and_stays_between_nothing_and_all(count: Count) -> None:
    found = wilson(count)
    assert 0 <= found.low <= count.share <= found.high <= 1
    assert found.low < found.high


@given(COUNTS, COUNTS)
def test_a_change_turned_round_is_the_same_change(before: Count, after: Count) -> None:
    there, back = change(before, after), change(after, before)
    assert there.low == pytest.approx(-back.high)
    assert after.share - before.share in there


def test_without_data_nothing_is_known() -> None:
    assert wilson(Count(0, 0)) == proportions.Interval(0, 1)
    assert change(Count(0, 0), Count(5, 5)) == proportions.Interval(-1, 1)


@pytest.mark.parametrize(("hits", "of"), [(-1, 5), (6, 5), (1, 0)])
def test_what_is_no_count_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no count"):
        Count(hits, of)


@pytest.mark.parametrize(("of", "share"), [(5, 0.9), (30, 0.9), (30, 0.97), (200, 0.97), (1000, 0.5)])
def test_wilsons_intervals_cover_the_true_share(of: int, share: float) -> None:
    rng = random.Random(2005)
    runs = 2000
    covered = sum(share in wilson(draw(rng, of, share)) for _ in range(runs))
    assert covered / runs >= 0.91, "the dips of the method at single points; over the city see the next test"


def test_over_the_city_the_intervals_cover_the_true_shares() -> None:
    rng = random.Random(1927)
    covered = total = 0
    for _ in range(40):
        for _ in range(126):
            share, of = min(0.999, rng.betavariate(18, 2)), rng.randint(30, 900)
            covered += share in wilson(draw(rng, of, share))
            total += 1
    assert covered / total >= 0.93


def test_ranges_of_ranks_hold_the_true_ranks() -> None:
    rng = random.Random(2024)
    kept = total = 0
    for _ in range(25):
        truth = sorted((rng.betavariate(18, 2) for _ in range(40)), reverse=True)
        found = ranks([draw(rng, rng.randint(30, 900), share) for share in truth])
        kept += sum(one.best <= place <= one.worst for place, one in enumerate(found, start=1))
        total += len(truth)
    assert kept / total >= 0.95


def test_equal_units_are_not_told_apart() -> None:
    assert {(one.best, one.worst) for one in ranks([Count(90, 100)] * 20)} == {(1, 20)}


def test_a_clear_difference_is_a_rank() -> None:
    first, second, third = ranks([Count(50, 1000), Count(990, 1000), Count(500, 1000)])
    assert (first.best, second.best, third.best) == (3, 1, 2)
    assert (first.worst, second.worst, third.worst) == (3, 1, 2)


def test_five_of_five_could_stand_nearly_anywhere() -> None:
    found = ranks([Count(5, 5), *[Count(940, 1000)] * 10])
    assert (found[0].best, found[0].worst) == (1, 11)


def test_one_unit_and_none_need_no_comparison() -> None:
    assert ranks([]) == []
    assert ranks([Count(0, 0)]) == [proportions.Ranks(1, 1)]
    assert [(one.best, one.worst) for one in ranks([Count(0, 0), Count(9, 9)])] == [(1, 2), (1, 2)]


def test_the_funnel_holds_what_chance_alone_makes() -> None:
    rng = random.Random(1185)
    for of in (30, 120, 600):
        limits = funnel(0.94, [of])[0]
        seen = [draw(rng, of, 0.94).share for _ in range(1500)]
        assert sum(share in limits.inner for share in seen) / 1500 >= 0.94
        assert sum(share in limits.outer for share in seen) / 1500 >= 0.995
        assert sum(share in limits.inner for share in seen) < 1500, "limits that hold everything say nothing"


@given(st.floats(0, 1), st.integers(1, 20_000))
def test_the_funnels_limits_stand_in_order(target: float, of: int) -> None:
    limits = funnel(target, [of])[0]
    edges = [limits.outer.low, limits.inner.low, limits.inner.high, limits.outer.high]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= 1


def test_the_funnel_narrows_as_numbers_grow() -> None:
    widths = [one.inner.high - one.inner.low for one in funnel(0.9, [30, 100, 1000, 10_000])]
    assert widths == sorted(widths, reverse=True)
