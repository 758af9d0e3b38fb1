"""Entry points of gunicorn (see the Procfile)."""

from __future__ import annotations

import os

from flask import Flask

from feedback import logs
from feedback.settings import Settings
from feedback.web import SurfaceName, create_app


def public() -> Flask:
    """The citizens' surface and the webhooks. Raises SettingsError."""
    return _surface("public")


def desk() -> Flask:
    """The staff's desk. Raises SettingsError."""
    return _surface("desk")


def _surface(name: SurfaceName) -> Flask:
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log)
    return create_app(settings, name)
