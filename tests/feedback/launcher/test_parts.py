"""The parts of a start: ports, readiness, processes under honcho, stopping."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback.launcher import ports, readiness
from feedback.launcher.errors import LaunchError, StopRequested
from feedback.launcher.processes import NAMES, Processes
from feedback.launcher.start import prepare, say_ready
from feedback.launcher.stopping import Stopping
from feedback.settings import Surface, Web

ROOT = Path(__file__).parent.parent.parent.parent
PATIENT = "exec sleep 60"


def web(public: int, desk: int, host: str = "127.0.0.1") -> Web:
    return Web(Surface(host, public, ""), Surface(host, desk, ""), workers=1, threads=1, trusted_proxies=0)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def test_a_taken_port_names_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(LaunchError, match=rf"port {taken} .* taken .*FEEDBACK_DESK_PORT"):
            ports.check(web(free_port(), taken))
    ports.check(web(free_port(), taken))


def test_an_address_of_another_machine() -> None:
    with pytest.raises(LaunchError, match="does not have"):
        ports.check(web(free_port(), free_port(), host="192.0.2.1"))


class Answer(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def answering() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_ready_is_200_and_nothing_else(
    answering: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    surface = Surface("0.0.0.0", answering.server_port, "")
    assert readiness.ready(surface)
    monkeypatch.setattr(Answer, "status", 503)
    assert not readiness.ready(surface)
    assert not readiness.ready(Surface("127.0.0.1", free_port(), ""))


def processes(folder: Path, **commands: str) -> Processes:
    lines = [f"{name}: {commands.get(name, PATIENT)}" for name in NAMES]
    (folder / "Procfile").write_text("\n".join(lines) + "\n")
    return Processes(folder / "Procfile", dict(os.environ), folder / "service.log")


def wait_for(condition: object, seconds: float = 15) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "too late"
        time.sleep(0.05)


def test_a_process_that_ends_is_named_with_its_last_words(tmp_path: Path) -> None:
    running = processes(tmp_path, worker="echo no model here; exit 3")
    wait_for(running.ended)
    told = running.ended() or ""
    assert told.startswith("worker ended by itself (exit code 3)")
    assert "no model here" in told


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    running = processes(tmp_path, clock=f"echo $$ > {marker}; {PATIENT}")
    wait_for(lambda: marker.exists() and marker.read_text().strip())
    assert running.ended() is None
    running.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


def test_the_procfile_names_what_the_launcher_starts() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert tuple(line.split(":")[0] for line in lines) == NAMES


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    found = Stopping()
    found.listen()
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_step_is_ended_by_a_signal_and_a_second_one_changes_nothing(stopping: Stopping) -> None:
    threading.Timer(0.3, lambda: [os.kill(os.getpid(), signal.SIGTERM) for _ in range(2)]).start()
    started = time.monotonic()
    with pytest.raises(StopRequested):
        stopping.run((sys.executable, "-c", "import time; time.sleep(30)"), os.environ)
    assert time.monotonic() - started < 10
    with pytest.raises(StopRequested):
        stopping.pause(0)


def test_a_failing_step_tells_its_last_line(stopping: Stopping) -> None:
    with pytest.raises(LaunchError, match=r"no such database$"):
        stopping.run((sys.executable, "-c", "raise SystemExit('no such database')"), os.environ)
    assert stopping.run((sys.executable, "-c", "print('done')"), os.environ) == "done\n"


def test_waiting_has_an_end(stopping: Stopping) -> None:
    with pytest.raises(LaunchError, match="never there after 0 s"):
        stopping.wait_until(lambda: False, 0, "never there")


@pytest.mark.parametrize(("demo", "shown"), [("0", "accounts create"), ("1", "can-bo@demo.test")])
def test_ready_says_how_to_get_in(
    stopping: Stopping, tmp_path: Path, capsys: pytest.CaptureFixture[str], demo: str, shown: str
) -> None:
    launch = prepare({"FEEDBACK_HOME": str(tmp_path), "FEEDBACK_DEMO": demo}, stopping)
    say_ready(launch, "  can-bo@demo.test")
    assert shown in capsys.readouterr().out
