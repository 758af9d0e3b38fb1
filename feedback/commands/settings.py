"""The environment of a command: the caller's, completed by what `make run` keeps running in the same home."""

from __future__ import annotations

import os
from collections.abc import Mapping

from feedback.embedded.home import Home
from feedback.embedded.servers import running_elsewhere
from feedback.settings import Settings


def environment() -> Mapping[str, str]:
    """What the caller set wins; embedded servers are found by their home when no database is named."""
    given = {name: value for name, value in os.environ.items() if value}
    if "DATABASE_URL" in given:
        return given
    return {**running_elsewhere(Home.at(given.get("FEEDBACK_HOME") or ".feedback")), **given}


def load() -> Settings:
    """Raises SettingsError with all faults."""
    return Settings.from_env(environment())
