"""A head: its part of all scores, and probabilities by a calibrated temperature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MOST = 0.999


@dataclass(frozen=True, slots=True)
class Head:
    """Labels, the first of the scores that belong to them, biases (calibration included) and the temperature."""

    labels: tuple[str, ...]
    start: int
    bias: Floats
    temperature: float

    def column(self, label: str) -> int:
        """Where a label stands among the scores of all heads; raises ValueError for a label of another head."""
        return self.start + self.labels.index(label)

    def scores(self, scores: Floats) -> Floats:
        """This head's own, of the scores of all heads side by side (rows, or one)."""
        return scores[..., self.start : self.start + len(self.labels)] + self.bias

    def probabilities(self, scores: Floats) -> Floats:
        """One calibrated probability per label. A head with one label gives its probability alone."""
        scaled = self.scores(scores) / np.float32(self.temperature)
        return softmax(scaled) if len(self.labels) > 1 else sigmoid(scaled)


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Element by element."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), np.float32)


def told(chance: float) -> float:
    """The probability as it is told: rounded, and never a certainty, which no number of held-out messages can show."""
    return round(min(max(chance, 1 - MOST), MOST), 4)
