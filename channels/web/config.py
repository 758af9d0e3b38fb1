"""Settings of the portal form."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebConfig:
    """`key` is shared by the web processes only; without it nobody can pass a body off as a form of ours."""

    key: bytes = field(repr=False)
    max_text: int = 20_000
    max_uploads: int = 10
