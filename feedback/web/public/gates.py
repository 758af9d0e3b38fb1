"""How often one address may send, and how often a code may be guessed at. The limits leave room for shared addresses."""

from __future__ import annotations

import hashlib
import logging
import time
from enum import Enum

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis import RedisError

from feedback.web import limits

log = logging.getLogger("feedback.web")

_KEY = "feedback_gates"
_SILENCE_SECONDS = 5.0
"""After a failure Redis is not asked for this long, so that citizens never wait for it."""


class Rule(Enum):
    """Mobile networks put thousands of telephones behind one address: only failed proofs are counted tightly."""

    SEND = "30 per minute; 300 per hour"
    WRONG_BY_ADDRESS = "15 per minute; 120 per hour"
    WRONG_BY_CODE = "5 per minute; 30 per hour"


class Gates:
    """Counts in Redis; while that is away each process counts for itself."""

    def __init__(self, shared: RateLimiter) -> None:
        self._shared = shared
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._silent_until = 0.0

    def is_open(self, rule: Rule, who: str) -> bool:
        """Whether `who` may still pass; nothing is counted."""
        return all(self._ask("test", item, rule, who) for item in parse_many(rule.value))

    def count(self, rule: Rule, who: str) -> bool:
        """Count one passage of `who`; False where it was one too many."""
        passed = [self._ask("hit", item, rule, who) for item in parse_many(rule.value)]
        return all(passed)  # every window counts, also behind one that is full

    def _ask(self, verb: str, item: RateLimitItem, rule: Rule, who: str) -> bool:
        if time.monotonic() >= self._silent_until:
            try:
                return bool(getattr(self._shared, verb)(item, rule.name, who))
            except RedisError as fault:
                self._silent_until = time.monotonic() + _SILENCE_SECONDS
                log.warning("rate limits count alone", extra={"fault": type(fault).__name__})
        return bool(getattr(self._own, verb)(item, rule.name, who))


def install(flask_app: Flask) -> None:
    flask_app.extensions[_KEY] = Gates(limits.of(flask_app).limiter)


def gates() -> Gates:
    """Those of the surface that serves the request."""
    found: Gates = current_app.extensions[_KEY]
    return found


def address() -> str:
    """Whoever asks, as a key that is no address."""
    return _digest(request.remote_addr or "")


def code_key(code: str) -> str:
    """A ticket code as a key that does not tell the code."""
    return _digest(code)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
