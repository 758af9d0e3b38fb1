"""iHanoi's events, translated. Pure."""

from __future__ import annotations

from channels.document import Node, load
from channels.errors import UnsupportedPayload
from channels.identity import digest, key
from channels.ihanoi.config import IHanoiConfig
from channels.instants import from_iso
from channels.message import Attachment, AttachmentKind, Ignored, InboundMessage, RawDelivery, Sender
from channels.place import phone, position, web_url
from channels.text import bounded, line

CHANNEL = "ihanoi"
MESSAGES = {"feedback.created": "created", "feedback.updated": "updated"}
IGNORED = {"feedback.rated": "rated", "feedback.withdrawn": "withdrawn"}


def parse(config: IHanoiConfig, delivery: RawDelivery) -> InboundMessage | Ignored:
    """Raises UnsupportedPayload: unreadable, without a type, or a report without an id."""
    event = load(delivery.body)
    kind = event.text("type")
    if kind is None:
        raise UnsupportedPayload("sự kiện iHanoi không có loại")
    data = event.node("data")
    external_id = key(delivery.headers.get("webhook-id") or digest(delivery.body))
    if kind not in MESSAGES:
        reason = IGNORED.get(kind, "unknown_event")
        return Ignored(CHANNEL, delivery.account, external_id, reason, _ignored_hints(kind, data))
    return _message(config, delivery, event, external_id, MESSAGES[kind])


def _message(
    config: IHanoiConfig, delivery: RawDelivery, event: Node, external_id: str, kind: str
) -> InboundMessage:
    data = event.node("data")
    report = data.text("id")
    if report is None:
        raise UnsupportedPayload("phản ánh iHanoi không có mã")
    text, cut = bounded(data.text("text", "content") or "")
    title = data.text("title")
    place = data.node("position", "location")
    return InboundMessage(
        channel=CHANNEL,
        account=delivery.account,
        external_id=external_id,
        conversation=key(report),
        sender=_sender(data.node("reporter"), report),
        text=text,
        subject=line(title) if title else None,
        sent_at=from_iso(data.text("created_at") or event.text("timestamp")),
        attachments=_photos(data, config.max_photos),
        position=position(place.number("lat", "latitude"), place.number("lon", "lng", "longitude")),
        address=line(data.text("address") or "") or None,
        hints={"event": kind, **cut, **_hints(data)},
    )


def _sender(reporter: Node, report: str) -> Sender:
    name, number = reporter.text("name"), phone(reporter.text("phone"))
    # Without an account id the report itself stands for the person: strangers must not become one contact.
    address = reporter.text("id") or number or f"report:{report}"
    return Sender(key(address), line(name, 200) if name else None, number, reporter.text("email"))


def _photos(data: Node, limit: int) -> tuple[Attachment, ...]:
    listed = data.nodes("photos") or tuple(Node({"url": url}) for url in data.texts("photos"))
    found = []
    for photo in listed[:limit]:
        name, url = photo.text("name"), web_url(photo.text("url"))
        if url:
            found.append(Attachment(AttachmentKind.IMAGE, line(name, 200) if name else None, url))
    return tuple(found)


def _hints(data: Node) -> dict[str, str]:
    found = {name: data.text(name) for name in ("category", "severity")}
    return {name: line(text, 100) for name, text in found.items() if text}


def _ignored_hints(kind: str, data: Node) -> dict[str, str]:
    rating = data.node("rating")
    found = {
        "event": line(kind, 60),
        "report": key(data.text("id") or ""),
        "score": rating.text("score") or data.text("score"),
        "comment": bounded(rating.text("comment") or "", 5_000)[0],
    }
    return {name: text for name, text in found.items() if text}
