"""For the operator's machines: alive, ready, measured. No personal data."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import cast

import redis
from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from feedback.store import escalations
from feedback.store.faults import DATABASE_DOWN
from feedback.store.queries import condition
from feedback.web.access import public_route
from feedback.web.current import app, settings
from feedback.web.observe import Measures

SCHEMA = "0008"
"""The migration this code needs. A test compares it with the newest one: alembic is too heavy to ask here."""

LATE = timedelta(minutes=2)
"""A clock process that works leaves no step unrecorded for longer."""

blueprint = Blueprint("health", __name__)


def install(flask_app: Flask) -> None:
    flask_app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public_route
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public_route
def readyz() -> tuple[Response, int]:
    """503 unless the database answers with the right schema. Redis is only a bell: its loss degrades."""
    database, bell = _database(), _bell()
    ready = database == "ok"
    status = "ready" if ready and bell == "ok" else "degraded" if ready else "unready"
    return jsonify(status=status, database=database, redis=bell), 200 if ready else 503


@blueprint.get("/metrics")
@public_route
def metrics() -> Response:
    """Prometheus text, for addresses of the own network only."""
    if not _is_near(request.remote_addr) or _through_unknown_proxy():
        abort(404)
    measures = cast(Measures, current_app.extensions["feedback_measures"])
    body = generate_latest(measures.registry) + generate_latest(_gauges())
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        with app().store.reading() as session:
            found = condition.revision(session)
    except DATABASE_DOWN:
        return "unreachable"
    return "ok" if found == SCHEMA else "schema is not at the expected migration"


def _bell() -> str:
    try:
        client = redis.Redis.from_url(settings().redis_url, socket_connect_timeout=0.3, socket_timeout=0.3)
        with client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


def _gauges() -> CollectorRegistry:
    registry = CollectorRegistry()
    tickets = Gauge("feedback_tickets_waiting", "Tickets not yet answered", ("queue",), registry=registry)
    oldest = Gauge(
        "feedback_ticket_oldest_seconds", "Age of the oldest of them", ("queue",), registry=registry
    )
    outbox = Gauge("feedback_outbox_rows", "Outbox rows not done", ("task", "state"), registry=registry)
    age = Gauge(
        "feedback_outbox_oldest_seconds", "Age of the oldest of them", ("task", "state"), registry=registry
    )
    late = Gauge(
        "feedback_steps_late",
        "Tickets whose next step is overdue: no clock runs, or bad data",
        registry=registry,
    )
    with app().store.reading() as session:
        for depth in condition.depths(session):
            tickets.labels(depth.queue).set(depth.tickets)
            oldest.labels(depth.queue).set(depth.oldest_seconds)
        late.set(escalations.overdue(session, LATE))
        for row in condition.pending(session):
            outbox.labels(row.task, row.state).set(row.rows)
            age.labels(row.task, row.state).set(row.oldest_seconds)
    return registry


def _through_unknown_proxy() -> bool:
    """A proxy that was not announced (FEEDBACK_TRUSTED_PROXIES): the near address is its own, not the asker's."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return forwarded and not settings().web.trusted_proxies


def _is_near(address: str | None) -> bool:
    return address is None or ip_address(address).is_private
