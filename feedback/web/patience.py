"""gunicorn's threads, kept from clients that take their time: a request gets a thread once it has arrived.

gunicorn's own threaded worker reads headers and bodies on a thread of the pool and waits without end, so that four
idle connections stop a surface with four threads. Here the main loop looks at what lies in the socket (without taking
it) and waits there. Only bodies too large for a socket's buffer are read on a thread: on some of the threads, for a
bounded time. A buffering reverse proxy does the same better; this keeps an installation without one alive.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVE_SECONDS = 10.0
"""For the head, and for a body of at most `SMALL` bytes."""
TURN_SECONDS = 60.0
"""How long a large body waits until a thread for large bodies is free."""
ANSWER_SECONDS = 60.0
UPLOAD_SECONDS = 240.0
"""For reading a large body and answering it: 25 MB at 1 Mbit/s."""
STALL_SECONDS = 15
"""Longest pause within a body, or while the client does not take the answer."""
LOOK_EVERY = 0.05
LOOK_FIRST = 0.002
"""Most requests arrive within a moment of their connection: for that long they are looked for more often."""
MOMENT_SECONDS = 0.25
SMALL = 32_768
"""Below what the kernel buffers of a connection that nobody reads (64 kB and more)."""
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_TIMEVAL = struct.pack("ll", STALL_SECONDS, 0)


def body_length(head: bytes) -> int | None:
    """Length that the head announces; None where it cannot be known before the end."""
    if _CHUNKED.search(head):
        return None
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """`_arriving`: since when a connection is waited for; `_running`: until when one may hold a thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, float] = {}
        self._running: dict[TConn, float] = {}
        self._uploads: set[TConn] = set()
        self._upload_threads = max(1, self.cfg.threads // 2)

    def enqueue_req(self, conn: TConn) -> None:
        """Give the connection a thread as soon as its request is there."""
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, _TIMEVAL)
        self._arriving[conn] = time.monotonic()
        self._look(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, self._patience()))
        for conn in tuple(self._arriving):
            self._look(conn)
        now = time.monotonic()
        for conn in [conn for conn, until in self._running.items() if until < now]:
            self._cut_off(conn)

    def _patience(self) -> float:
        """How long the main loop may sleep: short while a fresh connection is about to speak."""
        if not self._arriving:
            return ANSWER_SECONDS
        youngest = time.monotonic() - max(self._arriving.values())
        return LOOK_FIRST if youngest < MOMENT_SECONDS else LOOK_EVERY

    def finish_request(self, conn: TConn, fs: Any) -> None:
        self._running.pop(conn, None)
        self._uploads.discard(conn)
        super().finish_request(conn, fs)

    def _look(self, conn: TConn) -> None:
        arrived = self._peek(conn)
        if arrived is None:
            self._start(conn, ANSWER_SECONDS)  # closed or broken: the handler notices and tidies up
            return
        waited = time.monotonic() - self._arriving[conn]
        head, end, body = arrived.partition(_HEAD_END)
        length = body_length(head + b"\r\n") if end else None
        if end and length is not None and length <= len(body):
            self._start(conn, ANSWER_SECONDS)
        elif len(arrived) >= SMALL or (end and (length is None or length > SMALL)):
            self._start_upload(conn, waited)
        elif waited > ARRIVE_SECONDS:
            self._drop(conn)

    def _peek(self, conn: TConn) -> bytes | None:
        """What has arrived of the request, still in the socket; None where nothing more can come."""
        read = conn.parser.unreader.buf.getvalue() if conn.parser is not None else b""
        try:
            waiting = conn.sock.recv(2 * SMALL, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return bytes(read)
        except OSError:
            return None
        return bytes(read) + waiting if waiting else None

    def _start_upload(self, conn: TConn, waited: float) -> None:
        if len(self._uploads) < self._upload_threads:
            self._uploads.add(conn)
            self._start(conn, UPLOAD_SECONDS)
        elif waited > TURN_SECONDS:
            self._drop(conn)

    def _start(self, conn: TConn, seconds: float) -> None:
        del self._arriving[conn]
        self._running[conn] = time.monotonic() + seconds
        super().enqueue_req(conn)

    def _drop(self, conn: TConn) -> None:
        del self._arriving[conn]
        self.nr_conns -= 1
        conn.close()

    def _cut_off(self, conn: TConn) -> None:
        """The thread that reads or writes gets an error, and is free again."""
        del self._running[conn]
        try:
            conn.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            self.log.debug("a connection over its time was already closed")
