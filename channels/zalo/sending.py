"""Customer-service messages (v3.0)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from channels.document import Node, load
from channels.errors import DeliveryFailed, UnsupportedPayload
from channels.http import Answer, HttpClient, check
from channels.message import OutboundMessage, Receipt
from channels.port import TokenPair, TokenStore
from channels.text import split
from channels.zalo import failures
from channels.zalo.config import ZaloConfig
from channels.zalo.events import ANONYMOUS
from channels.zalo.oauth import exchange


class ZaloSender:
    """Splits, sends part by part, and renews the token at most once per part."""

    def __init__(
        self, config: ZaloConfig, http: HttpClient, tokens: TokenStore, clock: Callable[[], datetime]
    ) -> None:
        self._config, self._http, self._tokens, self._clock = config, http, tokens, clock

    def send(self, message: OutboundMessage) -> Receipt:
        """Raises DeliveryFailed; a closed window is found before any network."""
        self._check_window(message)
        parts = split(message.text, self._config.max_length)
        if not parts[0]:
            raise DeliveryFailed("tin trả lời không có nội dung", permanent=True, code="empty")
        ids = [self._send_part(message, number, part, len(parts)) for number, part in enumerate(parts)]
        return Receipt(ids[-1], detail="accepted" if len(ids) == 1 else f"accepted in {len(ids)} parts")

    def renew(self, account: str, stale: str) -> TokenPair:
        """A pair newer than access token `stale`. Raises DeliveryFailed(hold)."""
        return self._tokens.refresh(account, stale, exchange(self._config, self._http, self._clock))

    def _check_window(self, message: OutboundMessage) -> None:
        last = message.last_inbound_at
        if last is not None and self._clock() - last > self._config.reply_window:
            raise DeliveryFailed("cửa sổ 7 ngày đã đóng", permanent=True, code="window")

    def _send_part(self, message: OutboundMessage, number: int, part: str, total: int) -> str | None:
        try:
            return self._with_token(message, _payload(message, part, quote=number == 0))
        except DeliveryFailed as error:
            if number == 0:
                raise
            # The citizen already has the first parts: trying the whole again would repeat them.
            raise DeliveryFailed(
                f"mới gửi được {number}/{total} phần: {error.reason}",
                unknown=True,
                code=f"partial:{error.code}",
            ) from None

    def _with_token(self, message: OutboundMessage, payload: bytes) -> str | None:
        pair = self._tokens.current(message.account)
        if pair is None:
            raise DeliveryFailed("chưa có mã truy cập Zalo", hold=True, code="no_token")
        answer = self._post(pair, payload)
        if _token_refused(answer):
            answer = self._post(self.renew(message.account, pair.access_token), payload)
        return _message_id(answer)

    def _post(self, pair: TokenPair, payload: bytes) -> Answer:
        headers = {"access_token": pair.access_token, "Content-Type": "application/json"}
        return self._http.post(f"{self._config.api_base}/v3.0/oa/message/cs", payload, headers)


def _payload(message: OutboundMessage, text: str, *, quote: bool) -> bytes:
    body = {"text": text}
    if quote and message.in_reply_to:
        body["quote_message_id"] = message.in_reply_to
    recipient: Mapping[str, str] = {"user_id": message.to.address}
    if message.to.address.startswith(ANONYMOUS):
        anonymous_id = message.to.address.removeprefix(ANONYMOUS)
        recipient = {"anonymous_id": anonymous_id, "conversation_id": message.conversation}
    return json.dumps({"recipient": recipient, "message": body}, ensure_ascii=False).encode()


def _token_refused(answer: Answer) -> bool:
    return answer.status == 401 or (answer.status == 200 and _error(_read(answer)) in failures.TOKEN)


def _message_id(answer: Answer) -> str | None:
    check(answer)
    node = _read(answer)
    code = _error(node)
    if code != 0:
        raise failures.failure(code)
    return node.node("data").text("message_id")


def _read(answer: Answer) -> Node:
    try:
        return load(answer.body)
    except UnsupportedPayload:
        raise DeliveryFailed("câu trả lời của Zalo không đọc được", unknown=True, code="answer") from None


def _error(node: Node) -> int:
    number = node.number("error")
    if number is None:
        raise DeliveryFailed("câu trả lời của Zalo không có mã lỗi", unknown=True, code="answer")
    return int(number)
