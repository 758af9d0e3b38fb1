"""Temperatures and thresholds from held-out scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from classifier.heads import sigmoid, softmax

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Z95_ONE_SIDED = 1.6449
PULL = 0.01


def temperature(scores: Floats, right: Sequence[int]) -> float:
    """The divisor of scores by which the held-out likelihood is greatest."""
    rows = np.arange(len(right))

    def loss(log_t: float) -> float:
        chances = softmax(scores / np.float32(math.exp(log_t)))
        return float(-np.log(np.maximum(chances[rows, list(right)], 1e-9)).mean())

    return _least(loss)


def binary(scores: Floats, right: Bools) -> tuple[float, float]:
    """Temperature and shift of a single output, by likelihood (Platt 1999 without his target smoothing)."""
    best = (math.inf, 1.0, 0.0)
    for shift in np.linspace(-1.5, 1.5, 61):

        def loss(log_t: float, moved: float = float(shift)) -> float:
            chances = np.clip(
                sigmoid((scores + np.float32(moved)) / np.float32(math.exp(log_t))), 1e-6, 1 - 1e-6
            )
            return float(-np.where(right, np.log(chances), np.log(1 - chances)).mean())

        found = minimize_scalar(loss, bounds=(-4, 2), method="bounded")
        if found.fun < best[0]:
            best = (float(found.fun), math.exp(float(found.x)), float(shift))
    return best[1], best[2]


def biased(scores: Floats, right: Sequence[int]) -> tuple[float, Floats]:
    """Temperature and a bias for each class (Alexandari, Kundaje and Shrikumar 2020), held small by PULL."""
    rows, wanted = np.arange(len(right)), np.array(right)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        warm = scores * np.float32(math.exp(values[0])) + values[1:].astype(np.float32)
        chances = softmax(warm).astype(np.float64)
        slope = chances.copy()
        slope[rows, wanted] -= 1
        by_heat = float((slope * scores).sum() * math.exp(values[0]) / len(rows))
        by_class = slope.sum(axis=0) / len(rows) + 2 * PULL * values[1:]
        unlikely = -np.log(np.maximum(chances[rows, wanted], 1e-9)).mean() + PULL * (values[1:] ** 2).sum()
        return float(unlikely), np.concatenate([[by_heat], by_class])

    found = minimize(loss, np.zeros(scores.shape[1] + 1), jac=True, method="L-BFGS-B")
    heat = math.exp(-float(found.x[0]))
    return heat, (found.x[1:] * heat).astype(np.float32)


def _least(loss: Callable[[float], float]) -> float:
    return math.exp(float(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def lower_bound(right: int, total: int) -> float:
    """Wilson's one-sided 95 % lower bound of a share; 0 for nothing."""
    if not total:
        return 0.0
    share = right / total
    centre = share + Z95_ONE_SIDED**2 / (2 * total)
    spread = Z95_ONE_SIDED * math.sqrt(share * (1 - share) / total + Z95_ONE_SIDED**2 / (4 * total**2))
    return (centre - spread) / (1 + Z95_ONE_SIDED**2 / total)


def precise_from(scores: Floats, right: Bools, goal: float) -> float:
    """The lowest score from which the lower bound of precision reaches `goal`; the strictest when none does."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    reached = [at for at, count in enumerate(hits.tolist()) if lower_bound(count, at + 1) >= goal]
    return float(scores[order[reached[-1]]]) if reached else 0.995


def recalling_from(scores: Floats, wanted: Bools, goal: float) -> float:
    """The highest score from which the lower bound of recall reaches `goal`; 0 when none does."""
    found = np.sort(scores[wanted])[::-1]
    total = len(found)
    reached = (float(score) for count, score in enumerate(found, 1) if lower_bound(count, total) >= goal)
    return next(reached, 0.0)


def ece(scores: Floats, right: Bools, bins: int = 10) -> float:
    """Expected calibration error over equally full bins (Nguyen and O'Connor 2015)."""
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(scores[part].mean()) - float(right[part].mean())) * len(part) for part in parts]
    return sum(gaps) / len(scores)
