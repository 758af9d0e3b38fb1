"""How often one address may ask. Without Redis each process counts for itself; a fault of the counter stops nobody."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from feedback.web.current import here

_KEY = "feedback_limiter"
_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
"""Seconds."""


def install(flask_app: Flask) -> None:
    surroundings = here(flask_app)
    flask_app.extensions[_KEY] = Limiter(
        get_remote_address,
        app=flask_app,
        storage_uri=storage(surroundings.settings.redis_url),
        storage_options=_PATIENCE,
        key_prefix=surroundings.surface,
        strategy="fixed-window",
        swallow_errors=True,
        in_memory_fallback_enabled=True,
        headers_enabled=False,
    )


def of(flask_app: Flask) -> Limiter:
    """The surface's limiter: `of(flask_app).limit("10 per minute", methods=["POST"])(view)`."""
    return cast(Limiter, flask_app.extensions[_KEY])


def storage(redis_url: str) -> str:
    """The same server in the words of the limiter's library."""
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
