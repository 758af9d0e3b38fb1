"""A short word in a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Badge:
    """`text` may be a lazy translation; `tone` is good, warn, bad, info or empty."""

    text: Any
    tone: str
