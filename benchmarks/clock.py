"""`python -m benchmarks.clock`: deadlines and working time per second in one process, beside the limit and two rivals.

Everybody is asked about the same instants of 2024–2027, given in UTC as the database gives them; every answer of ours
is compared with that of the plain loop. Seconds are those of this process, so that what else the machine does hardly counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from benchmarks.clock_rivals import DayByDay, Package
from feedback.domain.calendar import shipped
from feedback.domain.clocks import OfficeClock
from feedback.domain.deadlines import due_by
from feedback.domain.terms import Term, Unit

RECORD = Path(__file__).parent / "clock.md"
LIMIT = 200_000
"""Answers a second that bulk recomputation needs."""
ROUNDS = 5
ASKED = 20_000
ASKED_OF_LOOP = 2_000
ASKED_OF_PACKAGE = 150
SEED = 5

Span = tuple[datetime, datetime]
Answer = Callable[[Span], object]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, and who answers it. `package` is None where the package cannot."""

    name: str
    ours: Answer
    loop: Answer
    package: Answer | None


@dataclass(frozen=True, slots=True)
class Line:
    """What one question came to, in answers a second. `wrong`: answers that differ from the loop's."""

    name: str
    ours: float
    loop: float
    package: float | None
    wrong: int
    package_differs: float | None


def spans() -> list[Span]:
    """Instants of 2024–2027 to the second, each with an end within twenty days."""
    rng = random.Random(SEED)
    first, days = datetime(2024, 1, 1, tzinfo=UTC), 3 * 365 + 300
    starts = [first + timedelta(seconds=rng.randrange(days * 86_400)) for _ in range(ASKED)]
    return [(start, start + timedelta(seconds=rng.randrange(20 * 86_400))) for start in starts]


def questions() -> list[Question]:
    clock, loop, package = OfficeClock(shipped()), DayByDay(), _package()

    def hours(number: int) -> Question:
        term = Term(number, Unit.WORKING_HOURS)
        return Question(
            f"due in {number} working hours",
            lambda span: due_by(term, span[0], clock),
            lambda span: loop.working_hours(span[0], number),
            (lambda span: package.working_hours(span[0], number)) if package else None,
        )

    days, dates = Term(15, Unit.WORKING_DAYS), Term(30, Unit.CALENDAR_DAYS)
    return [
        hours(4),
        hours(40),
        Question(
            "due in 15 working days",
            lambda span: due_by(days, span[0], clock),
            lambda span: loop.working_days(span[0], 15),
            None,
        ),
        Question(
            "due in 30 days",
            lambda span: due_by(dates, span[0], clock),
            lambda span: loop.calendar_days(span[0], 30),
            None,
        ),
        Question(
            "working time of up to 20 days",
            lambda span: clock.between(*span),
            lambda span: loop.worked(*span),
            (lambda span: package.worked(*span)) if package else None,
        ),
    ]


def measure(asked: Sequence[Span], question: Question) -> Line:
    few, fewest = asked[:ASKED_OF_LOOP], asked[:ASKED_OF_PACKAGE]
    package = question.package
    return Line(
        question.name,
        _rate(question.ours, asked),
        _rate(question.loop, few),
        _rate(package, fewest, rounds=1) if package else None,
        sum(question.ours(span) != question.loop(span) for span in asked),
        sum(question.ours(span) != package(span) for span in fewest) / len(fewest) if package else None,
    )


def markdown(lines: Sequence[Line], load: float) -> str:
    """The table as recorded, in answers a second."""
    rows = [
        f"| {line.name} | {line.ours:,.0f} | {line.ours / LIMIT:.2f} | {line.loop:,.0f} | {line.ours / line.loop:.1f} "
        f"| {_or_dash(line.package, ',.0f')} | {_or_dash(line.package_differs, '.0%')} | {line.wrong} of {ASKED:,} |"
        for line in lines
    ]
    return "\n".join([*_head(load), *rows, "", *_NOTES, ""])


def _head(load: float) -> list[str]:
    return [
        "# The clock: answers a second in one process",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}; {platform.system()} {platform.machine()}, {os.cpu_count()} cores; load average "
        f"before {load:.1f}. Python {platform.python_version()}, businesstimedelta {_version()}.",
        f"Processor time of one process, best of {ROUNDS} rounds over {ASKED:,} instants of 2024–2027 given in UTC; the "
        f"loop was asked about {ASKED_OF_LOOP:,} of them, the package about {ASKED_OF_PACKAGE}, once.",
        "Made by `python -m benchmarks.clock --record`.",
        "",
        f"| question | ours | to the limit of {LIMIT:,} | plain loop | ours to the loop | businesstimedelta "
        "| of it differs | ours differs from the loop |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]


_NOTES = (
    "The loop walks over days: what it takes grows with the term, ours does not. The package knows no terms in days and no",
    "made-up days, near which it differs.",
)


def _rate(answer: Answer, asked: Sequence[Span], rounds: int = ROUNDS) -> float:
    return len(asked) / min(_timed(answer, asked) for _ in range(rounds))


def _timed(answer: Answer, asked: Sequence[Span]) -> float:
    begin = time.process_time()
    for span in asked:
        answer(span)
    return time.process_time() - begin


def _package() -> Package | None:
    try:
        return Package()
    except ImportError:
        return None


def _version() -> str:
    return version("businesstimedelta") if _package() else "not installed"


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def main(arguments: list[str]) -> int:
    """0 when ours agreed with the loop everywhere; 1 otherwise, or with --strict when a rate is below the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clock", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="a rate below the limit is a failure")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}")
    chosen = parser.parse_args(arguments)
    load, asked = os.getloadavg()[0], spans()
    lines = [measure(asked, question) for question in questions()]
    text = markdown(lines, load)
    print(text)
    if chosen.record:
        RECORD.write_text(text, encoding="utf-8")
    slow = chosen.strict and any(line.ours < LIMIT for line in lines)
    return 1 if slow or any(line.wrong for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
