"""The long-lived processes of the Procfile, under honcho. When one ends, honcho ends the others."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from feedback.embedded.child import open_log
from feedback.launcher.stopping import end

NAMES = ("web", "desk", "worker", "clock")
STOPPED = re.compile(r"system\s*\| (\w+)\.\d+ stopped \(rc=(-?\d+)\)")
STARTED = re.compile(r"system\s*\| \w+\.\d+ started \(pid=")
SHOWN_LINES = 8
SETTLE_SECONDS = 3.0
STOP_SECONDS = 8.0


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
        """SIGTERM to every process; honcho kills what is still there after five seconds, and we what honcho left."""
        # honcho fails on a signal that comes before it has noted every process, and leaves them behind.
        deadline = time.monotonic() + SETTLE_SECONDS
        while self._process.poll() is None and not self._all_noted() and time.monotonic() < deadline:
            time.sleep(0.05)
        left = self._family()
        end(self._process, STOP_SECONDS)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def _all_noted(self) -> bool:
        return sum(bool(STARTED.search(line)) for line in self._written()) >= len(NAMES)

    def _family(self) -> list[psutil.Process]:
        try:
            found: list[psutil.Process] = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        return found

    def _written(self) -> list[str]:
        with self._log.open("rb") as file:
            file.seek(self._begin)
            return file.read().decode(errors="replace").splitlines()
