"""A real Valkey server of our own: socket only, append-only file on, nothing is evicted."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

from feedback.embedded import binaries
from feedback.embedded.child import Child, Command, end_orphan
from feedback.embedded.home import Home, private_folder, write_private

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "databases": "64",
    # An RQ key that vanishes under memory pressure would be a lost ring.
    "maxmemory-policy": "noeviction",
    "save": "",
}


class Valkey:
    """A running server. `stop()` ends it; the object is its parent and must stay alive as long."""

    def __init__(self, path: Path, child: Child) -> None:
        self._socket = path
        self._child = child

    def url(self, database: int = 0) -> str:
        """A redis-py URL through the socket."""
        return f"unix://{self._socket}?db={database}"

    def alive(self) -> bool:
        return self._child.alive()

    def stop(self) -> None:
        """Writes what is not yet on disk, then ends."""
        self._child.stop()


def start(home: Home, *, durable: bool = True) -> Valkey:
    """Start under the home's lock; a server left by a killed parent is ended first. Raises EmbeddedError."""
    data = private_folder(home.root / "valkey")
    pid_file = home.run / "valkey.pid"
    path = home.sockets() / "valkey.sock"
    end_orphan(pid_file, "valkey-server", signal.SIGTERM)
    path.unlink(missing_ok=True)
    chosen = SETTINGS | {"dir": str(data), "unixsocket": str(path), "pidfile": str(pid_file)}
    configuration = chosen | {"appendonly": "yes" if durable else "no"}
    file = data / "valkey.conf"
    write_private(file, "".join(f"{name} {quoted(value)}\n" for name, value in configuration.items()))
    command = Command(
        name="Valkey",
        arguments=(str(binaries.valkey()), str(file)),
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        folder=data,
        log=home.logs / "valkey.log",
        stop=signal.SIGTERM,
    )
    child = Child(command)
    child.wait_ready(lambda: answers(path))
    return Valkey(path, child)


def quoted(value: str) -> str:
    """A value as the configuration file wants it: paths may hold blanks and quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def answers(path: Path) -> bool:
    """Whether a PING is answered. A connection alone says too little: the server loads its file first."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
