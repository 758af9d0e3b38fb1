"""`python -m classifier wards …`: explain one text, check the tables, measure on labelled messages."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classifier.prediction import Query, WardReading
from classifier.wards import calibration, check, evaluate, words
from classifier.wards.resolver import Resolver


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `wards` command; each leaf sets `run`, a function of the parsed arguments that returns an exit code."""
    parser = subparsers.add_parser("wards", help="read wards from text")
    leaves = parser.add_subparsers(dest="wards_command", required=True)
    explain = leaves.add_parser("explain", help="what the resolver knows about a text, and why it decides")
    explain.add_argument("text")
    explain.add_argument("--subject")
    explain.set_defaults(run=run_explain)
    checking = leaves.add_parser(
        "check", help="contradictions, collisions and unreachable entries of the tables"
    )
    checking.add_argument("--streets", type=Path, help="JSON {street: {unit code: points}} to compare with")
    checking.set_defaults(run=_told(run_check))
    fitting = leaves.add_parser("calibrate", help="the knots of data/calibration.tsv from labelled messages")
    fitting.add_argument("files", type=Path, nargs="+")
    fitting.set_defaults(run=_told(run_calibrate))
    measuring = leaves.add_parser("evaluate", help="figures on labelled messages (JSON lines)")
    measuring.add_argument("file", type=Path)
    measuring.set_defaults(run=_told(run_evaluate))


def run_explain(arguments: argparse.Namespace) -> int:
    """Print the reading of one text."""
    resolver = Resolver.load()
    _say(explanation(resolver, Query(arguments.text, subject=arguments.subject)))
    return 0


def explanation(resolver: Resolver, query: Query) -> list[str]:
    """The reading as lines: clues with their strength, then the decision."""
    lines = []
    for title, text in (("tiêu đề", query.subject), ("nội dung", query.text)):
        if not text:
            continue
        folded, hits, _ = resolver.names(text)
        for hit in hits:
            known = dict.fromkeys(words.meaning(spelling.sense) for spelling in hit.spellings)
            slip = ", viết chưa khớp hẳn" if hit.doubtful else ""
            lines.append(f"[{title}] tên “{folded.source(hit.start, hit.end)}”{slip}:")
            lines += [f"    · {each}" for each in known]
        folded, clues = resolver.clues(text)
        for clue in clues:
            aside = ", nơi ở hoặc nơi lân cận" if clue.aside else ""
            quoted = folded.source(clue.start, clue.end)
            lean = f", nghiêng {clue.lean_share:.2f}" if clue.lean else ""
            lines.append(
                f"[{title}] hiểu “{quoted}”: {clue.why} [{clue.pattern} {clue.strength:.2f}{lean}{aside}]"
            )
    return lines + _decision(resolver.resolve(query))


def _decision(reading: WardReading) -> list[str]:
    if reading.ward is not None:
        lines = [f"→ {reading.ward.name} ({reading.ward.code}) {reading.ward.score:.2f}"]
    else:
        lines = ["→ ngoài Hà Nội" if reading.outside_hanoi else "→ chưa xác định"]
        lines += [f"   {each.score:.2f} {each.name} ({each.code})" for each in reading.candidates]
    return [*lines, *(f"   {reason}" for reason in reading.reasons)]


def run_check(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when something must be put right."""
    found = check.check()
    _say([f"{kind}: {count} names" for kind, count in found.counts.items()])
    _say([f"collision {each}" for each in found.collisions])
    _say([f"FAULT {each}" for each in found.faults])
    if arguments.streets is not None:
        _say(check.compare_streets(arguments.streets))
    return 1 if found.faults else 0


def run_calibrate(arguments: argparse.Namespace) -> int:
    """Print the knots as rows of the table."""
    cases = [evaluate.Case.from_row(row) for file in arguments.files for row in _rows(file)]
    resolver = Resolver.load(calibrated=False)
    readings = [(resolver.resolve(case.query).ward, case.gold) for case in cases]
    outcomes = [(ward.score, ward.code in gold) for ward, gold in readings if ward is not None]
    for raw, said, seen, right in calibration.fit(outcomes):
        _say([f"{raw:.3f}\t{said:.3f}\t{seen}\t{right}"])
    return 0


class FileUnreadable(ValueError):
    """A file given on the command line is not what it should be; says which, where and why."""


def _rows(file: Path) -> list[dict[str, Any]]:
    """The labelled messages of a file; raises FileUnreadable."""
    rows = []
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            evaluate.Case.from_row(row)
        except (ValueError, KeyError, TypeError) as fault:
            raise FileUnreadable(f"{file}, dòng {number}: không phải tin có nhãn ({fault!r})") from fault
        rows.append(row)
    if not rows:
        raise FileUnreadable(f"{file}: không có tin nào")
    return rows


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise FileUnreadable(f"{file}: không đọc được ({fault})") from fault


def _told(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The same command, with an unreadable file told in one line instead of a traceback."""

    def told(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except (FileUnreadable, check.PointsUnreadable) as fault:
            sys.stderr.write(f"wards: {fault}\n")
            return 2

    return told


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print the figures for a labelled file."""
    _say(evaluate.report(_rows(arguments.file)).lines())
    return 0


def _say(lines: list[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
