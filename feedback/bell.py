"""The bell tells a worker that the outbox has work. A bell that does not ring only makes the work slower."""

from __future__ import annotations

import logging
import threading
import time

import redis
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE = "feedback-bell"
JOB = "feedback.jobs.run.ring"
COALESCE_SECONDS = 5
"""How long one ring stands for all that follow, unless a worker answers it sooner."""
SILENCE_SECONDS = 2.0
"""After a failure the bell is not tried for this long, so that webhooks never wait for an absent Redis."""


def connection(redis_url: str) -> redis.Redis:
    """A client with short time limits: a webhook has two seconds in all."""
    return redis.Redis.from_url(
        redis_url, socket_connect_timeout=0.3, socket_timeout=0.5, health_check_interval=30
    )


def flag(task: str) -> str:
    return f"feedback:bell:{task}"


class Bell:
    """Rings once for many rows: while a ring is unanswered, further ones are dropped."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def ring(self, tasks: frozenset[str]) -> None:
        """Never raises: failure is logged, and the sweep finds the rows."""
        if time.monotonic() < self._silent_until:
            return
        try:
            for task in sorted(tasks):
                if self._client.set(flag(task), 1, nx=True, ex=COALESCE_SECONDS):
                    self._queue.enqueue(JOB, task, result_ttl=0, failure_ttl=3600, ttl=60)
        except redis.RedisError as fault:
            with self._lock:
                self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("bell is silent", extra={"fault": type(fault).__name__})
