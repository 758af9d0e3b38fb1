"""How a citizen of the demo writes: over each channel's real wire."""

from __future__ import annotations

import imaplib
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from feedback.demo.zalo import CITIZEN_WROTE
from tests.fakes import hotline
from tests.fakes.ihanoi import IHanoiApp
from tests.fakes.mail import build_mail
from tests.fakes.server import Call
from tests.fakes.zalo import ZaloAccount

TIMEOUT = 20
_HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[a-z_]+)" value="(?P<value>[^"]*)"')

Row = Mapping[str, Any]


class Citizens:
    """`environ` is that of the running service; every message goes in by the door a real one would use."""

    def __init__(self, environ: Mapping[str, str], public_url: str) -> None:
        self._environ = environ
        self._public = public_url
        self._zalo = ZaloAccount()
        self._ihanoi = IHanoiApp(environ["FEEDBACK_IHANOI_SECRETS"])

    def write(self, number: int, row: Row) -> None:
        """Send message `number` of the stream. Raises OSError where the service or a provider is not there."""
        getattr(self, f"_by_{row['channel']}")(number, row)

    def _by_zalo(self, number: int, row: Row) -> None:
        self._wrote(row["user"])
        self._hook("zalo", self._zalo.text(row["user"], row["text"], msg_id=f"demo-{number:04}"))

    def _by_ihanoi(self, number: int, row: Row) -> None:
        photos = (f"https://photos.ihanoi.test/{number}.jpg",) if row.get("photo") else ()
        call = self._ihanoi.report(
            f"IH-{number:05}",
            row["text"],
            name="Người dân",
            phone="0900000400",
            category=row["category"],
            address=row["address"],
            position=tuple(row["position"]) if row.get("position") else None,
            photos=photos,
        )
        self._hook("ihanoi", call)

    def _by_hotline(self, number: int, row: Row) -> None:
        turns = [(speaker, text) for speaker, text in row["turns"]]
        if row["format"] == "vcon":
            body = hotline.vcon(
                f"0193a000-0000-7000-8000-{number:012}",
                turns,
                caller_number=row["number"],
                branch_key=row["branch"],
            )
        else:
            body = hotline.transcript(f"call-{number:05}", turns, caller_number=row["number"])
        hotline.drop(Path(self._environ["FEEDBACK_HOTLINE_FOLDER"]), f"call-{number:05}.json", body)

    def _by_email(self, number: int, row: Row) -> None:
        mail = build_mail(
            row["from"],
            self._environ["FEEDBACK_EMAIL_ADDRESS"],
            row["subject"],
            row["text"],
            message_id=f"<demo-{number}@mail.example.test>",
        )
        port = int(self._environ["FEEDBACK_IMAP_PORT"])
        with imaplib.IMAP4(self._environ["FEEDBACK_IMAP_HOST"], port, timeout=TIMEOUT) as box:
            box.login(self._environ["FEEDBACK_IMAP_USER"], self._environ["FEEDBACK_IMAP_PASSWORD"])
            box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)

    def _by_web(self, _number: int, row: Row) -> None:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with browser.open(f"{self._public}/", timeout=TIMEOUT) as page:
            fields = dict(_HIDDEN.findall(page.read().decode()))
        fields |= {name: row.get(name, "") for name in ("text", "name", "phone", "email", "address")}
        browser.open(f"{self._public}/", urllib.parse.urlencode(fields).encode(), timeout=TIMEOUT).close()

    def _hook(self, channel: str, call: Call) -> None:
        self._post(f"{self._public}/hooks/{channel}", call.body, dict(call.headers))

    def _wrote(self, user: str) -> None:
        url = self._environ["FEEDBACK_ZALO_API_URL"] + CITIZEN_WROTE
        self._post(url, json.dumps({"user_id": user}).encode(), {})

    def forge(self) -> None:
        """Somebody posts without knowing the secret: it must end in quarantine."""
        call = self._zalo.text("7000000000000000999", "Tin giả mạo")
        self._post(f"{self._public}/hooks/zalo", call.body, {**call.headers, "x-zevent-signature": "mac=00"})

    def follow(self) -> None:
        """Somebody begins to follow the account: no message, nothing to do."""
        self._hook("zalo", self._zalo.follow("7000000000000000150"))

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
        urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310
