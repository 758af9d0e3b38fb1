"""How often each pattern of words is right when it is the only clue: a table, see docs/adr/0003-ward-resolution.md."""

from __future__ import annotations

from functools import cache

from classifier.wards.tables import TableFault, rows


@cache
def _table() -> dict[str, float]:
    found = {name: float(value) for name, value, *_ in rows("patterns", ("pattern", "precision", "of"))}
    if not all(0 < value <= 1 for value in found.values()):
        raise TableFault("patterns: a precision lies outside 0–1")
    return found


def precision(pattern: str) -> float:
    """Precision of the pattern standing alone; raises KeyError for an unknown one."""
    return _table()[pattern]
