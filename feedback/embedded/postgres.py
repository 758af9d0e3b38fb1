"""A real PostgreSQL server of our own, reachable only through a socket in a 0700 folder.

`trust` is right there: whoever can open the folder is this user already. TCP stays off, because `trust` over
TCP would make every account of the machine a superuser.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from feedback.embedded import account, binaries
from feedback.embedded.child import Child, Command, end_orphan
from feedback.embedded.errors import EmbeddedError
from feedback.embedded.home import Home

SUPERUSER = "postgres"
OWNER = "feedback_owner"
LOGIN = "feedback_login"
DATABASE = "feedback"
PORT_IN_SOCKET_NAME = 5432

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A log must not hold what citizens wrote: no statements, and no "Key (phone)=(…) already exists".
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
# For tests only: a power cut may lose the data.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Place:
    """Everything decided before the first process starts."""

    programs: binaries.PostgresBinaries
    runner: account.Runner
    data: Path
    sockets: Path
    log: Path


class Postgres:
    """A running server. `stop()` ends it; the object is its parent and must stay alive as long."""

    def __init__(self, place: Place, child: Child) -> None:
        self._place = place
        self._child = child

    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL through the socket."""
        return socket_url(self._place.sockets, role, database)

    def alive(self) -> bool:
        return self._child.alive()

    def stop(self) -> None:
        """Fast shutdown: open sessions are ended, nothing committed is lost."""
        self._child.stop()


def start(home: Home, *, version: int = binaries.DEFAULT_VERSION, durable: bool = True) -> Postgres:
    """Make the cluster where it is missing, recover what a killed parent left, start, make the roles.

    Call under the home's lock. Raises EmbeddedError.
    """
    place = settle(home, version)
    end_orphan(place.data / "postmaster.pid", str(place.data), signal.SIGINT)
    if not (place.data / "PG_VERSION").is_file():
        initialise(place, durable)
    child = Child(server_command(place, durable))
    server = Postgres(place, child)
    child.wait_ready(lambda: answers(server.url(SUPERUSER, "postgres")))
    ensure_roles(server)
    return server


def settle(home: Home, version: int) -> Place:
    programs = binaries.postgres(version)
    runner = account.choose(home, Path(programs.program("postgres")))
    log = home.logs / "postgres.log"
    if runner.base is None:
        return Place(programs, runner, home.root / f"postgres-{version}", home.sockets(), log)
    programs = binaries.copied(programs, runner.base.parent)
    return Place(programs, runner, runner.base / f"postgres-{version}", runner.base, log)


def initialise(place: Place, durable: bool) -> None:
    """initdb into a folder beside, renamed when complete: a broken start leaves no half cluster."""
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    arguments = [
        *place.runner.prefix,
        place.programs.program("initdb"),
        "--pgdata",
        str(fresh),
        "--username",
        SUPERUSER,
    ]
    arguments += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-instructions"]
    done = subprocess.run(  # noqa: S603
        arguments if durable else [*arguments, "--no-sync"],
        env=place.programs.environment(),
        cwd=place.data.parent,
        capture_output=True,
        text=True,
        start_new_session=True,
        umask=0o077,
        user=place.runner.account,
        extra_groups=[] if place.runner.account else None,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise EmbeddedError(f"initdb failed: {lines[-1]}")
    fresh.rename(place.data)


def server_command(place: Place, durable: bool) -> Command:
    chosen = SETTINGS | {"unix_socket_directories": str(place.sockets)} | ({} if durable else CARELESS)
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    program = place.programs.program("postgres")
    return Command(
        name="PostgreSQL",
        arguments=(*place.runner.prefix, program, "-D", str(place.data), *options),
        environment=place.programs.environment(),
        folder=place.data,
        log=place.log,
        stop=signal.SIGINT,
        account=place.runner.account,
    )


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_roles(server: Postgres) -> None:
    """The owner migrates and may make roles; the application logs in as another role and owns nothing."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in present:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
        if LOGIN not in present:
            connection.execute(f"CREATE ROLE {LOGIN} LOGIN")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(
                f"CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
            )


def socket_url(sockets: Path, role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(sockets), safe='')}&port={PORT_IN_SOCKET_NAME}"
