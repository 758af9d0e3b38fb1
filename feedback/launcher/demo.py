"""The demo beside the service: local providers first, then a player that writes as citizens do.

`python -m feedback.demo providers FILE` starts them, writes the environment that leads the service to them to
FILE as a JSON object (whole, by a rename), and runs until SIGTERM. `python -m feedback.demo play` sends the
messages, shows progress, and ends.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from feedback.launcher.errors import LaunchError
from feedback.launcher.stopping import Stopping, end

PATIENCE_SECONDS = 60


class Demo:
    def __init__(self, stopping: Stopping, file: Path) -> None:
        self._stopping = stopping
        self._file = file
        self._running: list[subprocess.Popen[str]] = []

    @staticmethod
    def available() -> bool:
        return importlib.util.find_spec("feedback.demo") is not None

    def providers(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Start the providers; return what leads the service to them. Raises LaunchError, StopRequested."""
        self._file.unlink(missing_ok=True)
        process = self._start(("providers", str(self._file)), environment)

        def settled() -> bool:
            return self._file.exists() or process.poll() is not None

        self._stopping.wait_until(settled, PATIENCE_SECONDS, "the demo's providers are not ready")
        if not self._file.exists():
            raise LaunchError(
                "the demo's providers ended while starting: FEEDBACK_DEMO=0 starts without them"
            )
        return {str(name): str(value) for name, value in json.loads(self._file.read_text()).items()}

    def play(self, environment: Mapping[str, str]) -> None:
        """Start the player; it prints its own progress."""
        self._start(("play",), environment)

    def stop(self) -> None:
        for process in reversed(self._running):
            end(process)
        self._file.unlink(missing_ok=True)

    def _start(self, verb: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-m", "feedback.demo", *verb),
            env=dict(environment),
            text=True,
            start_new_session=True,
        )
        self._running.append(process)
        return process
