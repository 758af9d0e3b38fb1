"""The e-mail channel behind the port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from channels.email import parsing
from channels.email.compose import compose
from channels.email.config import EmailConfig
from channels.email.imap import ImapPoller
from channels.email.smtp import submit
from channels.errors import SignatureInvalid
from channels.message import Ignored, InboundMessage, OutboundMessage, RawDelivery, Receipt
from channels.port import ChannelInfo, Polled


class EmailAdapter:
    """`clock` gives the Date of outgoing mail; `account` names the mailbox in deliveries."""

    def __init__(
        self, config: EmailConfig, clock: Callable[[], datetime], account: str | None = None
    ) -> None:
        self._config, self._clock = config, clock
        self._account = account or config.address

    @property
    def info(self) -> ChannelInfo:
        return ChannelInfo(name="email", title="Email", can_reply=True, max_length=50_000, repeat_safe=True)

    def verify(self, delivery: RawDelivery) -> None:
        """A mail proves nothing: its origin is the mailbox we logged in to. Raises SignatureInvalid."""
        if delivery.channel != parsing.CHANNEL:
            raise SignatureInvalid("không phải thư từ hộp thư của chúng ta")

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Raises UnsupportedPayload."""
        return parsing.parse(self._config, delivery)

    def poll(self, now: datetime) -> Iterator[Polled]:
        """Raises SourceUnreachable."""
        return ImapPoller(self._config, self._account).poll(now)

    def send(self, message: OutboundMessage) -> Receipt:
        """Raises DeliveryFailed."""
        mail = compose(self._config, message, self._clock())
        recipient = mail["To"].addresses[0].addr_spec
        submit(self._config.smtp, self._config.address, recipient, mail.as_bytes())
        return Receipt(str(mail["Message-ID"]).strip())
