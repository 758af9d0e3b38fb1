"""The Zalo channel behind the port."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels.http import HttpClient
from channels.message import Ignored, InboundMessage, OutboundMessage, RawDelivery, Receipt
from channels.port import ChannelInfo, TokenPair, TokenStore
from channels.zalo import events, signature
from channels.zalo.config import ZaloConfig
from channels.zalo.sending import ZaloSender


class ZaloAdapter:
    """`tokens` holds the single-use OAuth pair; `clock` is only used to send."""

    def __init__(
        self,
        config: ZaloConfig,
        tokens: TokenStore,
        clock: Callable[[], datetime],
        http: HttpClient | None = None,
    ) -> None:
        self._config = config
        self._sender = ZaloSender(config, http or HttpClient(), tokens, clock)

    @property
    def info(self) -> ChannelInfo:
        return ChannelInfo(
            name="zalo",
            title="Zalo",
            can_reply=True,
            max_length=self._config.max_length,
            reply_window=self._config.reply_window,
            webhook=True,
        )

    def verify(self, delivery: RawDelivery) -> None:
        """Raises SignatureInvalid."""
        signature.verify(self._config, delivery)

    def matched(self, delivery: RawDelivery) -> str | None:
        """Which signature scheme matched, for the log; None for a ping or a forgery."""
        return signature.matched_scheme(self._config, delivery)

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Raises UnsupportedPayload."""
        return events.parse(self._config, delivery)

    def send(self, message: OutboundMessage) -> Receipt:
        """Raises DeliveryFailed."""
        return self._sender.send(message)

    def renew(self, account: str, stale: str) -> TokenPair:
        """Renew the token before it runs out (a clock does this at about 20 h). Raises DeliveryFailed."""
        return self._sender.renew(account, stale)
