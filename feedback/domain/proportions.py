"""What a share of counted tickets says, and what it does not: intervals, changes, ranks, control limits.

Sources: Wilson, JASA 22 (1927) 209; Brown, Cai & DasGupta, Statistical Science 16 (2001) 101, who recommend his interval
for small counts; Newcombe, Statistics in Medicine 17 (1998) 873, method 10, for a difference; Mogstad, Romano, Shaikh &
Wilhelm, Review of Economic Studies 91 (2024) 476, for ranks; Spiegelhalter, Statistics in Medicine 24 (2005) 1185, for
the funnel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
Z95 = NormalDist().inv_cdf(0.975)
_REACH = 9
"""Standard deviations from the mean beyond which a binomial holds nothing that a limit could fall on."""


@dataclass(frozen=True, slots=True)
class Count:
    """`hits` of `of` that were judged. Raises ValueError where that is no count."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError(f"{self.hits} of {self.of} is no count")

    @property
    def share(self) -> float:
        """0 to 1. Raises ZeroDivisionError where nothing was judged."""
        return self.hits / self.of


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends belong to it."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Ranks:
    """The best and the worst place that the figures leave open, 1 being the first."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which the share of a unit with this many judged tickets lies by chance alone (95 % and 99.8 %)."""

    of: int
    inner: Interval
    outer: Interval


def wilson(count: Count, z: float = Z95) -> Interval:
    """The score interval of the true share; everything from 0 to 1 where nothing was judged."""
    if not count.of:
        return Interval(0.0, 1.0)
    share, n, square = count.share, count.of, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # The ends are exact at the borders; arithmetic alone would leave them a rounding error away.
    low = 0.0 if count.hits == 0 else max(0.0, middle - half)
    high = 1.0 if count.hits == count.of else min(1.0, middle + half)
    return Interval(low, high)


def change(before: Count, after: Count, z: float = Z95) -> Interval:
    """The interval of share after minus share before. It holds zero: no clear change. From -1 to 1 without data."""
    if not before.of or not after.of:
        return Interval(-1.0, 1.0)
    return _difference(before.share, wilson(before, z), after.share, wilson(after, z))


def ranks(counts: Sequence[Count]) -> list[Ranks]:
    """For each unit the places it can have: ahead of it stand those that are clearly better, behind it the clearly worse.

    Clearly: the interval of the difference lies beside zero, at a level shared out over the unit's comparisons (Bonferroni),
    so that each range holds the unit's true place with 95 % probability, however many units are compared.
    """
    rivals = len(counts) - 1
    if rivals < 1:
        return [Ranks(1, 1) for _ in counts]
    z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * rivals))
    shares = [count.share if count.of else 0.5 for count in counts]
    intervals = [wilson(count, z) for count in counts]
    ahead, behind = [0] * len(counts), [0] * len(counts)
    for one in range(len(counts)):
        for other in range(one + 1, len(counts)):
            found = _difference(shares[one], intervals[one], shares[other], intervals[other])
            if found.low > 0:
                ahead[one] += 1
                behind[other] += 1
            elif found.high < 0:
                behind[one] += 1
                ahead[other] += 1
    return [Ranks(1 + better, len(counts) - worse) for better, worse in zip(ahead, behind, strict=True)]


def funnel(target: float, sizes: Sequence[int]) -> list[Limits]:
    """Control limits round the share `target` for each number of judged tickets.

    Exact binomial quantiles in whole tickets, not interpolated as in the source: interpolated ones would put 30 of 30
    outside where the target itself makes that happen to every sixth unit.
    """
    levels = (0.001, 0.025, 0.975, 0.999)
    found = []
    for of in sizes:
        lowest, low, high, highest = (quantile / of for quantile in _quantiles(of, target, levels))
        found.append(Limits(of, Interval(low, high), Interval(lowest, highest)))
    return found


def _difference(first: float, of_first: Interval, second: float, of_second: Interval) -> Interval:
    gap = second - first
    down = math.hypot(second - of_second.low, of_first.high - first)
    up = math.hypot(of_second.high - second, first - of_first.low)
    return Interval(max(-1.0, gap - down), min(1.0, gap + up))


def _quantiles(of: int, share: float, levels: Sequence[float]) -> Iterator[int]:
    """The smallest numbers of hits at which the binomial's distribution function reaches each of the rising `levels`."""
    if share <= 0 or share >= 1:
        yield from (of * int(share >= 1) for _ in levels)
        return
    deviation = math.sqrt(of * share * (1 - share))
    value = max(0, int(of * share - _REACH * deviation) - 1)
    mass = math.exp(
        math.lgamma(of + 1) - math.lgamma(value + 1) - math.lgamma(of - value + 1)
        + value * math.log(share) + (of - value) * math.log1p(-share)
    )  # fmt: skip
    upto, odds = mass, share / (1 - share)
    for level in levels:
        while upto < level and value < of:
            mass *= odds * (of - value) / (value + 1)
            value += 1
            upto += mass
        yield value
