"""Why a start ends early."""

from __future__ import annotations


class LaunchError(Exception):
    """The start cannot go on. The text is one line for the person at the keyboard."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM arrived."""
