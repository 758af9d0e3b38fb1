"""The hash of an audit row: the same bytes wherever it is computed, in the service, in verification and offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

COLUMNS = (
    "chain",
    "seq",
    "at",
    "actor",
    "actor_id",
    "action",
    "reason",
    "before",
    "after",
    "prev_hash",
)
"""What is hashed, in this order: every column but `id` and `hash`. The order and the form never change."""

canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def stamp(moment: datetime) -> str:
    """An instant as it stands in the hashed text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def of(values: Sequence[Any]) -> str:
    """SHA-256 in hexadecimal over the canonical JSON of the values of `COLUMNS`, the instant as its `stamp`."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()
