"""Root fixtures: real PostgreSQL and Valkey, a fresh migrated database per test, Chromium for the browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import redis

from feedback.embedded import postgres
from feedback.embedded.home import Home
from feedback.embedded.servers import Servers, running
from feedback.settings import Settings
from tests.servers import DatabaseUrls, fresh_database, numbers, quick_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine is no failure: time limits stand in the benchmarks.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", type=int, default=18, help="major version of the embedded PostgreSQL: 16 or 18"
    )


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Embedded servers of this test process, without durability; gone at its end."""
    version = request.config.getoption("--postgres")
    with (
        tempfile.TemporaryDirectory(prefix="fb-", dir=quick_folder()) as folder,
        running(Home.at(folder), {}, version=version, durable=False) as found,
    ):
        yield found


@pytest.fixture(scope="session")
def cluster(servers: Servers) -> postgres.Postgres:
    assert servers.postgres is not None
    return servers.postgres


@pytest.fixture(scope="session")
def template(cluster: postgres.Postgres) -> str:
    """Name of a migrated database that nobody connects to: each test gets a copy of it."""
    from feedback.store import migrate

    migrate.upgrade(cluster.url(postgres.OWNER))
    return postgres.DATABASE


@pytest.fixture
def database_urls(cluster: postgres.Postgres, template: str) -> Iterator[DatabaseUrls]:
    """A migrated, empty database for one test."""
    yield from fresh_database(cluster, template)


@pytest.fixture(scope="module")
def module_database_urls(cluster: postgres.Postgres, template: str) -> Iterator[DatabaseUrls]:
    """A migrated, empty database that the tests of one module share."""
    yield from fresh_database(cluster, template)


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """An empty logical database of the real Valkey."""
    assert servers.valkey is not None
    url = servers.valkey.url(next(numbers) % 64)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def environ(servers: Servers, database_urls: DatabaseUrls, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a process of the service, for subprocesses and for `settings`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBACK_")}
    return {
        **inherited,
        **servers.environment,
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "REDIS_URL": redis_url,
        "FEEDBACK_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.from_env(environ)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is. Without one browser tests are skipped; under CI=true they fail."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found:
        return found
    reason = "no Chromium on this machine (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A real Chromium for the whole session; open a context of your own per test."""
    from playwright.sync_api import sync_playwright

    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield found
        found.close()
