"""A small threaded HTTP server to build fakes on."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request as a provider sends it, or as a fake received it. Header names are lower case."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(value: object, status: int = 200) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json"})


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that lost its patience hangs up: that is what a fault may be there to show."""
        if not isinstance(sys.exception(), ConnectionError):
            raise


class FakeServer:
    """Answers by `handle`. `faults` are used up first, one a call: a Reply, "drop", or seconds to hang."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.faults: list[Reply | str | float] = []
        self.lock = threading.RLock()
        self._server = _QuietServer((host, port), _handler(self._answer))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def handle(self, call: Call) -> Reply:
        raise NotImplementedError

    def _answer(self, call: Call) -> Reply | None:
        with self.lock:
            fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Reply):
            return fault
        if isinstance(fault, float):
            time.sleep(fault)
        if isinstance(fault, str):
            return None
        with self.lock:
            return self.handle(call)


def _handler(answer: Callable[[Call], Reply | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): text for name, text in self.headers.items()}
            reply = answer(Call(self.rfile.read(length), headers, self.path, self.command))
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Silence: a fake's log would drown the demo's."""

    return Handler
