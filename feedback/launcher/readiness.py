"""Asks a surface whether it is ready."""

from __future__ import annotations

import http.client

from feedback.settings import Surface

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
SECONDS = 5


def ready(surface: Surface) -> bool:
    """Whether /readyz answers 200."""
    host = EVERYWHERE.get(surface.host, surface.host)
    connection = http.client.HTTPConnection(host, surface.port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
