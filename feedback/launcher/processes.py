"""The long-lived processes of the Procfile, under honcho. When one ends, honcho ends the others."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from feedback.embedded.child import open_log
from feedback.launcher.stopping import end

NAMES = ("web", "desk", "worker", "clock")
STOPPED = re.compile(r"system\s*\| (\w+)\.\d+ stopped \(rc=(-?\d+)\)")
SHOWN_LINES = 8


class Processes:
    """`log` gets every line of every process; only what ends unexpectedly is shown.

    honcho writes to the file itself: a pipe to us would break when we are killed, and honcho would then leave
    its children behind.
    """

    def __init__(self, procfile: Path, environment: Mapping[str, str], log: Path) -> None:
        # honcho would read a .env file, behind the back of the settings that were checked.
        command = (sys.executable, "-m", "honcho", "-f", str(procfile), "-e", "/dev/null", "start", *NAMES)
        self._log = log
        with open_log(log) as file:
            self._begin = file.tell()
            self._process = subprocess.Popen(  # noqa: S603
                command,
                env={**environment, "PYTHONUNBUFFERED": "1"},
                cwd=procfile.parent,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> str | None:
        """What ended first, with its last lines; None while all run."""
        if self._process.poll() is None:
            return None
        lines = self._written()
        first = next(filter(None, map(STOPPED.search, lines)), None)
        if first is None:
            return f"the processes ended: see {self._log}"
        name, code = first.groups()
        own = [line for line in lines if f" {name}." in line and " system " not in line]
        return "\n  ".join(
            [f"{name} ended by itself (exit code {code}); see {self._log}", *own[-SHOWN_LINES:]]
        )

    def stop(self) -> None:
        """SIGTERM to every process; honcho kills what is still there after five seconds."""
        end(self._process)

    def _written(self) -> list[str]:
        with self._log.open("rb") as file:
            file.seek(self._begin)
            return file.read().decode(errors="replace").splitlines()
