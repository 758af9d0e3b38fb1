"""The whole service as it runs: both surfaces, worker and clock as real processes, providers beside it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from feedback import bootstrap
from feedback.services.app import App
from feedback.settings import Settings
from tests.fakes.ihanoi import IHanoiFake
from tests.fakes.mail import ImapServer, SmtpSink, free_port
from tests.fakes.server import Call
from tests.fakes.zalo import ZaloFake

ROOT = Path(__file__).parent.parent.parent.parent
PATIENCE = 60.0


def wait_for(what: str, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Until `condition` holds; a busy machine gets its time."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.1)


@dataclass
class Service:
    """`environ` leads every process to the same parts."""

    environ: Mapping[str, str]
    app: App
    zalo: ZaloFake
    ihanoi: IHanoiFake
    mailbox: ImapServer
    outgoing: SmtpSink
    calls: Path
    public: str
    desk: str
    log: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, env: Mapping[str, str] | None = None) -> None:
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                (sys.executable, *command),
                env={**os.environ, **self.environ, **(env or {})},
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    def stop(self, name: str, number: int = signal.SIGTERM) -> int:
        process = self.processes.pop(name)
        process.send_signal(number)
        return process.wait(timeout=30)

    def post(self, channel: str, call: Call) -> int:
        """The status a provider sees."""
        url = f"{self.public}/hooks/{channel}"
        request = urllib.request.Request(url, call.body, dict(call.headers), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def start_web(self) -> None:
        self._start_surface("web", "public", self.public)

    def start_desk(self) -> None:
        self._start_surface("desk", "desk", self.desk)

    def _start_surface(self, name: str, surface: str, url: str) -> None:
        """As the Procfile does it, by the same settings of gunicorn."""
        config = f"python:feedback.launcher.gunicorn_{surface}"
        self.start(name, "-m", "gunicorn", "--config", config, f"feedback.web.wsgi:{surface}()")
        wait_for(f"the {surface} surface", lambda: self._answers(url))

    def start_worker(self) -> None:
        self.start("worker", "-m", "feedback.cli", "worker")

    def start_clock(self) -> None:
        self.start("clock", "-m", "feedback.cli", "clock", "run")

    def _answers(self, surface: str) -> bool:
        try:
            with urllib.request.urlopen(f"{surface}/healthz", timeout=2):
                return True
        except OSError:
            return False


@pytest.fixture
def service(environ: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    """Providers run; the processes are started by the test that needs them."""
    calls = tmp_path / "calls"
    calls.mkdir()
    with contextlib.ExitStack() as stack:
        zalo = stack.enter_context(ZaloFake())
        ihanoi = stack.enter_context(IHanoiFake())
        mailbox = stack.enter_context(ImapServer())
        outgoing = stack.enter_context(SmtpSink())
        port, desk_port = free_port(), free_port()
        extra = {
            "FEEDBACK_PUBLIC_PORT": str(port),
            "FEEDBACK_DESK_PORT": str(desk_port),
            "FEEDBACK_MODELS_DIR": str(ROOT / "models"),
            "FEEDBACK_ZALO_APP_ID": zalo.account.app_id,
            "FEEDBACK_ZALO_OA_ID": zalo.account.oa_id,
            "FEEDBACK_ZALO_OA_SECRET": zalo.account.oa_secret,
            "FEEDBACK_ZALO_APP_SECRET": zalo.account.app_secret,
            "FEEDBACK_ZALO_REFRESH_TOKEN": zalo.issue()[1],
            "FEEDBACK_ZALO_API_URL": zalo.url,
            "FEEDBACK_ZALO_OAUTH_URL": zalo.url,
            "FEEDBACK_IMAP_HOST": mailbox.host,
            "FEEDBACK_IMAP_PORT": str(mailbox.port),
            "FEEDBACK_IMAP_TLS": "none",
            "FEEDBACK_IMAP_USER": mailbox.user,
            "FEEDBACK_IMAP_PASSWORD": mailbox.password,
            "FEEDBACK_SMTP_HOST": outgoing.host,
            "FEEDBACK_SMTP_PORT": str(outgoing.port),
            "FEEDBACK_SMTP_TLS": "none",
            "FEEDBACK_EMAIL_ADDRESS": "phananh@hanoi.test",
            "FEEDBACK_HOTLINE_FOLDER": str(calls),
            "FEEDBACK_IHANOI_SECRETS": ihanoi.app.secret,
            "FEEDBACK_IHANOI_PUSH_URL": ihanoi.push_url,
        }
        env = {**environ, **extra}
        app = bootstrap.build(Settings.from_env(env))
        stack.callback(app.store.engine.dispose)
        found = Service(
            env,
            app,
            zalo,
            ihanoi,
            mailbox,
            outgoing,
            calls,
            f"http://127.0.0.1:{port}",
            f"http://127.0.0.1:{desk_port}",
            tmp_path / "log",
        )
        try:
            yield found
        finally:
            for name in list(found.processes):
                found.processes[name].kill()
                found.processes.pop(name).wait(timeout=30)
