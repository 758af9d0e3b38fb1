"""Fresh servers in a temporary home, a migrated database for each measurement, and the processes of the Procfile."""

from __future__ import annotations

import contextlib
import itertools
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from feedback.embedded import postgres
from feedback.embedded.home import Home
from feedback.embedded.servers import Servers, running
from feedback.launcher import readiness
from feedback.launcher.stopping import end
from feedback.settings import Settings
from feedback.store import migrate
from tests.fakes.zalo import ZaloFake

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
OURS = ("FEEDBACK_", "DATABASE_", "REDIS_")
_numbers = itertools.count(1)


class DidNotStart(Exception):
    """A process of the service ended, or was not ready in time."""


@dataclass(frozen=True, slots=True)
class Place:
    """One measurement's own database and logical Valkey database. `environ` is that of the service's processes."""

    environ: Mapping[str, str]
    superuser_url: str
    logs: Path
    zalo: ZaloFake

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environ)

    @contextlib.contextmanager
    def process(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """The process `name` of the Procfile, ready for work. Raises DidNotStart."""
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            started = subprocess.Popen(
                ["sh", "-c", procfile()[name]],
                cwd=ROOT,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait(name, started, log)
            yield started
        finally:
            end(started)

    def _wait(self, name: str, started: subprocess.Popen[bytes], log: Path) -> None:
        ready = self._readiness(name)
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if started.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(errors="replace").strip().splitlines()
                raise DidNotStart(f"{name}: {lines[-1] if lines else 'no reason given'}")
            time.sleep(0.05)

    def _readiness(self, name: str) -> Callable[[], bool]:
        web = self.settings.web
        if name == "web":
            return lambda: readiness.ready(web.public)
        if name == "desk":
            return lambda: readiness.ready(web.desk)
        if name == "worker":
            return self._worker_listens
        return lambda: True

    def _worker_listens(self) -> bool:
        with redis.Redis.from_url(self.environ["REDIS_URL"]) as client:
            return bool(client.exists("rq:workers"))


@dataclass(frozen=True, slots=True)
class Stage:
    servers: Servers
    cluster: postgres.Postgres
    zalo: ZaloFake

    @contextlib.contextmanager
    def place(self) -> Iterator[Place]:
        """A new, migrated, empty database; dropped at the end."""
        number = next(_numbers)
        name = f"bench_{number}"
        with psycopg.connect(self.cluster.url(postgres.SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE} OWNER {postgres.OWNER}")
            try:
                yield self._place(name, number)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _place(self, name: str, number: int) -> Place:
        valkey = self.servers.valkey
        assert valkey is not None
        environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(OURS)},
            **self.servers.environment,
            **zalo_settings(self.zalo),
            "DATABASE_URL": self.cluster.url(postgres.LOGIN, name),
            "DATABASE_OWNER_URL": self.cluster.url(postgres.OWNER, name),
            "REDIS_URL": valkey.url(number % 16),
            "FEEDBACK_MODELS_DIR": str(ROOT / "models"),
            "FEEDBACK_PUBLIC_PORT": str(free_port()),
            "FEEDBACK_DESK_PORT": str(free_port()),
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        }
        return Place(environ, self.cluster.url(postgres.SUPERUSER, name), self.servers.home.logs, self.zalo)


@contextlib.contextmanager
def opened(*, durable: bool) -> Iterator[Stage]:
    """PostgreSQL and Valkey with production settings, and a local Zalo; everything is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="fb-bench-") as folder,
        running(Home.at(folder), {}, durable=durable) as servers,
        ZaloFake() as zalo,
    ):
        assert servers.postgres is not None
        migrate.upgrade(servers.postgres.url(postgres.OWNER))
        yield Stage(servers, servers.postgres, zalo)


def zalo_settings(zalo: ZaloFake) -> dict[str, str]:
    return {
        "FEEDBACK_ZALO_APP_ID": zalo.account.app_id,
        "FEEDBACK_ZALO_OA_ID": zalo.account.oa_id,
        "FEEDBACK_ZALO_OA_SECRET": zalo.account.oa_secret,
        "FEEDBACK_ZALO_APP_SECRET": zalo.account.app_secret,
        "FEEDBACK_ZALO_REFRESH_TOKEN": zalo.issue()[1],
        "FEEDBACK_ZALO_API_URL": zalo.url,
        "FEEDBACK_ZALO_OAUTH_URL": zalo.url,
    }


def procfile() -> dict[str, str]:
    """Process name to shell command, as in production."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name: command.strip() for name, command in (line.split(":", 1) for line in lines if line.strip())}


def run(place: Place, command: str) -> str:
    """Run a command of the service to its end and return what it printed. Raises CalledProcessError."""
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, env=dict(place.environ), capture_output=True, text=True, check=True
    )
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
