"""Standard Webhooks (v1): HMAC-SHA256 over `{id}.{timestamp}.{body}`."""

from __future__ import annotations

import binascii
import hmac
from datetime import UTC, datetime

from standardwebhooks import Webhook

from channels.errors import SignatureInvalid
from channels.ihanoi.config import IHanoiConfig
from channels.instants import from_epoch
from channels.message import RawDelivery


def verify(config: IHanoiConfig, delivery: RawDelivery) -> None:
    """Raises SignatureInvalid.

    The library's own `verify` compares the timestamp with the wall clock; ours takes the moment of arrival,
    so that a delivery kept for later is judged again with the same result. The signature is the library's.
    """
    webhook_id = delivery.headers.get("webhook-id", "")
    stamp = delivery.headers.get("webhook-timestamp", "")
    claimed = [
        part.removeprefix("v1,")
        for part in delivery.headers.get("webhook-signature", "").split()
        if part.startswith("v1,")
    ]
    sent_at = from_epoch(int(stamp)) if stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 else None
    if not webhook_id or sent_at is None or not claimed:
        raise SignatureInvalid("thiếu tiêu đề chữ ký webhook")
    if abs(delivery.received_at - sent_at) > config.tolerance:
        raise SignatureInvalid("webhook quá cũ hoặc ở tương lai")
    expected = [_sign(secret, webhook_id, sent_at, delivery.body) for secret in config.secrets]
    if not any(hmac.compare_digest(_bytes(ours), _bytes(theirs)) for ours in expected for theirs in claimed):
        raise SignatureInvalid("chữ ký webhook không khớp")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _sign(secret: str, webhook_id: str, sent_at: datetime, body: bytes) -> str:
    try:
        signed = Webhook(secret).sign(webhook_id, sent_at, body.decode())
    except UnicodeError:
        raise SignatureInvalid("nội dung webhook không phải UTF-8") from None
    except (binascii.Error, ValueError):
        raise SignatureInvalid("khoá ký webhook cấu hình sai") from None
    return str(signed).removeprefix("v1,")


def headers(config: IHanoiConfig, webhook_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that sign `body` with the first secret."""
    whole = sent_at.astimezone(UTC).replace(microsecond=0)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(whole.timestamp())),
        "webhook-signature": f"v1,{_sign(config.secrets[0], webhook_id, whole, body)}",
    }
