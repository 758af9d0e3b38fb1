"""A small city for use cases that need accounts and tickets as triage leaves them."""

from __future__ import annotations

import pytest

from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.desk_town import Town


@pytest.fixture
def town(settings: Settings, app: App) -> Town:
    flask_app = create_app(settings, "desk", app)
    flask_app.testing = True
    return Town(app, flask_app)
