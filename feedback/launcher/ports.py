"""A taken port is said in one line, before anything is started."""

from __future__ import annotations

import errno
import socket

from feedback.launcher.errors import LaunchError
from feedback.settings import Surface, Web

REASONS = {
    errno.EADDRINUSE: "is taken by another program",
    errno.EACCES: "may not be used by this account",
    errno.EADDRNOTAVAIL: "stands on an address this machine does not have",
}


def check(web: Web) -> None:
    """Raises LaunchError that names the setting."""
    for name, surface in (("PUBLIC", web.public), ("DESK", web.desk)):
        fault = bind_fault(surface)
        if fault:
            setting = f"FEEDBACK_{name}_PORT"
            raise LaunchError(f"port {surface.port} on {surface.host} {fault}: set {setting} to another one")


def bind_fault(surface: Surface) -> str | None:
    family = socket.AF_INET6 if ":" in surface.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((surface.host, surface.port))
        except OSError as error:
            return REASONS.get(error.errno or 0, f"cannot be used ({error.strerror})")
    return None
