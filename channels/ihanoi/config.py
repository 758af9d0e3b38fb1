"""Settings of the iHanoi connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class IHanoiConfig:
    """`secrets` (`whsec_…`): the first one signs, all verify: secrets change without a gap."""

    secrets: tuple[str, ...] = field(repr=False)
    push_url: str
    tolerance: timedelta = timedelta(minutes=5)
    max_photos: int = 20
