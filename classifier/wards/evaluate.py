"""Figures of the resolver on labelled messages: determined, several, none and outside, by style and by clue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from classifier.prediction import Query, WardReading
from classifier.shares import wilson
from classifier.wards import calibration
from classifier.wards.resolver import Resolver
from classifier.wards.units import unit, units

_KNOWN = frozenset(each.code for each in units())


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled message: `gold` holds every unit code its place words can mean."""

    id: str
    query: Query
    gold: frozenset[str]
    style: str
    clue: str
    place: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Case:
        """From a row of a labelled file; raises KeyError or ValueError when it is none."""
        text, subject, gold = row["text"], row.get("subject"), row["wards"]
        if (
            not isinstance(text, str)
            or not isinstance(subject, str | None)
            or not isinstance(gold, list | tuple | set | frozenset)
        ):
            raise ValueError("text, subject or wards of a wrong type")
        unknown = [code for code in gold if code not in _KNOWN]
        if unknown:
            raise ValueError(f"unknown wards {unknown}")
        query = Query(text, subject, row.get("channel"))
        clue = str(row.get("ward_case", ""))
        return cls(
            str(row.get("id", "")),
            query,
            frozenset(row["wards"]),
            str(row.get("style", "")),
            clue,
            str(row.get("place", "")),
        )

    @property
    def group(self) -> str:
        """determined, several, outside or none."""
        if not self.gold:
            return "outside" if self.clue == "outside" else "none"
        return "determined" if len(self.gold) == 1 else "several"


@dataclass(slots=True)
class Tally:
    """Counts for one slice of the messages."""

    cases: int = 0
    asserted: int = 0
    right: int = 0
    share: float = 0.0
    candidates: int = 0
    said_outside: int = 0

    def add(self, case: Case, reading: WardReading) -> None:
        """Count one reading."""
        listed = {each.code for each in reading.candidates}
        self.cases += 1
        self.candidates += len(listed)
        self.said_outside += reading.outside_hanoi
        if case.gold:
            self.share += len(case.gold & listed) / len(case.gold)
        if reading.ward is not None:
            self.asserted += 1
            self.right += reading.ward.code in case.gold


@dataclass(slots=True)
class Report:
    """Tallies by group, by style and by clue, and the messages read wrongly."""

    groups: dict[str, Tally] = field(default_factory=dict)
    styles: dict[str, Tally] = field(default_factory=dict)
    clues: dict[str, Tally] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    said: list[tuple[float, float]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as text."""
        out = []
        for title, tallies in (
            ("group", self.groups),
            ("determined by style", self.styles),
            ("ward_case", self.clues),
        ):
            out.append(
                f"{title:<20}{'n':>5} {'asserted':>9} {'right':>18} {'recall':>8} {'cands':>6} {'outside':>8}"
            )
            out += [_line(name, tally) for name, tally in sorted(tallies.items())]
        out.append(f"calibration error of the first candidate's score: {calibration.error(self.said):.3f}")
        return [*out, *self.errors]


def _line(name: str, tally: Tally) -> str:
    low, high = wilson(tally.right, tally.asserted)
    right = f"{tally.right}/{tally.asserted} [{low:.2f} {high:.2f}]"
    return (
        f"{name:<20}{tally.cases:>5} {tally.asserted / tally.cases:>9.1%} {right:>18} "
        f"{tally.share / tally.cases:>8.1%} {tally.candidates / tally.cases:>6.2f} {tally.said_outside:>8}"
    )


def report(rows: Iterable[Mapping[str, Any]], resolver: Resolver | None = None) -> Report:
    """Read every labelled row and count; raises KeyError on a row without `text` or `wards`."""
    resolver = resolver or Resolver.load()
    found = Report()
    for row in rows:
        case = Case.from_row(row)
        reading = resolver.resolve(case.query)
        slices = [(found.groups, case.group), (found.clues, case.clue)]
        # Styles are compared where there is one ward to find.
        slices += [(found.styles, case.style)] if case.group == "determined" else []
        for tallies, name in slices:
            tallies.setdefault(name, Tally()).add(case, reading)
        if reading.candidates:
            first = reading.candidates[0]
            found.said.append((first.score, (first.code in case.gold) / max(1, len(case.gold))))
        fault = _fault(case, reading)
        if fault:
            found.errors.append(
                f"{case.id} {case.style}/{case.clue} {fault}: {case.place} → {_shown(reading)}"
            )
    return found


def _fault(case: Case, reading: WardReading) -> str:
    listed = {each.code for each in reading.candidates}
    if reading.ward is not None and reading.ward.code not in case.gold:
        return "WRONG"
    if reading.ward is not None and len(case.gold) > 1:
        return "too sure"
    if case.gold - listed:
        return "missed"
    if len(case.gold) == 1 and reading.ward is None:
        return "not asserted"
    if case.group == "outside" and not reading.outside_hanoi:
        return "outside not said"
    return "" if not case.gold or len(listed) <= max(4, len(case.gold)) else "too many"


def _shown(reading: WardReading) -> str:
    listed = ", ".join(f"{unit(each.code).name} {each.score:.2f}" for each in reading.candidates)
    mark = "!" if reading.ward is not None else "?"
    return f"{mark} {listed or '-'} | {'; '.join(each.text + ' (' + each.why + ')' for each in reading.evidence)}"
