"""The portal form behind the port."""

from __future__ import annotations

import hmac
import re

from channels.document import Node, load
from channels.errors import SignatureInvalid, UnsupportedPayload
from channels.identity import key
from channels.instants import from_iso
from channels.message import (
    Attachment,
    AttachmentKind,
    Ignored,
    InboundMessage,
    OutboundMessage,
    RawDelivery,
    Receipt,
    Sender,
)
from channels.place import phone, position
from channels.port import ChannelInfo
from channels.text import line
from channels.web.config import WebConfig
from channels.web.form import SEAL_HEADER, seal

CHANNEL = "web"
_EMAIL = re.compile(r"[^@\s<>\"(),;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KINDS = {"image": AttachmentKind.IMAGE, "audio": AttachmentKind.AUDIO, "video": AttachmentKind.VIDEO}


class WebAdapter:
    def __init__(self, config: WebConfig) -> None:
        self._config = config

    @property
    def info(self) -> ChannelInfo:
        return ChannelInfo(
            name=CHANNEL,
            title="Cổng thông tin",
            can_reply=True,
            max_length=50_000,
            repeat_safe=True,
        )

    def verify(self, delivery: RawDelivery) -> None:
        """Only our own web tier knows the key of the seal. Raises SignatureInvalid."""
        claimed = delivery.headers.get(SEAL_HEADER, "")
        expected = seal(delivery.body, self._config.key)
        if not hmac.compare_digest(expected.encode(), claimed.encode("utf-8", "replace")):
            raise SignatureInvalid("biểu mẫu không do cổng thông tin gửi")

    def parse(self, delivery: RawDelivery) -> InboundMessage | Ignored:
        """Raises UnsupportedPayload; the text names the field, in words fit for the form."""
        form = load(delivery.body)
        submission = form.text("submission_id")
        if submission is None:
            raise UnsupportedPayload("biểu mẫu không có mã lần gửi")
        code = form.text("ticket_code")
        return InboundMessage(
            channel=CHANNEL,
            account=delivery.account,
            external_id=key(submission),
            conversation=key(code or submission),
            sender=_sender(form, submission),
            text=_text(form, self._config.max_text),
            sent_at=from_iso(form.text("submitted_at")),
            attachments=_uploads(form, self._config.max_uploads),
            position=position(form.node("position").number("lat"), form.node("position").number("lon")),
            address=line(form.text("address") or "") or None,
            thread_refs=(key(code),) if code else (),
        )

    def send(self, message: OutboundMessage) -> Receipt:
        """Nothing leaves the house: the citizen reads the answer on the portal."""
        return Receipt(provider_id=None, detail="published")


def _text(form: Node, limit: int) -> str:
    text = form.text("text")
    if text is None:
        raise UnsupportedPayload("nội dung phản ánh còn trống")
    if len(text) > limit:
        raise UnsupportedPayload(f"nội dung dài hơn {limit} ký tự")
    return text


def _sender(form: Node, submission: str) -> Sender:
    name, number, email = form.text("name"), form.text("phone"), form.text("email")
    if number and phone(number) is None:
        raise UnsupportedPayload("số điện thoại không hợp lệ")
    if email and not _EMAIL.fullmatch(email):
        raise UnsupportedPayload("địa chỉ email không hợp lệ")
    number, email = phone(number), email.lower() if email else None
    # Without contact data the submission itself stands for the person: strangers must not become one contact.
    address = number or email or f"form:{key(submission)}"
    return Sender(address, line(name, 200) if name else None, number, email)


def _uploads(form: Node, limit: int) -> tuple[Attachment, ...]:
    uploads = form.nodes("uploads")
    if len(uploads) > limit:
        raise UnsupportedPayload(f"có hơn {limit} tệp đính kèm")
    return tuple(_upload(index, node) for index, node in enumerate(uploads))


def _upload(index: int, node: Node) -> Attachment:
    kind, size, sha256 = node.text("content_type") or "", node.number("size"), node.text("sha256") or ""
    if not _SHA256.fullmatch(sha256) or size is None or not 0 <= size < 2**40:
        raise UnsupportedPayload("tệp đính kèm thiếu kích thước hoặc mã băm")
    return Attachment(
        kind=_KINDS.get(kind.partition("/")[0], AttachmentKind.FILE),
        name=line(node.text("name") or "", 200).replace("/", "_").replace("\\", "_") or None,
        part=index,
        content_type=line(kind, 100) or None,
        size=int(size),
        sha256=sha256,
    )
