"""The only outgoing HTTP: bounded in time and size, no redirects, no proxy from the environment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from requests import exceptions
from urllib3 import exceptions as low

from channels.errors import DeliveryFailed

CONNECT_SECONDS = 3.05
READ_SECONDS = 10.0
TOTAL_SECONDS = 30.0
MAX_ANSWER = 1_000_000
MAX_RETRY_AFTER = 3_600.0

# The request never left us when the connection itself could not be made.
_NOT_SENT = (low.NewConnectionError, low.ConnectTimeoutError, low.NameResolutionError, low.SSLError)


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names; `body` is at most 1 MB."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """A `requests` session that fails only as DeliveryFailed: temporary, permanent or unknown."""

    def __init__(self, *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS) -> None:
        self._timeout = (connect, read)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "hanoi-feedback"

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises DeliveryFailed when no whole answer came back; every status is the caller's to judge."""
        try:
            with self._session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                lower = {name.lower(): text for name, text in response.headers.items()}
                return Answer(response.status_code, lower, _read(response))
        except exceptions.RequestException as error:
            raise _failure(error) from None


def _read(response: requests.Response) -> bytes:
    ends_at = time.monotonic() + TOTAL_SECONDS
    body = bytearray()
    for chunk in response.iter_content(65_536):
        body += chunk
        if len(body) > MAX_ANSWER or time.monotonic() > ends_at:
            raise DeliveryFailed("câu trả lời quá dài hoặc quá chậm", unknown=True, code="answer")
    return bytes(body)


def _failure(error: exceptions.RequestException) -> DeliveryFailed:
    if isinstance(error, (exceptions.InvalidURL, exceptions.MissingSchema, exceptions.InvalidSchema)):
        return DeliveryFailed("địa chỉ dịch vụ không hợp lệ", hold=True, code="url")
    if isinstance(error, exceptions.InvalidHeader):
        return DeliveryFailed("tiêu đề yêu cầu không hợp lệ", permanent=True, code="header")
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(error, (exceptions.ConnectTimeout, exceptions.SSLError)) or isinstance(reason, _NOT_SENT):
        return DeliveryFailed("không kết nối được tới nhà cung cấp", code="connect")
    return DeliveryFailed("mất kết nối, chưa rõ đã gửi hay chưa", unknown=True, code="connection")


def retry_after(answer: Answer) -> float | None:
    """Seconds the provider asked us to wait (the numeric form only), capped at one hour."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), MAX_RETRY_AFTER) if text.isascii() and text.isdigit() else None


def check(answer: Answer) -> None:
    """Raises DeliveryFailed for everything but 2xx, by the general meaning of the status (RFC 9110)."""
    status, code = answer.status, f"http-{answer.status}"
    if 200 <= status < 300:
        return
    if status in {408, 425, 429} or status >= 500:
        raise DeliveryFailed("nhà cung cấp tạm thời từ chối", retry_after=retry_after(answer), code=code)
    if status in {401, 403, 404} or status < 400:
        raise DeliveryFailed("cấu hình kênh không được chấp nhận", hold=True, code=code)
    raise DeliveryFailed("nhà cung cấp từ chối tin", permanent=True, code=code)
