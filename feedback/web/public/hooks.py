"""Webhooks: bounded raw bytes in, one transaction, a tiny answer. No session, no template, no waiting for Redis."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from channels.message import RawDelivery
from feedback.clock import utc_now
from feedback.services import intake
from feedback.store.faults import DATABASE_DOWN
from feedback.web.access import public_route
from feedback.web.current import app, settings
from feedback.web.public.doors import RETRY_SECONDS, Door, doors, status

log = logging.getLogger("feedback.web")

KEPT_PREFIXES = ("x-zevent-", "webhook-")
KEPT_HEADERS = frozenset({"content-type", "user-agent", "num_retry", "num-retry"})
"""Headers that prove or explain a delivery. Cookies, addresses and proxies' marks are not stored."""


blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")


@blueprint.route("/<channel>", methods=["GET", "POST"])
@public_route
def hook(channel: str) -> Response:
    """One delivery of a configured provider; 404 for any other name."""
    g.stateless = True
    door = doors(settings()).get(channel) or abort(404)
    if request.method != "POST":
        return _greeting(door)
    return _answer(door, intake.receive(app(), _delivery(door)))


def _greeting(door: Door) -> Response:
    if not door.answers_get:
        raise MethodNotAllowed(valid_methods=["POST"])
    return jsonify(outcome="ready")


def _delivery(door: Door) -> RawDelivery:
    return RawDelivery(door.channel, door.account, _body(door), _headers(dict(request.headers)), utc_now())


def _body(door: Door) -> bytes:
    """The bytes as they came. A body over the limit is refused before it is read, one without a length on the way."""
    limit = settings().limits.hook_bytes
    # One byte more than allowed: Werkzeug cuts a body without a length silently where its own limit is reached.
    request.max_content_length = limit + 1
    try:
        if (request.content_length or 0) > limit or len(body := request.get_data(cache=False)) > limit:
            raise RequestEntityTooLarge
    except RequestEntityTooLarge:
        _count(door, "too_large")
        raise
    return body


def _count(door: Door, reason: str) -> None:
    try:
        intake.refuse(app(), door.channel, reason)
    except DATABASE_DOWN as fault:
        # The answer stays 413: sending the same body again would not help.
        log.warning("refusal not counted", extra={"channel": door.channel, "fault": type(fault).__name__})


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    lowered = ((name.lower(), value) for name, value in given.items())
    return {name: value for name, value in lowered if name in KEPT_HEADERS or name.startswith(KEPT_PREFIXES)}


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """A provider's machine reads no page."""
    response = jsonify(error=error.name)
    response.status_code = error.code or 500
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = "POST"
    return response


def database_down(fault: Exception) -> Response:
    """Nothing was stored: the provider keeps the delivery and brings it again."""
    log.error("delivery not stored", extra={"fault": type(fault).__name__})
    response = jsonify(error="unavailable")
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


for _down in DATABASE_DOWN:
    blueprint.register_error_handler(_down, database_down)


def _answer(door: Door, outcome: intake.Outcome) -> Response:
    code = status(door, outcome)
    shown = {"outcome": outcome.kind} if code == 200 else {"outcome": outcome.kind, "error": outcome.reason}
    response = jsonify(shown)
    response.status_code = code
    if code == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
