"""From the strength of the evidence to a probability: how often an assertion of that strength was right.

The knots are measured on the labelled messages of the project (`python -m classifier wards calibrate FILE …`). Those were
looked at while the tables and rules were written, so each knot is the lower 90 % bound of the share, not the share.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from classifier.shares import wilson
from classifier.wards.tables import TableFault, rows

# Strengths of one bin share a knot at their mean.
_EDGES = (0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
# One-sided 90 %.
_Z = 1.2816
Pair = tuple[float, float]


@cache
def _knots() -> tuple[Pair, ...]:
    found = tuple(
        (float(raw), float(said))
        for raw, said, *_ in rows("calibration", ("strength", "probability", "seen", "right"))
    )
    if len(found) < 2 or any(low >= high for (low, _), (high, _) in pairwise(found)):
        raise TableFault("calibration: strengths must rise")
    if any(low > high for (_, low), (_, high) in pairwise(found)):
        raise TableFault("calibration: probabilities must not fall")
    return found


def probability(strength: float) -> float:
    """Calibrated probability of a strength in 0–1; below the first knot the strength itself."""
    knots = _knots()
    if strength <= knots[0][0]:
        return strength
    at = bisect_right([raw for raw, _ in knots], strength)
    if at == len(knots):
        return knots[-1][1]
    (low, floor), (high, ceiling) = knots[at - 1], knots[at]
    return floor + (ceiling - floor) * (strength - low) / (high - low)


def fit(outcomes: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int, int]]:
    """Knots (mean strength, lower bound of the share that was right, seen, right) from asserted readings, rising."""
    known = sorted(outcomes)
    found: list[tuple[float, float, int, int]] = []
    for low, high in pairwise(_EDGES):
        here = [(raw, right) for raw, right in known if low <= raw < high]
        if not here:
            continue
        right = sum(right for _, right in here)
        floor = max([wilson(right, len(here), _Z)[0], *(each[1] for each in found)])
        found.append((sum(raw for raw, _ in here) / len(here), floor, len(here), right))
    return found


def error(said: Sequence[Pair], bins: int = 10) -> float:
    """Expected calibration error of (probability, share right) pairs over equal bins; 0 for none."""
    sums: dict[int, float] = {}
    for score, right in said:
        place = min(bins - 1, int(score * bins))
        sums[place] = sums.get(place, 0.0) + score - right
    return sum(abs(gap) for gap in sums.values()) / len(said) if said else 0.0
