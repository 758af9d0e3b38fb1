"""The staff's desk."""

from __future__ import annotations

from flask import Flask

from feedback.web import access, security
from feedback.web.desk import amounts, chrome, words


def register(flask_app: Flask) -> None:
    """Log-in and every screen of the desk."""
    access.guard(flask_app)
    security.install(flask_app)
    words.install(flask_app)
    amounts.install(flask_app)
    chrome.install(flask_app)
    for blueprint in chrome.blueprints():
        flask_app.register_blueprint(blueprint)
