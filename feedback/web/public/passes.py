"""Which ticket this browser may look at, for half an hour after code and contact were proven. Kept in the session."""

from __future__ import annotations

from time import time

from flask import session

_TICKET = "ticket"
_UNTIL = "ticket_until"
_SENT = "sent"
PASS_SECONDS = 30 * 60


def grant(code: str) -> None:
    """Code and contact were proven, or this browser has just sent the message itself."""
    session[_TICKET] = code
    session[_UNTIL] = int(time()) + PASS_SECONDS


def current() -> str | None:
    """The proven ticket, or None where there is no pass or it has run out."""
    return _unexpired(_TICKET)


def end() -> None:
    """Leave nothing behind on a shared telephone."""
    for name in (_TICKET, _UNTIL, _SENT):
        session.pop(name, None)


def sent(code: str) -> None:
    """Remember what was just sent, for the page of thanks."""
    session[_SENT] = code
    grant(code)


def last_sent() -> str | None:
    """What this browser sent, for as long as its pass holds."""
    return _unexpired(_SENT)


def _unexpired(name: str) -> str | None:
    code, until = session.get(name), session.get(_UNTIL, 0)
    return code if isinstance(code, str) and isinstance(until, int) and until > time() else None
