"""Every route says what it takes to use it; a route that says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from feedback.domain.errors import NotAllowed
from feedback.domain.permissions import GENERAL_ACTIONS, TICKET_ACTIONS, Action, Actor
from feedback.web.errors import wants_json

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
"""Mark of a route that anybody may use."""
SIGNED_IN = "signed in"
"""Mark of a route that any member of staff may use."""
MARK = "required_access"
LIBRARY = {
    "static": PUBLIC,
    "security.login": PUBLIC,
    "security.static": PUBLIC,
    "security.logout": SIGNED_IN,
    "security.change_password": SIGNED_IN,
    "security.verify": SIGNED_IN,
}
"""Routes that libraries bring along and that cannot carry a mark."""


def requires(action: Action) -> Callable[[View], View]:
    """The route needs a role that can do `action`; the use case then looks at the ticket itself."""

    def mark(view: View) -> View:
        setattr(view, MARK, action)
        return view

    return mark


def public_route(view: View) -> View:
    """The route is open to anybody."""
    setattr(view, MARK, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """The route is open to every member of staff."""
    setattr(view, MARK, SIGNED_IN)
    return view


def required(flask_app: Flask, endpoint: str) -> Action | str | None:
    """What the route asks for; None where it says nothing."""
    if endpoint in LIBRARY:
        return LIBRARY[endpoint]
    return getattr(flask_app.view_functions.get(endpoint), MARK, None)


def may_ever(actor: Actor, action: Action) -> bool:
    """Whether any role of the actor can do `action` to some ticket, or in general."""
    return any(action in TICKET_ACTIONS[role] | GENERAL_ACTIONS[role] for role in actor.roles)


def me() -> Actor:
    """Whoever is logged in, as the rules see them."""
    actor: Actor = current_user.actor()
    return actor


def guard(flask_app: Flask) -> None:
    """Check the mark of every route before its view runs."""
    flask_app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    needed = required(current_app, request.endpoint)
    if needed == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if needed is None or (isinstance(needed, Action) and not may_ever(me(), needed)):
        raise NotAllowed
    return None


def _to_login() -> Response:
    if wants_json() or request.method != "GET":
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
