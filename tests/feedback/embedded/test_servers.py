"""The embedded servers, for real: they keep data, survive kill -9, and leave the rest of the machine alone."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from feedback.embedded import account, postgres
from feedback.embedded.errors import EmbeddedError, HomeInUse
from feedback.embedded.home import Home
from feedback.embedded.servers import Servers, running, running_elsewhere
from tests.servers import quick_folder

ROOT = Path(__file__).parent.parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
HOLD = "import sys; print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, in memory where there is some."""
    with tempfile.TemporaryDirectory(prefix="fb-", dir=quick_folder()) as name:
        yield Path(name)


def connect(servers: Servers) -> psycopg.Connection:
    return psycopg.connect(servers.environment["DATABASE_URL"])


def modes(path: Path) -> list[tuple[str, int, int]]:
    return [(str(up), up.stat().st_mode, up.stat().st_uid) for up in (path, *path.parents)]


def test_data_stay_and_nothing_outside_changes(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    for turn in (1, 2):
        with running(Home.at(closed / "home"), {}) as servers:
            with psycopg.connect(servers.environment["DATABASE_OWNER_URL"]) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS kept (turn int)")
                connection.execute("INSERT INTO kept VALUES (%s)", (turn,))
            with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
                assert client.incr("turns") == turn
    assert modes(closed) == before
    with running(Home.at(closed / "home"), {}) as servers, connect(servers) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("feedback_login",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM kept")


def test_no_port_is_open(folder: Path) -> None:
    with running(Home.at(folder), {}, durable=False) as servers:
        assert servers.postgres is not None
        with psycopg.connect(servers.postgres.url(postgres.SUPERUSER)) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_what_is_given_is_not_started(folder: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db.test/x", "FEEDBACK_SECRET_KEY": "mine"}
    with running(Home.at(folder), given, durable=False) as servers:
        assert servers.postgres is None and servers.valkey is not None
        assert servers.environment.keys().isdisjoint(given)
        assert not (folder / "postgres-18").exists()


def test_the_second_version(folder: Path) -> None:
    with running(Home.at(folder), {}, version=16, durable=False) as servers, connect(servers) as connection:
        assert connection.info.server_version // 10000 == 16
    with pytest.raises(EmbeddedError, match="17"), running(Home.at(folder), {}, version=17):
        pass


def test_an_awkward_path(folder: Path) -> None:
    home = Home.at(folder / 'thư mục của "chúng tôi"')
    with running(home, {}, durable=False) as servers:
        with connect(servers) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        sockets = home.sockets()
    assert not sockets.exists()


def hold(folder: Path) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "feedback.embedded", "exec", "--", sys.executable, "-c", HOLD)
    environ = {"PATH": os.defpath, "FEEDBACK_HOME": str(folder)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout and process.stdout.readline() == "up\n"
    return process


def test_recovery_after_kill_and_one_holder_at_a_time(folder: Path) -> None:
    home = Home.at(folder)
    holder = hold(folder)
    try:
        with pytest.raises(HomeInUse, match=str(holder.pid)), running(home, {}):
            pass
        url = running_elsewhere(home)["DATABASE_OWNER_URL"]
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (id int)")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    psycopg.connect(url).close()  # the orphan still answers
    assert running_elsewhere(home) == {}
    with (
        running(home, {}) as servers,
        psycopg.connect(servers.environment["DATABASE_OWNER_URL"]) as connection,
    ):
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_lock_file_of_another_program_is_no_obstacle(folder: Path) -> None:
    with running(Home.at(folder), {}):
        pass
    ours = os.getpid()
    (folder / "postgres-18" / "postmaster.pid").write_text(f"{ours}\n{folder}\n0\n5432\n")
    with running(Home.at(folder), {}) as servers:
        assert servers.ended() is None


def test_a_server_that_dies_is_noticed(folder: Path) -> None:
    with running(Home.at(folder), {}, durable=False) as servers:
        with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
            client.shutdown(nosave=True)
        while servers.valkey and servers.valkey.alive():
            pass
        assert servers.ended() and "valkey.log" in str(servers.ended())


@as_root
def test_an_ordinary_account_in_a_closed_folder(folder: Path) -> None:
    entry = pwd.getpwnam("nobody")
    folder.chmod(0o711)
    own = folder / "own"
    own.mkdir(mode=0o700)
    os.chown(own, entry.pw_uid, entry.pw_gid)
    question = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1'); print(os.geteuid())"
    command = (sys.executable, "-m", "feedback.embedded", "exec", "--", sys.executable, "-c", question)
    if not reachable(entry):
        pytest.skip("the checkout is closed to other accounts")
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.defpath, "FEEDBACK_HOME": str(own / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(entry.pw_uid)), done.stderr


def reachable(entry: pwd.struct_passwd) -> bool:
    probe = (sys.executable, "-c", "import psycopg, feedback.embedded")
    try:
        return (
            subprocess.run(probe, cwd=ROOT, user=entry.pw_uid, extra_groups=[], check=False).returncode == 0
        )
    except PermissionError:
        return False


@as_root
def test_root_without_namespaces(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="fb-", dir="/var/tmp") as outside:
        Path(outside).chmod(0o755)
        monkeypatch.setattr(account, "OUTSIDE", (Path(outside) / "hanoi-feedback",))
        monkeypatch.setattr(account, "namespace_prefix", lambda _: ())
        with running(Home.at(folder), {}, durable=False) as servers:
            with connect(servers) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            (data,) = Path(outside).glob("hanoi-feedback/*/postgres-18")
            assert data.stat().st_uid != 0 and data.parent.stat().st_mode & 0o077 == 0
