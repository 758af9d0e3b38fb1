"""Fitting linear heads with scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifier.features.vectoriser import Vectoriser
from classifier.training.samples import Sample

Floats = NDArray[np.float32]
STEPS = 4_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Inverse regularisation, whether rare labels weigh as much as frequent ones, and a weight for each row."""

    strength: float
    balanced: bool = False
    weight: Floats | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights (columns × outputs) and biases of one head before calibration."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, matrix: csr_matrix) -> Floats:
        """Rows × labels."""
        return np.asarray(matrix @ self.weights + self.bias, np.float32)


def matrix(vectoriser: Vectoriser, samples: Sequence[Sample]) -> csr_matrix:
    """All samples as one sparse matrix, by the run time's own vectoriser."""
    rows = [vectoriser.transform(sample.read) for sample in samples]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    built = csr_matrix((values, columns, starts), shape=(len(rows), vectoriser.width))
    built.sort_indices()
    return built


def one_against_rest(
    features: csr_matrix, labels: Sequence[str], names: Sequence[str], plan: Plan, seed: int
) -> Fitted:
    """A linear support vector machine a label; `names` fixes the order. Two names give one output, the second."""
    model = LinearSVC(
        C=plan.strength,
        random_state=seed,
        max_iter=STEPS,
        class_weight="balanced" if plan.balanced else None,
    )
    model.fit(features, [names.index(label) for label in labels], sample_weight=plan.weight)
    weights, bias = model.coef_, model.intercept_
    outputs = tuple(names)
    if len(names) == 2:
        outputs = (names[1],)
    elif len(model.classes_) < len(names):
        weights, bias = _with_missing(model, len(names))
    return Fitted(outputs, weights.T.astype(np.float32), bias.astype(np.float32))


def _with_missing(model: LinearSVC, outputs: int) -> tuple[Floats, Floats]:
    """Labels that a fold has no example of never win."""
    weights = np.zeros((outputs, model.coef_.shape[1]), np.float32)
    bias = np.full(outputs, -3, np.float32)
    weights[model.classes_] = model.coef_
    bias[model.classes_] = model.intercept_
    return weights, bias
