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
    """What runs. A server that the environment names already is not started, and stays None."""

    home: Home
    postgres: postgres.Postgres | None
    valkey: valkey.Valkey | None

    def environment(self) -> dict[str, str]:
        """The variables that lead a process to these servers, and to the home's own secrets."""
        found = secret_files.environment(self.home)
        found["FEEDBACK_HOME"] = str(self.home.root)
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(postgres.LOGIN)
            found["DATABASE_OWNER_URL"] = self.postgres.url(postgres.OWNER)
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url()
        return found

    def ended(self) -> str | None:
        """The name of a server that ended by itself."""
        if self.postgres and not self.postgres.alive():
            return "PostgreSQL"
        return "Valkey" if self.valkey and not self.valkey.alive() else None


@contextlib.contextmanager
def running(
    home: Home,
    environ: Mapping[str, str],
    *,
    version: int = binaries.DEFAULT_VERSION,
    durable: bool = True,
) -> Iterator[Servers]:
    """Start what `environ` does not name; stop Valkey first and PostgreSQL last. Raises EmbeddedError."""
    with home.locked(), contextlib.ExitStack() as stack:
        database = queue = None
        if not environ.get("DATABASE_URL"):
            database = postgres.start(home, version=version, durable=durable)
            stack.callback(database.stop)
        if not environ.get("REDIS_URL"):
            queue = valkey.start(home, durable=durable)
            stack.callback(queue.stop)
        servers = Servers(home, database, queue)
        announcement = home.run / ADDRESSES
        write_private(announcement, json.dumps(servers.environment()))
        stack.callback(announcement.unlink, missing_ok=True)
        yield servers


def running_elsewhere(home: Home) -> dict[str, str]:
    """What leads to servers that another process keeps in this home; empty where there are none."""
    try:
        with home.locked():
            return {}
    except HomeInUse:
        return announced(home)


def announced(home: Home) -> dict[str, str]:
    try:
        found = json.loads((home.run / ADDRESSES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in found.items()}
