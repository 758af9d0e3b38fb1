"""A surface with few threads answers while clients dawdle: real gunicorn, real sockets."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from feedback.web.patience import SMALL, body_length

APP = """
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(len(body)).encode()]
"""
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """gunicorn with two threads and short patience."""
    (tmp_path / "counting.py").write_text(APP, encoding="utf-8")
    (tmp_path / "conf.py").write_text(
        "from feedback.web import patience\npatience.ARRIVE_SECONDS = 2.0\npatience.UPLOAD_SECONDS = 2.0\n",
        encoding="utf-8",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "feedback.web.patience.PatientWorker"]
    command += ["--config", str(tmp_path / "conf.py"), "--threads", "2", "--bind", f"127.0.0.1:{number}"]
    command += ["--pythonpath", str(tmp_path), "--log-level", "error", "counting:application"]
    process = subprocess.Popen(command)
    try:
        _wait(number)
        yield number
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with contextlib.suppress(requests.RequestException):
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
        time.sleep(0.1)
    pytest.fail("gunicorn did not start")


def _post(port: int, body: bytes, seconds: float = 5) -> str:
    return requests.post(f"http://127.0.0.1:{port}/", data=body, timeout=seconds).text


def _connections(port: int, sent: bytes, number: int = 6) -> list[socket.socket]:
    found = []
    for _ in range(number):
        found.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        found[-1].sendall(sent)
    time.sleep(0.3)
    return found


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST / HTTP/1.1\r\nX-A: ", HEAD % 500 + b"{"],
    ids=["silent", "half a head", "half a body"],
)
def test_half_a_request_holds_no_thread_and_is_closed(port: int, sent: bytes) -> None:
    slow = _connections(port, sent)
    assert _post(port, b"{}", 1.5) == "2"
    for connection in slow:
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(100) == b""
        connection.close()


def test_large_bodies_leave_a_thread_to_the_others_and_end(port: int) -> None:
    slow = _connections(port, HEAD % 10**7 + b"x" * 2 * SMALL, 4)
    assert _post(port, b"{}", 1.5) == "2"
    time.sleep(5)
    for connection in slow:
        connection.close()
    assert _post(port, b"y" * 3_000_000, 20) == "3000000"


def test_a_request_in_pieces_a_large_one_and_a_kept_connection_are_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        for piece in (b"POST / HT", b"TP/1.1\r\nHost: x\r\nContent-", b"Length: 4\r\n\r\nab", b"cd"):
            slow.sendall(piece)
            time.sleep(0.2)
        assert b"\r\n4\r\n" in slow.recv(1000)
        slow.sendall(HEAD % 1 + b"z" + HEAD % 2 + b"zz")
        time.sleep(0.5)
        assert slow.recv(1000).count(b"200 OK") >= 1
    assert _post(port, b"x" * 3_000_000, 20) == "3000000"
    chunked = requests.post(f"http://127.0.0.1:{port}/", data=iter([b"ab", b"c"]), timeout=5)
    assert chunked.text == "3"


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", 0),
        (b"POST / HTTP/1.1\r\nCONTENT-LENGTH: 12\r\n", 12),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", None),
        (b"POST / HTTP/1.1\r\nContent-Length: twelve\r\n", 0),
    ],
)
def test_the_announced_length(head: bytes, length: int | None) -> None:
    assert body_length(head) == length
