"""The ward benchmark as tables: on screen and, recorded, as `wards.md`."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.report import number
from benchmarks.rivals import BY_NAME, CONTESTANTS
from benchmarks.ward_process import Outcome
from benchmarks.ward_scores import GROUPS, Scores

Table = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One contestant's run: what it cost and what its answers were worth."""

    outcome: Outcome
    scores: Scores


@dataclass(frozen=True, slots=True)
class Limit:
    """What the resolver is held to; a `least` bound is a lower one."""

    name: str
    unit: str
    bound: float
    value: Callable[[Outcome], float]
    least: bool = False

    def holds(self, outcome: Outcome) -> bool:
        found = self.value(outcome)
        return found >= self.bound if self.least else found <= self.bound


def slowest(outcome: Outcome) -> float:
    """Milliseconds of the slowest long text; infinite where one crashed."""
    found = outcome.long_ms.values()
    return max((float("inf") if each is None else each for each in found), default=0.0)


LIMITS = (
    Limit("texts a second", "1/s", 5000, lambda outcome: outcome.per_second, least=True),
    Limit("p99, one by one", "ms", 2, lambda outcome: outcome.p99_ms),
    Limit("load after imports", "s", 0.5, lambda outcome: outcome.load_s),
    Limit("memory added", "MB", 80, lambda outcome: outcome.memory_mb),
    Limit("longest text, worst shape", "ms", 50, slowest),
)
COSTS: tuple[tuple[str, Callable[[Outcome], float]], ...] = (
    ("texts/s", lambda outcome: outcome.per_second),
    ("p50 ms", lambda outcome: outcome.p50_ms),
    ("p99 ms", lambda outcome: outcome.p99_ms),
    ("load s", lambda outcome: outcome.load_s),
    ("imports s", lambda outcome: outcome.imports_s),
    ("imports + load s", lambda outcome: outcome.imports_s + outcome.load_s),
    ("memory MB", lambda outcome: outcome.memory_mb),
)


def quality(entries: Sequence[Entry]) -> Table:
    """A row a contestant: shares of the determined, of the several, and of those without a unit."""
    header = (
        "",
        "determined: asserted",
        "right when asserted",
        "95 % interval",
        "right of all",
        "several: recall",
    )
    rows = [(*header, "listed", "asserted", "none: asserted", "outside: asserted", "outside said", "crashes")]
    return rows + [_quality_row(entry) for entry in entries]


def _quality_row(entry: Entry) -> tuple[str, ...]:
    determined, several, none, outside = (entry.scores.groups[name] for name in GROUPS)
    right, asserted, low, high = entry.scores.right()
    return (
        entry.outcome.name,
        share(determined.asserted, determined.cases),
        f"{right}/{asserted} = {share(right, asserted)}",
        f"{low:.3f}–{high:.3f}" if asserted else "–",
        share(right, determined.cases),
        share(several.share, several.cases),
        f"{several.candidates / several.cases:.1f}" if several.cases else "–",
        share(several.asserted, several.cases),
        share(none.asserted, none.cases),
        share(outside.asserted, outside.cases),
        share(outside.said_outside, outside.cases),
        f"{entry.outcome.crashes} of {entry.outcome.calls}",
    )


def styles(entries: Sequence[Entry]) -> Table:
    """Of the determined messages of each style: how many were asserted rightly, and how many wrongly."""
    known = sorted(entries[0].scores.styles)
    rows = [("right / wrong / all", *(name or "(none)" for name in known))]
    for entry in entries:
        tallies = [entry.scores.styles[name] for name in known]
        cells = (f"{each.right} / {each.asserted - each.right} / {each.cases}" for each in tallies)
        rows.append((entry.outcome.name, *cells))
    return rows


def costs(entries: Sequence[Entry]) -> Table:
    """A row a contestant; in brackets the ratio to the first one, the resolver."""
    ours = entries[0].outcome
    rows: Table = [("", *(name for name, _ in COSTS), "network tries")]
    for entry in entries:
        cells = (beside(value(entry.outcome), value(ours)) for _, value in COSTS)
        rows.append((entry.outcome.name, *cells, str(entry.outcome.network)))
    return rows


def long_texts(entries: Sequence[Entry]) -> Table:
    """A row a shape, milliseconds; in brackets the ratio to the resolver."""
    ours = entries[0].outcome.long_ms
    rows: Table = [("ms", *(entry.outcome.name for entry in entries))]
    for shape in ours:
        rows.append((shape, *(_long_cell(entry.outcome, shape, ours[shape]) for entry in entries)))
    return rows


def _long_cell(outcome: Outcome, shape: str, ours: float | None) -> str:
    value = outcome.long_ms[shape]
    if value is None:
        return "crashed"
    more = "> " if shape in outcome.stopped else ""
    return more + beside(value, ours)


def limits(outcome: Outcome) -> Table:
    """The resolver against what it is held to."""
    rows: Table = [("limit", "bound", "measured", "ratio", "verdict")]
    for limit in LIMITS:
        found = limit.value(outcome)
        bound = f"{'≥' if limit.least else '≤'} {number(limit.bound)} {limit.unit}"
        verdict = "ok" if limit.holds(outcome) else "missed"
        rows.append(
            (limit.name, bound, f"{brief(found)} {limit.unit}", f"{found / limit.bound:.2f}", verdict)
        )
    return rows


def beside(value: float, ours: float | None) -> str:
    """The value, and in brackets how many times ours it is."""
    return f"{brief(value)} ({brief(value / ours)}×)" if ours else brief(value)


def brief(value: float) -> str:
    """Three digits, or all before the point."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def screen(table: Table) -> str:
    """An aligned table."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip() for line in lines)


def _markdown(table: Table) -> str:
    head, *rows = ("| " + " | ".join(row) + " |" for row in table)
    return "\n".join([head, "|---" * len(table[0]) + "|", *rows])


def tables(entries: Sequence[Entry]) -> dict[str, Table]:
    """Every table under its title."""
    return {
        "Quality": quality(entries),
        "Determined messages by style": styles(entries),
        "Speed, load and memory": costs(entries),
        "Longest texts": long_texts(entries),
        "Limits of the resolver": limits(entries[0].outcome),
    }


METHOD = """\
Every contestant ran in a process of its own, one after another, on one core, with every network call refused and counted.
Messages are asked one by one; after one pass over all to warm up, times are medians over at least five passes,
percentiles taken within each pass. *Load* is what follows the imports up to and including the first answer; *memory* is
the resident memory added by imports, load and all passes. A text that makes a contestant raise counts as no answer and
as a crash. A long text is given up after five seconds (">"). In brackets stands the ratio to the resolver of the same run.

Rivals are favoured where a choice had to be made: each is asked the message as it is **and** with ", Hà Nội" appended, and
of the two answers the one that serves it most by the label is counted (its speed is that of one call). They get subject
and text in one string. The resolver is asked once, as in use.

*Determined* messages have one unit, *several* more than one that what is written cannot tell apart, *none* and *outside*
no unit of Hanoi. *Recall* is the mean share of a message's units that are listed. The interval is Wilson's."""


def markdown(entries: Sequence[Entry], sources: Mapping[str, int], load: float) -> str:
    """The recorded report; `sources` is the number of messages by file name, `load` the load average before."""
    counted = ", ".join(f"{name} ({count})" for name, count in sources.items())
    spread = ", ".join(f"{entries[0].scores.groups[name].cases} {name}" for name in GROUPS)
    lines = [
        "# Wards: the resolver beside its rivals",
        "",
        f"{datetime.now(UTC).date().isoformat()}; {platform.system()} {platform.machine()}, {os.cpu_count()} cores of which"
        f" each process used one; load average before {load:.1f}. Python {platform.python_version()},"
        f" {', '.join(_packages())}.",
        "",
        f"Messages: {counted}: {spread}. Made by `python -m benchmarks.wards --record`.",
        "",
    ]
    for title, table in tables(entries).items():
        lines += [f"## {title}", "", _markdown(table), ""]
    lines += ["## What was measured and how", "", METHOD, "", "Contestants:", ""]
    lines += [f"- **{entry.outcome.name}**: {BY_NAME[entry.outcome.name].about}." for entry in entries]
    return "\n".join([*lines, ""])


def _packages() -> list[str]:
    names = dict.fromkeys(name for each in CONTESTANTS for name in each.packages)
    return [f"{name} {version(name)}" for name in names]
