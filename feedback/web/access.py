"""Every route says what it takes to use it; a route that says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from feedback.domain.permissions import Action

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
"""Mark of a route that anybody may use."""
SIGNED_IN = "signed in"
"""Mark of a route that any member of staff may use."""
MARK = "required_access"


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


def required(view: Callable[..., Any] | None) -> Action | str | None:
    """What the view asks for; None where it says nothing."""
    return getattr(view, MARK, None)
