"""What citizens and providers see: webhooks, the portal's form, following a ticket."""

from __future__ import annotations

from typing import cast

from flask import Flask
from flask_wtf import CSRFProtect

from feedback.web.public import follow, gates, hooks, my_data, portal


def register(flask_app: Flask) -> None:
    """Add the public routes to a surface made by `feedback.web.create_app`."""
    gates.install(flask_app)
    csrf = cast(CSRFProtect, flask_app.extensions["csrf"])
    # Providers sign their bodies instead; the forms check the token themselves, to give the text back.
    for blueprint in (hooks.blueprint, portal.blueprint, follow.blueprint, my_data.blueprint):
        csrf.exempt(blueprint)
        flask_app.register_blueprint(blueprint)
