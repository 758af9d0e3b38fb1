"""The citizens' surface with real parts: PostgreSQL, Valkey, the adapters of fake providers' accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback import bootstrap
from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.fakes.ihanoi import SECRET
from tests.fakes.zalo import ZaloAccount
from tests.servers import DatabaseUrls

ZALO = ZaloAccount()


@dataclass(frozen=True, slots=True)
class Rows:
    """Looks into the database past the application."""

    url: str

    def all(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> object:
        found = self.all(query, *values)
        return found[0][0] if found else None


@pytest.fixture
def hook_environ(environ: dict[str, str]) -> dict[str, str]:
    return {
        **environ,
        "FEEDBACK_ZALO_APP_ID": ZALO.app_id,
        "FEEDBACK_ZALO_OA_ID": ZALO.oa_id,
        "FEEDBACK_ZALO_OA_SECRET": ZALO.oa_secret,
        "FEEDBACK_ZALO_APP_SECRET": ZALO.app_secret,
        "FEEDBACK_IHANOI_SECRETS": SECRET,
        "FEEDBACK_IHANOI_PUSH_URL": "http://127.0.0.1:9/push",
    }


@pytest.fixture
def public_settings(hook_environ: dict[str, str]) -> Settings:
    return Settings.from_env(hook_environ)


@pytest.fixture
def service(public_settings: Settings) -> Iterator[App]:
    built = bootstrap.build(public_settings)
    yield built
    built.store.engine.dispose()


@pytest.fixture
def surface(public_settings: Settings, service: App) -> Flask:
    return create_app(public_settings, "public", service)


@pytest.fixture
def client(surface: Flask) -> FlaskClient:
    return surface.test_client()


@pytest.fixture
def rows(database_urls: DatabaseUrls) -> Rows:
    return Rows(database_urls.superuser)
