"""OAuth v4 of Zalo: refresh tokens work once, so a lost answer must never be retried blindly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from channels.document import load
from channels.errors import DeliveryFailed, UnsupportedPayload
from channels.http import Answer, HttpClient, check
from channels.port import TokenExchange, TokenPair
from channels.zalo.config import ZaloConfig


def exchange(config: ZaloConfig, http: HttpClient, clock: Callable[[], datetime]) -> TokenExchange:
    """The function a TokenStore calls, at most once per refresh token."""

    def swap(refresh_token: str) -> TokenPair:
        form = {"refresh_token": refresh_token, "app_id": config.app_id, "grant_type": "refresh_token"}
        headers = {"secret_key": config.app_secret, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = http.post(f"{config.oauth_base}/v4/oa/access_token", urlencode(form).encode(), headers)
        except DeliveryFailed as error:
            raise _held(error.reason, error.code or "token", unknown=error.unknown) from None
        check(answer)
        return _pair(answer, clock())

    return swap


def _pair(answer: Answer, now: datetime) -> TokenPair:
    try:
        node = load(answer.body)
    except UnsupportedPayload:
        raise _held("câu trả lời đổi mã truy cập không đọc được", "token", unknown=True) from None
    access, refresh = node.text("access_token"), node.text("refresh_token")
    seconds = node.number("expires_in")
    if access is None or refresh is None or seconds is None or not 0 < seconds < 10**8:
        raise _held("Zalo từ chối đổi mã truy cập", node.text("error") or "token")
    return TokenPair(access, refresh, now + timedelta(seconds=seconds))


def _held(reason: str, code: str, *, unknown: bool = False) -> DeliveryFailed:
    # The message was not sent; the fate of the token may be unknown, so the channel waits for a person.
    suffix = " (chưa rõ mã làm mới đã dùng hay chưa)" if unknown else ""
    return DeliveryFailed(f"{reason}{suffix}", hold=True, code=f"token:{code}")
