"""From values to places, and the round numbers beside an axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` to `high` are drawn from `start` to `end`; what lies beyond is drawn at the edge."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        part = (value - self.low) / span if span else 0.5
        return self.start + min(1.0, max(0.0, part)) * (self.end - self.start)


def floor_of_shares(shares: Iterable[float]) -> float:
    """Where an axis of shares begins: a tenth below the smallest, so that differences near 100 % can be seen."""
    return max(0.0, math.floor(10 * min(shares, default=0.0) - 1e-9) / 10)


def share_ticks(low: float) -> list[float]:
    """From `low` to 1: at most six round shares."""
    step = 0.05 if low >= 0.75 else 0.1 if low >= 0.5 else 0.2
    found = [1.0 - step * place for place in range(round((1 - low) / step) + 1)]
    return sorted(round(one, 2) for one in found if one >= low - 1e-9)


def count_ticks(most: int) -> list[int]:
    """Zero to at least `most` in three to five round steps."""
    if most <= 4:
        return list(range(most + 1)) if most else [0, 1]
    rough = most / 4
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough)
    step = max(1, math.ceil(step))
    return list(range(0, most + step, step))
