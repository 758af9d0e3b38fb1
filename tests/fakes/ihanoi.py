"""A local iHanoi: pushes signed reports to us and takes signed status pushes."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

from tests.fakes.server import Call, FakeServer, Reply, json_reply

SECRET = "whsec_" + base64.b64encode(b"secret of the iHanoi fake, 32 by").decode()


@dataclass(frozen=True, slots=True)
class StatusPush:
    webhook_id: str
    report_id: str
    ticket_code: str
    purpose: str
    text: str


@dataclass(frozen=True, slots=True)
class IHanoiApp:
    """The citizen's app: builds signed pushes."""

    secret: str = SECRET

    def push(
        self, kind: str, data: dict[str, object], at: datetime | None = None, webhook_id: str | None = None
    ) -> Call:
        at = (at or datetime.now(UTC)).replace(microsecond=0)
        event = {"type": kind, "timestamp": at.isoformat(), "data": data}
        return self.sign(json.dumps(event, ensure_ascii=False).encode(), at, webhook_id)

    def sign(self, body: bytes, at: datetime, webhook_id: str | None = None) -> Call:
        webhook_id = webhook_id or f"msg_{secrets.token_hex(8)}"
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(webhook_id, at.astimezone(UTC), body.decode()),
        }
        return Call(body, headers)

    def report(
        self,
        report_id: str,
        text: str,
        *,
        name: str = "",
        phone: str = "",
        category: str = "",
        severity: str = "",
        address: str = "",
        position: tuple[float, float] | None = None,
        photos: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> Call:
        """`feedback.created` from plain data."""
        data: dict[str, object] = {"id": report_id, "text": text, "category": category, "severity": severity}
        data |= {"address": address, "photos": [{"url": url} for url in photos]}
        data["reporter"] = {"id": f"citizen-{report_id}", "name": name, "phone": phone}
        if position is not None:
            data["position"] = {"lat": position[0], "lon": position[1]}
        return self.push("feedback.created", data, at)


class IHanoiFake(FakeServer):
    """`with IHanoiFake() as ihanoi:` — `ihanoi.push_url` takes our status calls."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, secret: str = SECRET) -> None:
        super().__init__(host, port)
        self.app = IHanoiApp(secret)
        self.received: list[StatusPush] = []

    @property
    def push_url(self) -> str:
        return f"{self.url}/status"

    def handle(self, call: Call) -> Reply:
        try:
            Webhook(self.app.secret).verify(call.body, dict(call.headers), json_parse=False)
            event = json.loads(call.body)
            data = event["data"]
            push = StatusPush(
                call.headers["webhook-id"], data["id"], data["ticket_code"], data["purpose"], data["text"]
            )
        except WebhookVerificationError:
            return json_reply({"error": "signature"}, 401)
        except (ValueError, KeyError, TypeError):
            return json_reply({"error": "payload"}, 400)
        if push.webhook_id in {known.webhook_id for known in self.received}:
            return json_reply({"repeated": True}, 409)
        self.received.append(push)
        return json_reply({"accepted": True})


def start(host: str = "127.0.0.1", port: int = 0, secret: str = SECRET) -> IHanoiFake:
    return IHanoiFake(host, port, secret).start()
