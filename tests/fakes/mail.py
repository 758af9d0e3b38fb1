"""Real mail servers on this machine: IMAP by pymap (in memory), SMTP by aiosmtpd (keeps what it is given)."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as SmtpServer
from aiosmtpd.smtp import Envelope, Session

START_SECONDS = 30.0


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


class ImapServer:
    """One mailbox. In memory: a new start has no mail and a new UIDVALIDITY."""

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, user: str = "phananh", password: str = "demo"
    ) -> None:
        self.host, self.port = host, port or free_port(host)
        self.user, self.password = user, password
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = [sys.executable, "-c", "from pymap.main import main; main()"]
        command += ["--host", self.host, "--port", str(self.port), "--no-tls"]
        command += ["dict", "--demo-user", self.user, "--demo-password", self.password]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends_at = time.monotonic() + START_SECONDS
        while not self._greets():
            if self._process.poll() is not None or time.monotonic() > ends_at:
                self.stop()
                raise RuntimeError(f"pymap did not start on port {self.port}")
            time.sleep(0.1)
        return self

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def append(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Deliver raw mails."""
        with self.client() as client:
            for raw in mails:
                status, _ = client.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)
                if status != "OK":
                    raise RuntimeError("pymap refused a mail")

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self.host, self.port, timeout=10)
        secret = f"\0{self.user}\0{self.password}".encode()
        client.authenticate("PLAIN", lambda _: secret)
        return client

    def contents(self, folder: str) -> list[bytes]:
        """The raw mails in a folder; empty where there is none."""
        with self.client() as client:
            status, _ = client.select(f'"{folder}"', readonly=True)
            if status != "OK":
                return []
            _, found = client.search(None, "ALL")
            numbers = (found[0] or b"").split()
            answers = [client.fetch(number.decode(), "(BODY.PEEK[])")[1] for number in numbers]
        return [item[1] for answer in answers for item in answer if isinstance(item, tuple)]


@dataclass(frozen=True, slots=True)
class SentMail:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass
class SmtpSink:
    """Takes every mail; `answers` are used up first, one a mail (for example "550 5.1.1 unknown")."""

    host: str = "127.0.0.1"
    port: int = 0
    sent: list[SentMail] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    _controller: Controller | None = None

    def start(self) -> Self:
        self.port = self.port or free_port(self.host)
        self._controller = Controller(self, hostname=self.host, port=self.port, ready_timeout=START_SECONDS)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def handle_DATA(self, server: SmtpServer, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.sent.append(SentMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return "250 OK"


def build_mail(
    sender: str,
    to: str,
    subject: str,
    text: str,
    *,
    name: str = "",
    at: datetime | None = None,
    in_reply_to: str = "",
    message_id: str = "",
    photo: bytes = b"",
) -> bytes:
    """A citizen's mail from plain data."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{name} <{sender}>" if name else sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at or datetime.now(UTC))
    mail["Message-ID"] = message_id or make_msgid(domain="mail.example.test")
    if in_reply_to:
        mail["In-Reply-To"] = mail["References"] = in_reply_to
    mail.set_content(text, charset="utf-8", cte="quoted-printable")
    if photo:
        mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="hiện trường.jpg")
    return mail.as_bytes()
