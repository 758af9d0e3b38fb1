"""Zalo's event vocabulary, translated. Pure."""

from __future__ import annotations

from channels.document import Node, load
from channels.errors import UnsupportedPayload
from channels.identity import digest, key
from channels.instants import from_epoch
from channels.message import (
    Attachment,
    AttachmentKind,
    Ignored,
    InboundMessage,
    Position,
    RawDelivery,
    Sender,
)
from channels.place import phone, position, web_url
from channels.text import bounded, line
from channels.zalo.config import ZaloConfig
from channels.zalo.signature import PING

CHANNEL = "zalo"
MAX_ATTACHMENTS = 20
ANONYMOUS = "anonymous:"

ATTACHMENT_KINDS = {
    "image": AttachmentKind.IMAGE,
    "photo": AttachmentKind.IMAGE,
    "gif": AttachmentKind.IMAGE,
    "audio": AttachmentKind.AUDIO,
    "voice": AttachmentKind.AUDIO,
    "video": AttachmentKind.VIDEO,
    "file": AttachmentKind.FILE,
    "sticker": AttachmentKind.STICKER,
    "link": AttachmentKind.LINK,
}
IGNORED = {
    "follow": "follow",
    "unfollow": "unfollow",
    "user_seen_message": "seen",
    "user_received_message": "received",
    "user_reacted_message": "reaction",
    "user_withdraw": "withdraw",
    "user_submit_info": "contact_info",
}


def parse(config: ZaloConfig, delivery: RawDelivery) -> InboundMessage | Ignored:
    """Raises UnsupportedPayload: unreadable, without event name or sender, or meant for another account."""
    if delivery.body.strip() == PING:
        return Ignored(CHANNEL, delivery.account, digest(delivery.body), "ping")
    event = load(delivery.body)
    name = event.text("event_name")
    if name is None:
        raise UnsupportedPayload("sự kiện Zalo không có event_name")
    _check_account(config, event)
    if _is_message(event, name):
        return _message(delivery, event, name)
    return _ignored(config, delivery, event, name)


def _is_message(event: Node, name: str) -> bool:
    """Every `user_send_*` counts, also kinds unknown to us: its text is a citizen's."""
    return name.startswith(("user_send_", "anonymous_send_")) and (
        event.has("message") or event.has("attachments")
    )


def _accounts(event: Node) -> tuple[str, ...]:
    """Both ends of the event. Which one is ours differs (seen and received are turned round)."""
    ends = (event.node("sender").text("id"), event.node("recipient").text("id"), event.text("oa_id"))
    return tuple(end for end in ends if end)


def _check_account(config: ZaloConfig, event: Node) -> None:
    if (ids := _accounts(event)) and config.oa_id not in ids:
        raise UnsupportedPayload("sự kiện của một Official Account khác")


def _message(delivery: RawDelivery, event: Node, name: str) -> InboundMessage:
    body = event.node("message")
    address = _citizen(event, name)
    text, hints = bounded(body.text("text") or "")
    attachments, place = _attachments((*body.nodes("attachments"), *event.nodes("attachments")))
    quoted = body.text("quote_msg_id")
    return InboundMessage(
        channel=CHANNEL,
        account=delivery.account,
        external_id=key(body.text("msg_id") or _fallback_id(event, name)),
        conversation=key(_conversation(event, name) or address),
        sender=Sender(address=address),
        text=text,
        sent_at=from_epoch((event.number("timestamp") or 0) / 1000) if event.number("timestamp") else None,
        attachments=attachments,
        position=place,
        thread_refs=(key(quoted),) if quoted else (),
        hints={"event": line(name, 60), **hints},
    )


def _citizen(event: Node, name: str) -> str:
    sender = event.node("sender")
    found = sender.text("id") or sender.text("anonymous_id") or event.text("anonymous_id")
    if found is None:
        raise UnsupportedPayload("tin nhắn Zalo không có người gửi")
    return f"{ANONYMOUS}{key(found)}" if name.startswith("anonymous_") else key(found)


def _conversation(event: Node, name: str) -> str | None:
    if not name.startswith("anonymous_"):
        return None
    return event.node("message").text("conversation_id") or event.text("conversation_id")


def _attachments(nodes: tuple[Node, ...]) -> tuple[tuple[Attachment, ...], Position | None]:
    kept: list[Attachment] = []
    place = None
    for node in nodes[:MAX_ATTACHMENTS]:
        payload = node.node("payload")
        if (node.text("type") or "") == "location":
            place = place or _position(payload)
        else:
            kept.append(_attachment(node.text("type") or "", payload))
    return tuple(kept), place


def _position(payload: Node) -> Position | None:
    spot = payload.node("coordinates", "coordinate")
    lat = spot.number("latitude", "lat") or payload.number("latitude", "lat")
    lon = spot.number("longitude", "long", "lon") or payload.number("longitude", "long", "lon")
    return position(lat, lon)


def _attachment(kind: str, payload: Node) -> Attachment:
    name = payload.text("name", "description")
    size = payload.number("size")
    return Attachment(
        kind=ATTACHMENT_KINDS.get(kind, AttachmentKind.FILE),
        name=line(name, 200) if name else None,
        url=web_url(payload.text("url", "thumbnail")),
        content_type=line(payload.text("type") or "", 80) or None,
        size=int(size) if size is not None and 0 <= size < 2**40 else None,
    )


def _ignored(config: ZaloConfig, delivery: RawDelivery, event: Node, name: str) -> Ignored:
    reason = "echo" if name.startswith("oa_send_") else IGNORED.get(name, "unknown_event")
    message_id = event.node("message").text("msg_id")
    external = f"{name}:{message_id}" if message_id and reason == "echo" else _fallback_id(event, name)
    return Ignored(
        CHANNEL,
        delivery.account,
        key(external),
        reason,
        {"event": line(name, 60), **_hints(config, event, reason)},
    )


def _hints(config: ZaloConfig, event: Node, reason: str) -> dict[str, str]:
    follower = event.node("follower").text("id")
    people = [end for end in (follower, *_accounts(event)) if end and end != config.oa_id]
    found: dict[str, str | None] = {"user": key(people[0]) if people else event.text("user_id_by_app")}
    if reason == "echo":
        found["msg_id"] = event.node("message").text("msg_id")
        found["text"] = bounded(event.node("message").text("text") or "")[0]
    if reason == "contact_info":
        info = event.node("info")
        found |= {"name": info.text("name"), "phone": phone(info.text("phone")), "address": _address(info)}
    return {name: text for name, text in found.items() if text}


def _address(info: Node) -> str:
    whole = info.node("full_address")
    source = whole if whole.value else info
    parts = (source.text(name) for name in ("address", "ward", "district", "city"))
    return line(", ".join(part for part in parts if part))


def _fallback_id(event: Node, name: str) -> str:
    sender = event.node("sender").text("id") or event.node("follower").text("id") or ""
    recipient = event.node("recipient").text("id") or event.text("oa_id") or ""
    return digest(
        name, sender, recipient, event.text("timestamp") or "", event.node("message").text("msg_id") or ""
    )
