"""`feedback`: the operator's command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from feedback.cli import content, rules, service, trail
from feedback.cli.verbs import Run
from feedback.settings import SettingsError


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a check failed or the input was refused, 2 wrong usage or settings."""
    arguments = parser().parse_args(argv)
    run: Run = arguments.run
    try:
        return run(arguments)
    except SettingsError as faults:
        print(faults, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Every command, family by family."""
    found = argparse.ArgumentParser(prog="feedback", description=__doc__)
    verbs = found.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for family in (service, trail, rules, content):
        family.declare(verbs)
    return found
