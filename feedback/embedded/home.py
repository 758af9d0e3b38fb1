"""The folder that holds all state of the embedded servers (setting FEEDBACK_HOME, `.feedback` unless set).

Every folder made here is 0700 and every file 0600. Nothing outside is changed, with one exception: a socket
path has to stay under 100 characters, so a deep home gets a private folder under XDG_RUNTIME_DIR or /tmp.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feedback.embedded.errors import EmbeddedError, HomeInUse

SOCKET_PATH_LIMIT = 100
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True, slots=True)
class Home:
    root: Path

    @classmethod
    def at(cls, folder: str | Path) -> Home:
        """The home at `folder`, made (0700) when it does not exist."""
        root = Path(folder).expanduser().resolve()
        private_folder(root)
        return cls(root)

    @property
    def logs(self) -> Path:
        return private_folder(self.root / "logs")

    @property
    def run(self) -> Path:
        return private_folder(self.root / "run")

    @property
    def secrets(self) -> Path:
        return private_folder(self.root / "secrets")

    @property
    def digest(self) -> str:
        """Eight bytes that tell this home from every other on the machine."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    def sockets(self, environ: Mapping[str, str] = os.environ) -> Path:
        """A 0700 folder whose path is short and plain enough for a socket."""
        inside = self.root / "run"
        if len(str(inside) + LONGEST_SOCKET_NAME) < SOCKET_PATH_LIMIT and PLAIN_PATH.fullmatch(str(inside)):
            return self.run
        name = f"hanoi-feedback-{os.geteuid()}-{self.digest}"
        for base in (environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108
            path = Path(base, name)
            if (
                path.is_absolute()
                and path.parent.is_dir()
                and len(str(path) + LONGEST_SOCKET_NAME) < SOCKET_PATH_LIMIT
            ):
                return owned_folder(path)
        raise EmbeddedError(
            f"no folder with a path short enough for a socket: set FEEDBACK_HOME, now {self.root}"
        )

    def leave_sockets(self) -> None:
        """Remove the socket folder where it stands outside the home. Servers must have ended."""
        with contextlib.suppress(OSError):
            sockets = self.sockets()
            if not sockets.is_relative_to(self.root):
                shutil.rmtree(sockets)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home alone; the kernel lets go of the lock even after kill -9. Raises HomeInUse."""
        with (self.root / "lock").open("a+") as file:
            os.fchmod(file.fileno(), 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                advice = "stop it, or set FEEDBACK_HOME to another folder"
                raise HomeInUse(f"{self.root} is in use by process {holder}: {advice}") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield


def private_folder(path: Path) -> Path:
    """Make `path` with 0700 where it is missing; an existing folder is left as it is."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def owned_folder(path: Path) -> Path:
    """Like private_folder, in a parent where somebody else may have been first. Raises EmbeddedError."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise EmbeddedError(f"{path} is not a private folder of this user: remove it")
    return path


def write_private(path: Path, text: str) -> None:
    """Write a 0600 file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
