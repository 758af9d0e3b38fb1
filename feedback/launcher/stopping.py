"""The wish to stop, as something every wait looks at."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from feedback.launcher.errors import LaunchError, StopRequested

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_SECONDS = 15.0


class Stopping:
    """A signal only sets a flag: a second Ctrl-C cannot cut short an orderly end."""

    def __init__(self) -> None:
        self._wanted = threading.Event()

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._wanted.set()

    def pause(self, seconds: float) -> None:
        """Sleep, unless the end is wanted. Raises StopRequested."""
        if self._wanted.wait(seconds):
            raise StopRequested

    def wait_until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Raises LaunchError after `seconds`, StopRequested when the end is wanted."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise LaunchError(f"{what} after {seconds:.0f} s")
            self.pause(0.1)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Run one step to its end and return what it printed. Raises LaunchError, StopRequested."""
        name = " ".join(command[2:])
        # A session of its own: Ctrl-C reaches us, and we end the step.
        process = subprocess.Popen(  # noqa: S603
            command,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        printed: list[str] = []
        reader = threading.Thread(target=lambda: printed.extend(process.stdout or ()), daemon=True)
        reader.start()
        try:
            while process.poll() is None:
                self.pause(0.05)
        finally:
            end(process)
            reader.join(1)
        if process.returncode != 0:
            reason = next((line.strip() for line in reversed(printed) if line.strip()), "no reason given")
            raise LaunchError(f"{name} failed: {reason}")
        return "".join(printed)


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes], seconds: float = PATIENCE_SECONDS) -> None:
    """SIGTERM, patience, SIGKILL."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
