"""A desk over a fresh database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feedback import bootstrap
from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.desk_town import Town


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    built = bootstrap.build(settings, pool_size=4)
    yield built
    built.store.engine.dispose()


@pytest.fixture
def town(settings: Settings, app: App) -> Town:
    flask_app = create_app(settings, "desk", app)
    flask_app.testing = True
    return Town(app, flask_app)
