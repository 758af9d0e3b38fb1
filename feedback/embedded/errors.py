"""What can go wrong with the embedded servers, in sentences for the person at the keyboard."""

from __future__ import annotations


class EmbeddedError(Exception):
    """The embedded servers cannot run. The text is one line that says what to do."""


class HomeInUse(EmbeddedError):
    """Another process keeps servers in the same home."""
