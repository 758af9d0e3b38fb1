"""What verification has found, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """`why` continues the sentence that `where` begins. Either a chain, with number and row where known, or a day."""

    why: str
    chain: str = ""
    seq: int | None = None
    row_id: int | None = None
    day: date | None = None

    @property
    def where(self) -> str:
        if self.day is not None:
            return f"day {self.day.isoformat()}"
        row = f" (row id {self.row_id})" if self.row_id is not None else ""
        number = f", number {self.seq}" if self.seq is not None else ""
        return f"chain {self.chain}{number}{row}"

    def sentence(self) -> str:
        return f"{self.where} {self.why}"


@dataclass
class Findings:
    """The first `SHOWN` findings, and how many there are in all: a trail that was rewritten has one for every row."""

    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, finding: Finding) -> None:
        if self.count < SHOWN:
            self.kept.append(finding)
        self.count += 1

    def extend(self, found: Iterable[Finding]) -> None:
        for each in found:
            self.add(each)

    def join(self, other: Findings) -> None:
        """Take over the findings of another part of the work."""
        self.kept = [*self.kept, *other.kept][:SHOWN]
        self.count += other.count


@dataclass(frozen=True, slots=True)
class Verified:
    """`findings`: the first of `count`; `late`: finished days that should have been sealed by now."""

    rows: int
    chains: int
    sealed: int
    findings: tuple[Finding, ...]
    count: int
    late: tuple[date, ...] = ()

    @property
    def broken(self) -> Finding | None:
        """The first finding, None where the trail holds."""
        return self.findings[0] if self.findings else None
