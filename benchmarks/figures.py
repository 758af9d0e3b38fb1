"""A figure beside its limit or its rival, and what to say about it."""

from __future__ import annotations

import math
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    OVER = "over"
    FAILED = "failed"
    NONE = "–"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where the measurement failed, and `note` then says why. `limit` is an upper bound.

    `rival` is what another way of doing the same reached in this run; it is compared, never judged.
    """

    part: str
    name: str
    value: float | None
    unit: str
    limit: float | None = None
    rival: float | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return Verdict.FAILED
        if self.limit is None:
            return Verdict.NONE
        return Verdict.OK if self.value <= self.limit else Verdict.OVER

    @property
    def ratio(self) -> float | None:
        """Value to limit, or value to rival; None where there is neither, or the one beside is zero."""
        beside = self.limit if self.limit is not None else self.rival
        return None if self.value is None or not beside else self.value / beside


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `share` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def latencies(
    part: str, name: str, seconds: Sequence[float], limit_p95: float | None = None, note: str = ""
) -> Iterator[Figure]:
    """p50 and p95 in milliseconds; the limit is for the p95."""
    count = f"{len(seconds)} measured" + (f"; {note}" if note else "")
    yield Figure(part, f"{name}, p50", 1000 * percentile(seconds, 0.50), "ms")
    yield Figure(part, f"{name}, p95", 1000 * percentile(seconds, 0.95), "ms", limit=limit_p95, note=count)


def guarded(part: str, measured: Iterator[Figure]) -> Iterator[Figure]:
    """What was measured, and a failed figure in place of an exception: one broken part must not hide the others."""
    try:
        yield from measured
    except Exception as fault:
        traceback.print_exc()
        yield Figure(part, "not measured", None, "", note=f"{type(fault).__name__}: {fault}".split("\n")[0])
