"""Settings of the hotline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HotlineConfig:
    """`folder` receives transcripts; `settle`: a younger file may still be written by a careless sender.

    `branches` names the keys of the voice menu, for display only.
    """

    folder: Path | None = None
    number: str = ""
    branches: dict[str, str] = field(default_factory=dict)
    settle: timedelta = timedelta(seconds=2)
    incomplete_for: timedelta = timedelta(seconds=60)
    max_bytes: int = 10_000_000
