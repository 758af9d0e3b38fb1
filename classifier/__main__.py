"""`python -m classifier`: predict, train, evaluate, explain, card, corpus, wards, pii."""

from __future__ import annotations

import argparse
import os
import sys

from classifier import commands
from classifier.explain import cli as explain
from classifier.pii import cli as pii
from classifier.wards import cli as wards


def command_line() -> argparse.ArgumentParser:
    """The parser with all commands; each sets `run`."""
    parser = argparse.ArgumentParser(prog="python -m classifier", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)
    for part in (commands, wards, pii, explain):
        part.add_commands(subparsers)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 when the command could not start."""
    chosen = command_line().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except BrokenPipeError:
        # Whoever read our output has enough of it (`| head`): the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
