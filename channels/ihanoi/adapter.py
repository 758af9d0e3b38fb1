"""The iHanoi channel behind the port."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from channels.http import HttpClient, check
from channels.ihanoi import events, signature
from channels.ihanoi.config import IHanoiConfig
from channels.message import Ignored, InboundMessage, OutboundMessage, RawDelivery, Receipt
from channels.port import ChannelInfo
from channels.text import clean

_ALREADY_THERE = 409


class IHanoiAdapter:
    """`clock` stamps outgoing pushes."""

    def __init__(
        self, config: IHanoiConfig, clock: Callable[[], datetime], http: HttpClient | None = None
    ) -> None:
        self._config, self._clock, self._http = config, clock, http or HttpClient()

    @property
    def info(self) -> ChannelInfo:
        return ChannelInfo(
            name=events.CHANNEL,
            title="iHanoi",
            can_reply=True,
            max_length=50_000,
            webhook=True,
            repeat_safe=True,
        )

    def verify(self, delivery: RawDelivery) -> None:
        """Raises SignatureInvalid."""
        signature.verify(self._config, delivery)

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Raises UnsupportedPayload."""
        return events.parse(self._config, delivery)

    def send(self, message: OutboundMessage) -> Receipt:
        """Push a status; the receiver knows repeats by `webhook-id`. Raises DeliveryFailed."""
        now = self._clock()
        body = _status(message, now)
        signed = signature.headers(self._config, message.id, now, body)
        answer = self._http.post(self._config.push_url, body, {"Content-Type": "application/json", **signed})
        if answer.status == _ALREADY_THERE:
            return Receipt(message.id, detail="repeated")
        check(answer)
        return Receipt(message.id)


def _status(message: OutboundMessage, now: datetime) -> bytes:
    data = {
        "id": message.conversation,
        "ticket_code": message.ticket_code,
        "purpose": message.purpose.value,
        "text": clean(message.text),
    }
    event = {"type": "feedback.status", "timestamp": now.isoformat(), "data": data}
    return json.dumps(event, ensure_ascii=False).encode()
