"""The citizens' surface on a real port, and a telephone to look at it with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

SCREENSHOTS = Path(__file__).parents[3] / "screenshots"
PHONE_SCREEN = {"width": 360, "height": 740}


@contextmanager
def serving(flask_app: Flask) -> Iterator[str]:
    """The address of `flask_app` while the block runs."""
    server = make_server("127.0.0.1", 0, flask_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)


def screenshot(name: str) -> Path:
    """Where a picture of a screen goes; the folder is not kept in git."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS / f"{name}.png"
