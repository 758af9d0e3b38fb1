"""One server process: we are its parent and wait for it, so it never lingers as an unreaped child."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

from feedback.embedded.errors import EmbeddedError

START_SECONDS = 30.0
STOP_SECONDS = 20.0
LOG_LIMIT_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Command:
    """`stop`: the signal that ends the server cleanly. `account`: whom to become, None: stay who we are."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    stop: signal.Signals
    account: str | None = None


class Child:
    def __init__(self, command: Command) -> None:
        self._command = command
        with open_log(command.log) as log:
            # A session of its own: Ctrl-C reaches the clients first and the database last.
            self._process = subprocess.Popen(  # noqa: S603
                command.arguments,
                env=dict(command.environment),
                cwd=command.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                user=command.account,
                group=primary_group(command.account),
                extra_groups=[] if command.account else None,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Return when `ready()`; a server that ends or stays silent raises EmbeddedError, and is stopped."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive():
                raise EmbeddedError(
                    f"{self._command.name} ended while starting: {reason_in(self._command.log)}"
                )
            if ready():
                return
            time.sleep(0.02)
        self.stop()
        raise EmbeddedError(
            f"{self._command.name} was not ready after {seconds:.0f} s: see {self._command.log}"
        )

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask, wait, and after `seconds` insist."""
        if self.alive():
            self._process.send_signal(self._command.stop)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def end_orphan(pid_file: Path, marker: str, stop: signal.Signals) -> None:
    """End the server left by a parent that was killed, then remove its pid file.

    Call only under the home's lock. `marker` must stand in the command line: process numbers are used again.
    """
    pid = first_number(pid_file)
    if pid is None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if works(process) and any(marker in part for part in process.cmdline()):
            process.send_signal(stop)
            deadline = time.monotonic() + STOP_SECONDS
            while works(process) and time.monotonic() < deadline:
                time.sleep(0.02)
    pid_file.unlink(missing_ok=True)


def works(process: psutil.Process) -> bool:
    """Whether it still does something. A zombie does not, but PostgreSQL takes one for a living postmaster."""
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def first_number(pid_file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().split()[0])
    return None


def open_log(path: Path) -> IO[bytes]:
    """Append to a 0600 log; one older piece is kept beside it."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path.open("ab")


def reason_in(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        lines = file.read().decode(errors="replace").strip().splitlines()
    telling = [line for line in lines if "FATAL" in line] or lines
    return telling[-1] if telling else f"see {log}"


def primary_group(account: str | None) -> int | None:
    if account is None:
        return None
    import pwd

    return pwd.getpwnam(account).pw_gid
