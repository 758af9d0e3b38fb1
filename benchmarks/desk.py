"""A member of staff with a browser: one kept connection, cookies, the real log-in form."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from feedback.domain import codes
from feedback.services.demo_accounts import PASSWORD

LOGIN = "/dang-nhap"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds until the whole page was there, and how many tickets it shows."""

    seconds: float
    tickets: int


class Browser:
    """Logged in from the start. Raises RuntimeError where the log-in does not succeed."""

    def __init__(self, url: str, email: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._log_in(email)

    def get(self, path: str) -> Seen:
        """Raises RuntimeError for anything but 200."""
        begin = time.perf_counter()
        status, page = self._ask("GET", path)
        seconds = time.perf_counter() - begin
        if status != http.client.OK:
            raise RuntimeError(f"{path} answered {status}")
        return Seen(seconds, len(set(codes.find(page))))

    def close(self) -> None:
        self._connection.close()

    def _log_in(self, email: str) -> None:
        _, page = self._ask("GET", LOGIN)
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError("the log-in form has no token")
        form = {"csrf_token": found.group(1), "email": email, "password": PASSWORD}
        status, _ = self._ask("POST", LOGIN, urlencode(form))
        if status != http.client.FOUND:
            raise RuntimeError(f"log-in of {email} answered {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, response.read().decode()
