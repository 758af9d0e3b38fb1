"""The application wired to real parts, without a classifier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feedback import bootstrap
from feedback.services.app import App
from feedback.settings import Settings


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    built = bootstrap.build(settings)
    yield built
    built.store.engine.dispose()
