"""X-ZEvent-Signature: mac=<hex SHA-256(first term + raw body + timestamp + secret)>; not an HMAC."""

from __future__ import annotations

import hashlib
import hmac

from channels.document import Node, load
from channels.errors import SignatureInvalid, UnsupportedPayload
from channels.instants import from_epoch
from channels.message import RawDelivery
from channels.zalo.config import ZaloConfig

PING = b"{}"


def mac(first_term: str, body: bytes, timestamp: str, secret: str) -> str:
    """The hex digest the provider sends for these parts."""
    return hashlib.sha256(first_term.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def matched_scheme(config: ZaloConfig, delivery: RawDelivery) -> str | None:
    """Name of the configured scheme that explains the signature, or None where no one does."""
    claimed = delivery.headers.get("x-zevent-signature", "").strip()
    claimed = claimed[4:] if claimed[:4].lower() == "mac=" else claimed
    timestamp = _timestamp(delivery)
    found = None
    for scheme in config.schemes:
        expected = mac(scheme.first_term, delivery.body, timestamp, scheme.secret)
        if hmac.compare_digest(expected.encode(), claimed.lower().encode("utf-8", "replace")):
            found = scheme.name
    return found


def verify(config: ZaloConfig, delivery: RawDelivery) -> None:
    """Raises SignatureInvalid. The console's unsigned `{}` passes: it carries nothing."""
    if delivery.body.strip() == PING:
        return
    if matched_scheme(config, delivery) is None:
        raise SignatureInvalid("chữ ký Zalo không khớp")
    claimed_app = _event(delivery).text("app_id")
    if claimed_app is not None and claimed_app != config.app_id:
        raise SignatureInvalid("app_id không phải của chúng ta")
    _check_age(config, delivery)


def _check_age(config: ZaloConfig, delivery: RawDelivery) -> None:
    text = _timestamp(delivery)
    sent_at = from_epoch(int(text) / 1000) if text.isascii() and text.isdigit() and len(text) <= 16 else None
    if sent_at is None:
        raise SignatureInvalid("thiếu thời điểm của sự kiện Zalo")
    if abs(delivery.received_at - sent_at) > config.tolerance:
        raise SignatureInvalid("sự kiện Zalo quá cũ hoặc ở tương lai")


def _timestamp(delivery: RawDelivery) -> str:
    return _event(delivery).text("timestamp") or delivery.headers.get("x-zevent-timestamp", "").strip()


def _event(delivery: RawDelivery) -> Node:
    try:
        return load(delivery.body)
    except UnsupportedPayload:
        return Node({})
