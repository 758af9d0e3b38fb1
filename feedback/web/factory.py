"""Assembles one surface: the citizens' (`public`) or the staff's (`desk`)."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Literal

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import current, errors, health, language, limits, look, observe, shield
from feedback.web.drain import drained

SurfaceName = Literal["public", "desk"]

DESK_FORM_BYTES = 1_000_000
SESSION_HOURS = 9
"""One working day: whoever starts in the morning is not asked again before the evening."""


def create_app(settings: Settings, surface: SurfaceName, app: App | None = None) -> Flask:
    """One surface as a WSGI application. Without `app` real parts are wired (`feedback.bootstrap`)."""
    flask_app = Flask("feedback.web")
    flask_app.config.update(_configuration(settings, surface))
    if settings.web.trusted_proxies:
        hops = settings.web.trusted_proxies
        flask_app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            flask_app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    flask_app.wsgi_app = drained(flask_app.wsgi_app)  # type: ignore[method-assign, assignment]
    current.attach(flask_app, settings, surface, app or _wired(settings))
    CSRFProtect(flask_app)
    for part in (observe, shield, language, look, limits, errors, health):
        part.install(flask_app)
    _register(flask_app, surface)
    return flask_app


def _configuration(settings: Settings, surface: SurfaceName) -> dict[str, object]:
    here = settings.web.public if surface == "public" else settings.web.desk
    return {
        # A key of its own for each surface: what one signs means nothing to the other.
        "SECRET_KEY": hmac.new(settings.secret_key.encode(), surface.encode(), "sha256").hexdigest(),
        # Cookies do not know ports: two surfaces on one host need two names.
        "SESSION_COOKIE_NAME": f"feedback_{surface}",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": here.url.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "MAX_CONTENT_LENGTH": settings.limits.upload_bytes if surface == "public" else DESK_FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": DESK_FORM_BYTES,
        "MAX_FORM_PARTS": 200,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=7),
        "WTF_CSRF_TIME_LIMIT": SESSION_HOURS * 3600,
        "WTF_CSRF_FIELD_NAME": "csrf_token",
    }


def _wired(settings: Settings) -> App:
    from feedback import bootstrap  # only where real parts are wanted: it brings every adapter along

    return bootstrap.build(settings, pool_size=settings.web.threads)


def _register(flask_app: Flask, surface: SurfaceName) -> None:
    if surface == "desk":
        from feedback.web import desk

        desk.register(flask_app)
    else:
        from feedback.web import public

        public.register(flask_app)
