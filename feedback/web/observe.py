"""One log line and one measurement a request. Routes, never paths: a path may carry a ticket code."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

log = logging.getLogger("feedback.web")

_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_QUIET = frozenset({"static", "health.healthz", "health.readyz", "health.metrics"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Measures:
    """The counters of this process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "feedback_http_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "feedback_http_request_seconds",
            "Time to answer",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )


def install(flask_app: Flask) -> None:
    measures = Measures()
    flask_app.extensions["feedback_measures"] = measures

    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        g.started = time.perf_counter()

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "(none)"
        method = request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        measures.requests.labels(method, route, str(response.status_code)).inc()
        measures.seconds.labels(route).observe(seconds)
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint not in _QUIET:
            log.info(
                method,
                extra={
                    "request": g.get("request_id"),
                    "route": route,
                    "status": response.status_code,
                    "seconds": round(seconds, 4),
                },
            )
        return response

    flask_app.before_request(begin)
    flask_app.after_request(end)
