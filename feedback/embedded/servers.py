"""Both servers together, and the addresses others need."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedback.embedded import binaries, postgres, secret_files, valkey
from feedback.embedded.errors import HomeInUse
from feedback.embedded.home import Home, write_private

ADDRESSES = "addresses.json"


@dataclass(frozen=True, slots=True)
class Servers:
    """What runs. A server that the environment names already is not started, and stays None.

    `environment`: what leads a process to these servers and to the home's secrets.
    """

    home: Home
    postgres: postgres.Postgres | None
    valkey: valkey.Valkey | None
    environment: Mapping[str, str]

    def ended(self) -> str | None:
        """What ended by itself, and where to look."""
        if self.postgres and not self.postgres.alive():
            return f"PostgreSQL ended by itself; see {self.home.logs / 'postgres.log'}"
        if self.valkey and not self.valkey.alive():
            return f"Valkey ended by itself; see {self.home.logs / 'valkey.log'}"
        return None


@contextlib.contextmanager
def running(
    home: Home,
    environ: Mapping[str, str],
    *,
    version: int = binaries.DEFAULT_VERSION,
    durable: bool = True,
) -> Iterator[Servers]:
    """Hold the home and start what `environ` does not name. Raises EmbeddedError, HomeInUse."""
    with home.locked(), started(home, environ, version=version, durable=durable) as servers:
        yield servers


@contextlib.contextmanager
def started(
    home: Home,
    environ: Mapping[str, str],
    *,
    version: int = binaries.DEFAULT_VERSION,
    durable: bool = True,
) -> Iterator[Servers]:
    """As `running`, for a caller that holds the lock. Valkey is stopped first and PostgreSQL last."""
    with contextlib.ExitStack() as stack:
        database = queue = None
        stack.callback(home.leave_sockets)
        if not environ.get("DATABASE_URL"):
            database = postgres.start(home, version=version, durable=durable)
            stack.callback(database.stop)
        if not environ.get("REDIS_URL"):
            queue = valkey.start(home, durable=durable)
            stack.callback(queue.stop)
        found = secrets_not_in(environ, home) | addresses(home, database, queue)
        announce(home, found)
        stack.callback((home.run / ADDRESSES).unlink, missing_ok=True)
        yield Servers(home, database, queue, found)


def secrets_not_in(environ: Mapping[str, str], home: Home) -> dict[str, str]:
    return {name: value for name, value in secret_files.environment(home).items() if not environ.get(name)}


def addresses(home: Home, database: postgres.Postgres | None, queue: valkey.Valkey | None) -> dict[str, str]:
    found = {"FEEDBACK_HOME": str(home.root)}
    if database:
        found["DATABASE_URL"] = database.url(postgres.LOGIN)
        found["DATABASE_OWNER_URL"] = database.url(postgres.OWNER)
    if queue:
        found["REDIS_URL"] = queue.url()
    return found


def running_elsewhere(home: Home) -> dict[str, str]:
    """What leads to servers that another process keeps in this home; empty where there are none."""
    try:
        with home.locked():
            return {}
    except HomeInUse:
        return announced(home)


def announce(home: Home, found: Mapping[str, str]) -> None:
    """Tell other commands of this home what leads to the servers."""
    write_private(home.run / ADDRESSES, json.dumps(dict(found)))


def announced(home: Home) -> dict[str, str]:
    try:
        found = json.loads((home.run / ADDRESSES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in found.items()}
