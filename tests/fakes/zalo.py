"""A local Zalo: the message and token endpoints, and a citizen's phone that calls our webhook."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from tests.fakes.server import Call, FakeServer, Reply, json_reply

FREE = timedelta(hours=48)
WINDOW = timedelta(days=7)
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class SentMessage:
    user_id: str
    text: str
    message_id: str
    quote: str | None
    billed: bool


@dataclass(frozen=True, slots=True)
class ZaloAccount:
    """One Official Account and the app it belongs to. Invented numbers, never real ones."""

    app_id: str = "1000000000000000001"
    oa_id: str = "2000000000000000002"
    oa_secret: str = "oa-secret-of-the-fake"
    app_secret: str = "app-secret-of-the-fake"

    def webhook(self, event: dict[str, object], at: datetime | None = None) -> Call:
        """`event` completed with app id and timestamp, signed as Zalo signs it."""
        stamp = str(int((at or datetime.now(UTC)).timestamp() * 1000))
        body = json.dumps({"app_id": self.app_id, **event, "timestamp": stamp}, ensure_ascii=False).encode()
        return Call(body, self.sign(body, stamp))

    def sign(
        self, body: bytes, stamp: str, first: str | None = None, secret: str | None = None
    ) -> dict[str, str]:
        parts = ((first or self.app_id).encode(), body, stamp.encode(), (secret or self.oa_secret).encode())
        mac = hashlib.sha256(b"".join(parts)).hexdigest()
        return {"content-type": "application/json", "x-zevent-signature": f"mac={mac}"}

    def text(self, user_id: str, text: str, at: datetime | None = None, msg_id: str | None = None) -> Call:
        return self.message("user_send_text", user_id, {"text": text}, at, msg_id)

    def image(self, user_id: str, url: str, caption: str = "", at: datetime | None = None) -> Call:
        attachment = {"type": "image", "payload": {"url": url, "thumbnail": url}}
        return self.message("user_send_image", user_id, {"text": caption, "attachments": [attachment]}, at)

    def location(self, user_id: str, lat: float, lon: float, at: datetime | None = None) -> Call:
        payload = {"coordinates": {"latitude": str(lat), "longitude": str(lon)}}
        return self.message(
            "user_send_location", user_id, {"attachments": [{"type": "location", "payload": payload}]}, at
        )

    def message(
        self,
        event_name: str,
        user_id: str,
        message: dict[str, object],
        at: datetime | None = None,
        msg_id: str | None = None,
    ) -> Call:
        event: dict[str, object] = {
            "event_name": event_name,
            "sender": {"id": user_id},
            "recipient": {"id": self.oa_id},
            "user_id_by_app": user_id,
            "message": {"msg_id": msg_id or secrets.token_hex(10), **message},
        }
        return self.webhook(event, at)

    def follow(self, user_id: str, at: datetime | None = None) -> Call:
        event: dict[str, object] = {
            "event_name": "follow",
            "oa_id": self.oa_id,
            "follower": {"id": user_id},
            "source": "oa_profile",
        }
        return self.webhook(event, at)


@dataclass
class ZaloState:
    """What the fake remembers. `seen`: the last interaction of each user; nobody else can be written to."""

    access: dict[str, datetime] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    seen: dict[str, datetime] = field(default_factory=dict)
    sent: list[SentMessage] = field(default_factory=list)
    quota: int = 1_000_000
    token_calls: int = 0


class ZaloFake(FakeServer):
    """`with ZaloFake() as zalo:` — use `zalo.url` as both base URLs."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        account: ZaloAccount | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(host, port)
        self.account = account or ZaloAccount()
        self.state = ZaloState()
        self._clock = clock or (lambda: datetime.now(UTC))

    @property
    def sent(self) -> list[SentMessage]:
        return self.state.sent

    def issue(self) -> tuple[str, str]:
        """A first (access token, refresh token) pair, as the console hands out."""
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        with self.lock:
            self.state.access = {access: self._clock() + timedelta(hours=25)}
            self.state.refresh.add(refresh)
        return access, refresh

    def expire_tokens(self) -> None:
        with self.lock:
            self.state.access = {}

    def interact(self, user_id: str, at: datetime | None = None) -> None:
        """The citizen wrote to the account: the 48 h and 7 d windows begin again."""
        with self.lock:
            self.state.seen[user_id] = at or self._clock()

    def citizen_writes(self, user_id: str, text: str) -> Call:
        """The signed webhook call of a text, after which the citizen can be answered."""
        self.interact(user_id)
        return self.account.text(user_id, text)

    def handle(self, call: Call) -> Reply:
        if call.path == "/v4/oa/access_token":
            return self._token(call)
        if call.path == "/v3.0/oa/message/cs":
            return self._message(call)
        return json_reply({"error": -404, "message": "not found"}, 404)

    def _token(self, call: Call) -> Reply:
        self.state.token_calls += 1
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        if (
            call.headers.get("secret_key") != self.account.app_secret
            or form.get("app_id") != self.account.app_id
        ):
            return json_reply({"error": -14002, "error_name": "Invalid app"})
        token = form.get("refresh_token", "")
        if form.get("grant_type") != "refresh_token" or token not in self.state.refresh:
            return json_reply({"error": -14014, "error_name": "Invalid refresh token"})
        self.state.refresh.remove(token)
        access, refresh = self.issue()
        return json_reply({"access_token": access, "refresh_token": refresh, "expires_in": "90000"})

    def _message(self, call: Call) -> Reply:
        until = self.state.access.get(call.headers.get("access_token", ""))
        if until is None or until < self._clock():
            return _error(-216, "Access token is invalid")
        try:
            body = json.loads(call.body)
            user, text = str(body["recipient"]["user_id"]), body["message"]["text"]
        except (ValueError, KeyError, TypeError):
            return _error(-201, "Params is invalid")
        if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT:
            return _error(-201, "Params is invalid")
        return self._deliver(user, text, body["message"].get("quote_message_id"))

    def _deliver(self, user: str, text: str, quote: str | None) -> Reply:
        last = self.state.seen.get(user)
        if last is None:
            return _error(-213, "User has not interacted with the OA")
        age = self._clock() - last
        if age > WINDOW:
            return _error(-230, "User has not interacted with the OA in the past 7 days")
        if self.state.quota <= 0:
            return _error(-211, "Quota exceeded")
        self.state.quota -= 1
        message_id = secrets.token_hex(10)
        self.state.sent.append(SentMessage(user, text, message_id, quote, billed=age > FREE))
        return json_reply(
            {"error": 0, "message": "Success", "data": {"message_id": message_id, "user_id": user}}
        )


def _error(code: int, message: str) -> Reply:
    """Zalo reports its errors with HTTP 200."""
    return json_reply({"error": code, "message": message})


def start(host: str = "127.0.0.1", port: int = 0) -> ZaloFake:
    return ZaloFake(host, port).start()
