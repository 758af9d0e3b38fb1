"""What the application expects of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from channels.message import Ignored, InboundMessage, OutboundMessage, RawDelivery, Receipt


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """Declared abilities.

    `reply_window`: how long after the citizen's last message a reply can reach them (None: no limit).
    `repeat_safe`: sending the same OutboundMessage.id twice reaches the citizen once, so an unknown outcome
    may be retried.
    """

    name: str
    title: str
    can_reply: bool
    max_length: int
    reply_window: timedelta | None = None
    webhook: bool = False
    repeat_safe: bool = False


class Adapter(Protocol):
    """`verify` and `parse` are pure: no network, no clock, no disk."""

    @property
    def info(self) -> ChannelInfo: ...

    def verify(self, delivery: RawDelivery) -> None:
        """Prove the origin. Raises SignatureInvalid."""

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Translate. Raises UnsupportedPayload."""

    def send(self, message: OutboundMessage) -> Receipt:
        """Hand over to the provider. Raises DeliveryFailed."""


class Polled(Protocol):
    """One fetched delivery. Call exactly one of `done` / `failed` after the raw row is committed."""

    @property
    def delivery(self) -> RawDelivery: ...

    def done(self) -> None: ...

    def failed(self, reason: str) -> None: ...


@runtime_checkable
class Poller(Protocol):
    """A channel that is fetched (mailbox, drop folder) rather than pushed."""

    def poll(self, now: datetime) -> Iterator[Polled]:
        """Yield what waits, oldest first, one delivery per message. Ends when nothing is left.

        Raises SourceUnreachable. An unsettled delivery is simply yielded again by a later poll.
        """


@dataclass(frozen=True, slots=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_at: datetime


class TokenStore(Protocol):
    """Where single-use OAuth tokens live. A lock spans `refresh`; a new pair is durable before use."""

    def current(self, account: str) -> TokenPair | None: ...

    def refresh(self, account: str, stale: str, exchange: TokenExchange) -> TokenPair:
        """A pair newer than access token `stale`; calls `exchange` at most once over all processes."""


class TokenExchange(Protocol):
    def __call__(self, refresh_token: str) -> TokenPair: ...
