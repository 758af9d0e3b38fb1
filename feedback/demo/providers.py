"""Local stand-ins for Zalo, iHanoi, a mailbox and the hotline's drop folder, with what leads the service to them."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from pathlib import Path
from types import FrameType

from feedback.demo.zalo import RememberingZalo
from feedback.embedded.home import write_private
from tests.fakes.ihanoi import IHanoiFake
from tests.fakes.mail import ImapServer, SmtpSink

ADDRESS = "phananh@hanoi-demo.test"


def run(file: Path, home: Path) -> int:
    """Serve until SIGTERM."""
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    with contextlib.ExitStack() as stack:
        zalo = stack.enter_context(RememberingZalo(home / "demo" / "zalo.json"))
        ihanoi = stack.enter_context(IHanoiFake())
        mailbox = stack.enter_context(ImapServer())
        outgoing = stack.enter_context(SmtpSink())
        folder = home / "demo" / "hotline"
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **_zalo(zalo),
            **_mail(mailbox, outgoing),
            "FEEDBACK_HOTLINE_FOLDER": str(folder),
            "FEEDBACK_IHANOI_SECRETS": ihanoi.app.secret,
            "FEEDBACK_IHANOI_PUSH_URL": ihanoi.push_url,
        }
        _announce(file, environment)
        stop.wait()
    return 0


def _zalo(zalo: RememberingZalo) -> dict[str, str]:
    return {
        "FEEDBACK_ZALO_APP_ID": zalo.account.app_id,
        "FEEDBACK_ZALO_OA_ID": zalo.account.oa_id,
        "FEEDBACK_ZALO_OA_SECRET": zalo.account.oa_secret,
        "FEEDBACK_ZALO_APP_SECRET": zalo.account.app_secret,
        "FEEDBACK_ZALO_REFRESH_TOKEN": zalo.first_refresh_token(),
        "FEEDBACK_ZALO_API_URL": zalo.url,
        "FEEDBACK_ZALO_OAUTH_URL": zalo.url,
    }


def _mail(mailbox: ImapServer, outgoing: SmtpSink) -> dict[str, str]:
    return {
        "FEEDBACK_IMAP_HOST": mailbox.host,
        "FEEDBACK_IMAP_PORT": str(mailbox.port),
        "FEEDBACK_IMAP_TLS": "none",
        "FEEDBACK_IMAP_USER": mailbox.user,
        "FEEDBACK_IMAP_PASSWORD": mailbox.password,
        "FEEDBACK_SMTP_HOST": outgoing.host,
        "FEEDBACK_SMTP_PORT": str(outgoing.port),
        "FEEDBACK_SMTP_TLS": "none",
        "FEEDBACK_EMAIL_ADDRESS": ADDRESS,
    }


def _announce(file: Path, environment: dict[str, str]) -> None:
    """Whole, by a rename: whoever waits for the file never reads half of it."""
    partial = file.with_suffix(".partial")
    write_private(partial, json.dumps(environment))
    partial.rename(file)
