"""Wilson's interval of a share: one formula for every figure of the classifier."""

from __future__ import annotations

from math import sqrt

Z95 = 1.96


def wilson(right: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Lower and upper bound of `right` of `total`, `z` standard errors wide on each side; (0, 1) for nothing."""
    if not total:
        return 0.0, 1.0
    share = right / total
    centre = share + z**2 / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
