"""A refusal that the sender gets to read: what is left of a too large body is taken off the wire and thrown away.

A server that answers 413 and closes while the sender is still writing resets the connection: the sender sees a broken
pipe instead of the answer, and a provider repeats for nothing. Time and threads for it are bounded by `patience`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

MOST = 64 * 1024 * 1024
"""Whoever sends more than this learns nothing but the end of the connection."""
_PIECE = 64 * 1024

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def drained(application: Wsgi) -> Wsgi:
    """The application, with the rest of the body read away before a 413 is sent."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def started(status: str, headers: Any, exc_info: Any = None) -> Any:
            # Only where the server marks the end of the body: elsewhere reading on could wait for ever.
            if status.startswith("413") and environ.get("wsgi.input_terminated") and _is_bounded(environ):
                _read_away(environ["wsgi.input"])
            return start_response(status, headers, exc_info)

        return application(environ, started)

    return answer


def _is_bounded(environ: dict[str, Any]) -> bool:
    """A body that says how long it is, and is not beyond all measure; one without a length is cut off at once."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    return length.isdigit() and int(length) <= MOST


def _read_away(body: Any) -> None:
    left = MOST
    while left > 0 and (piece := body.read(_PIECE)):
        left -= len(piece)
