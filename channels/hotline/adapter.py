"""The hotline behind the port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from channels.document import load
from channels.errors import DeliveryFailed, SignatureInvalid, UnsupportedPayload
from channels.hotline import transcript, vcon
from channels.hotline.call import CHANNEL, OVERSIZE, to_message
from channels.hotline.config import HotlineConfig
from channels.hotline.folder import FolderPoller
from channels.message import Ignored, InboundMessage, OutboundMessage, RawDelivery, Receipt
from channels.port import ChannelInfo, Polled


class HotlineAdapter:
    """`account` names the hotline in deliveries; by default its number."""

    def __init__(self, config: HotlineConfig, account: str | None = None) -> None:
        self._config = config
        self._account = account or config.number or CHANNEL

    @property
    def info(self) -> ChannelInfo:
        return ChannelInfo(name=CHANNEL, title="Tổng đài", can_reply=False, max_length=50_000)

    def verify(self, delivery: RawDelivery) -> None:
        """A file proves nothing: its origin is who may write to the folder. Raises SignatureInvalid."""
        if delivery.channel != CHANNEL:
            raise SignatureInvalid("không phải bản ghi từ thư mục tổng đài")

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Raises UnsupportedPayload."""
        if OVERSIZE in delivery.headers:
            raise UnsupportedPayload("tệp bản ghi lớn hơn giới hạn; chỉ giữ phần đầu")
        node = load(delivery.body)
        call = vcon.read(node) if vcon.is_vcon(node) else transcript.read(node)
        return to_message(self._config, delivery, call)

    def poll(self, now: datetime) -> Iterator[Polled]:
        """Raises SourceUnreachable."""
        return FolderPoller(self._config, self._account).poll(now)

    def send(self, message: OutboundMessage) -> Receipt:
        """A call has no text channel: always raises DeliveryFailed, from which a call-back task is made."""
        raise DeliveryFailed("cần gọi lại cho công dân", permanent=True, code="callback")
