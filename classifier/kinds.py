"""The kind of a message: the model proposes; complaint and denunciation are taken early, for a person to decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.heads import told
from classifier.labels import LEGAL_KINDS
from classifier.prediction import LabelScore


def decide(
    labels: Sequence[str], chances: NDArray[np.float32], legal_from: float
) -> tuple[LabelScore, float]:
    """The kind with its probability, and the probability of complaint and denunciation together.

    From `legal_from` on, the likelier of the two stands before any other kind.
    """
    by_label = dict(zip(labels, chances.tolist(), strict=True))
    legal = sum(by_label[kind] for kind in LEGAL_KINDS)
    choice = LEGAL_KINDS if legal >= legal_from else tuple(labels)
    best = max(choice, key=lambda kind: by_label[kind])
    return LabelScore(best, told(by_label[best])), legal
