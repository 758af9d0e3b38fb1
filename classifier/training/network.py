"""A small network beside the linear heads: one hidden layer on the same features, shared by all tasks.

Rectified units, dropout on features and units, softmax or logistic outputs, Adam with steps for the rows of a batch only
(lazily, after Kingma and Ba 2015). Pure numpy and scipy: the same seed gives the same weights on one platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.heads import sigmoid, softmax

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
BETA1, BETA2, TINY = 0.9, 0.999, 1e-7


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and habits, chosen on held-out authors."""

    units: int = 64
    rounds: int = 8
    batch: int = 128
    rate: float = 3e-3
    last_rate: float = 3e-4
    drop_features: float = 0.2
    drop_units: float = 0.3


@dataclass(frozen=True, slots=True)
class Task:
    """What one group of outputs should say: rows × outputs, and each row's weight. One output is a logistic one."""

    wanted: Floats
    weight: Floats

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return int(self.wanted.shape[1])

    def slope(self, said: Floats, rows: Ints) -> Floats:
        """Derivative of the mean loss of a batch by its outputs."""
        chances = softmax(said) if self.outputs > 1 else sigmoid(said)
        return np.asarray((chances - self.wanted[rows]) * self.weight[rows, None] / len(rows), np.float32)


@dataclass(frozen=True, slots=True)
class Network:
    """Weights after training: features × units, units, units × outputs, outputs."""

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    def scores(self, features: csr_matrix) -> Floats:
        """Rows × outputs."""
        units = np.maximum(features @ self.hidden + self.hidden_bias, 0)
        return np.asarray(units @ self.out + self.out_bias, np.float32)


class _Adam:
    """One array and its moments."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._mean = np.zeros_like(values)
        self._square = np.zeros_like(values)

    def step(self, slope: Floats, rate: float, rows: Ints | None = None) -> None:
        """Move against `slope`; with `rows` only these rows, whose moments alone decay."""
        at = slice(None) if rows is None else rows
        mean = self._mean[at] * BETA1 + (1 - BETA1) * slope
        square = self._square[at] * BETA2 + (1 - BETA2) * slope * slope
        self._mean[at], self._square[at] = mean, square
        self.values[at] -= rate * mean / (np.sqrt(square) + TINY)


class _Training:
    def __init__(self, features: csr_matrix, tasks: Sequence[Task], plan: Plan, seed: int) -> None:
        self.features, self.tasks, self.plan = features, tasks, plan
        self.chance = chance = np.random.default_rng(seed)
        outputs = sum(task.outputs for task in tasks)
        self.hidden = _Adam(chance.normal(0, 0.05, (features.shape[1], plan.units)).astype(np.float32))
        self.hidden_bias = _Adam(np.zeros(plan.units, np.float32))
        self.out = _Adam(chance.normal(0, plan.units**-0.5, (plan.units, outputs)).astype(np.float32))
        self.out_bias = _Adam(np.zeros(outputs, np.float32))
        self.steps = plan.rounds * -(-features.shape[0] // plan.batch)
        self.done = 0

    def round(self) -> None:
        """Every row once, in a new order."""
        order = self.chance.permutation(self.features.shape[0])
        for at in range(0, len(order), self.plan.batch):
            self._batch(order[at : at + self.plan.batch])

    def _rate(self) -> float:
        self.done += 1
        part = self.done / self.steps
        rate = self.plan.rate * (1 - part) + self.plan.last_rate * part
        return float(rate * np.sqrt(1 - BETA2**self.done) / (1 - BETA1**self.done))

    def _kept(self, shape: tuple[int, ...], drop: float) -> Floats:
        kept = self.chance.random(shape, dtype=np.float32) >= drop
        return np.asarray(kept / np.float32(1 - drop), np.float32)

    def _batch(self, rows: Ints) -> None:
        rate = self._rate()
        part = self.features[rows]
        columns, places = np.unique(part.indices, return_inverse=True)
        values = part.data * self._kept(part.data.shape, self.plan.drop_features)
        compact = csr_matrix((values, places, part.indptr), shape=(len(rows), len(columns)))
        before = compact @ self.hidden.values[columns] + self.hidden_bias.values
        mask = self._kept(before.shape, self.plan.drop_units) * (before > 0)
        units = before * mask
        slope = self._slope(units @ self.out.values + self.out_bias.values, rows)
        back = (slope @ self.out.values.T) * mask
        self.out.step(units.T @ slope, rate)
        self.out_bias.step(slope.sum(axis=0), rate)
        self.hidden_bias.step(back.sum(axis=0), rate)
        self.hidden.step(np.asarray(compact.T @ back, np.float32), rate, columns)

    def _slope(self, said: Floats, rows: Ints) -> Floats:
        parts, at = [], 0
        for task in self.tasks:
            parts.append(task.slope(said[:, at : at + task.outputs], rows))
            at += task.outputs
        return np.concatenate(parts, axis=1)


def fit(features: csr_matrix, tasks: Sequence[Task], plan: Plan, seed: int) -> Network:
    """A network for all tasks."""
    training = _Training(features, tasks, plan, seed)
    for _ in range(plan.rounds):
        training.round()
    return Network(
        training.hidden.values,
        training.hidden_bias.values,
        training.out.values,
        training.out_bias.values,
    )
