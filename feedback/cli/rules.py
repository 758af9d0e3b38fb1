"""`feedback clock` and `terms`: working time, and what is due when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from feedback.cli.verbs import Verbs, add, group_of, settings, started


def declare(verbs: Verbs) -> None:
    """Add the commands of this family."""
    _clock(verbs)
    _terms(verbs)


def _clock(verbs: Verbs) -> None:
    def run(_: argparse.Namespace) -> int:
        from feedback.jobs import sweep

        return sweep.main(started())

    def due(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        def answer() -> str:
            end = cli_clock.due(arguments.start, arguments.term)
            _warn(cli_clock.warnings(arguments.start, end))
            return end

        return _tell(answer)

    def worked(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        def answer() -> int:
            seconds = cli_clock.worked(arguments.start, arguments.end)
            _warn(cli_clock.warnings(arguments.start, arguments.end))
            return seconds

        return _tell(answer)

    def scan(arguments: argparse.Namespace) -> int:
        from feedback.commands import scan

        return scan.scan(started(), once=arguments.once)

    def check(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        try:
            line, notes = cli_clock.check(arguments.folder)
        except ValueError as faults:
            print(faults, file=sys.stderr)
            return 1
        _warn(notes)
        print(line)
        return 0

    group = group_of(verbs, "clock", "working time, and the clock process")
    add(group, "run", "run the clock process (Procfile)", run)
    parser = add(group, "scan", "look which terms have run far enough that somebody is told", scan)
    parser.add_argument("--once", action="store_true", help="one look, instead of one every ten seconds")
    parser = add(group, "due", "when a term ends", due)
    parser.add_argument("start", metavar="FROM", help="ISO 8601, for example 2026-02-13T16:30+07:00")
    parser.add_argument("term", metavar="TERM", help="4wh, 5wd or 30d")
    parser = add(group, "worked", "working seconds between two instants", worked)
    parser.add_argument("start", metavar="FROM")
    parser.add_argument("end", metavar="TO")
    parser = add(group, "check", "read calendar files and say every fault before they are installed", check)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="without it, the shipped calendar")


def _terms(verbs: Verbs) -> None:
    def listing(_: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.listing(settings())

    def show(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.show(settings(), arguments.version)

    def preview(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.preview(settings(), arguments.file)

    def publish(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.publish(settings(), arguments.file, arguments.note, move=arguments.move)

    def calendar(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.move_calendar(settings(), arguments.note, really=arguments.move)

    group = group_of(verbs, "terms", "what is due when, in versions")
    add(group, "list", "every version, and the running tickets judged by it", listing)
    add(group, "show", "a version as JSON", show).add_argument("version", nargs="?", metavar="VERSION")
    parser = add(group, "preview", "what another version would do to running tickets", preview)
    parser.add_argument("file", type=Path, metavar="FILE", help="TOML or JSON")
    parser = add(group, "publish", "publish another version", publish)
    parser.add_argument("file", type=Path, metavar="FILE", help="TOML or JSON")
    parser.add_argument("--note", required=True, help="on what grounds")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument(
        "--keep", dest="move", action="store_false", help="running tickets keep their deadlines"
    )
    choice.add_argument("--move", dest="move", action="store_true", help="running tickets are judged anew")
    parser = add(group, "calendar", "running tickets and the shipped calendar", calendar)
    parser.add_argument("--move", action="store_true", help="judge running tickets by it")
    parser.add_argument("--note", default="", help="on what grounds")


def _tell(compute: Callable[[], object]) -> int:
    from feedback.domain.errors import DomainError

    try:
        print(compute())
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    return 0


def _warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
