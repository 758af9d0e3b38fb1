"""Weights in one byte each: a row keeps its largest value as scale, so that rare and frequent n-grams lose alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Halves = NDArray[np.float16]
MOST = 127


def pack(weights: Floats) -> tuple[Bytes, Halves]:
    """Rows × columns of bytes and a scale for each row; their product is the weights."""
    most = np.abs(weights).max(axis=1, initial=0)
    scale = np.maximum(most / np.float32(MOST), np.float32(1e-7)).astype(np.float16)
    steps = np.rint(weights / np.maximum(scale.astype(np.float32), np.float32(1e-7))[:, None])
    return np.clip(steps, -MOST, MOST).astype(np.int8), scale
