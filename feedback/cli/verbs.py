"""How a command is declared: its words, and the function that runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from feedback.settings import Settings

Run = Callable[[argparse.Namespace], int]
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def group_of(verbs: Verbs, name: str, help_text: str) -> Verbs:
    """A word that other words follow: `feedback NAME …`."""
    group = verbs.add_parser(name, help=help_text)
    return group.add_subparsers(title="commands", required=True, metavar="COMMAND")


def add(verbs: Verbs, name: str, help_text: str, run: Run) -> argparse.ArgumentParser:
    """A command; its arguments are added to what is returned."""
    parser = verbs.add_parser(name, help=help_text)
    parser.set_defaults(run=run)
    return parser


def settings() -> Settings:
    """Raises SettingsError."""
    from feedback.commands.settings import load

    return load()


def started() -> Settings:
    """The settings of a process that stays, with its log set up. Raises SettingsError."""
    from feedback import logs

    found = settings()
    logs.configure(found.log)
    return found
