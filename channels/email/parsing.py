"""One mail → one message or a reason to ignore it. Pure."""

from __future__ import annotations

from email.message import Message

from channels.email import automatic, headers, replies, threads
from channels.email.body import attachments_of, text_of
from channels.email.config import EmailConfig
from channels.email.limits import read
from channels.errors import UnsupportedPayload
from channels.identity import digest, key
from channels.message import Ignored, InboundMessage, Purpose, RawDelivery, Sender
from channels.text import bounded

CHANNEL = "email"
OVERSIZE = "x-oversize"


def parse(config: EmailConfig, delivery: RawDelivery) -> InboundMessage | Ignored:
    """Raises UnsupportedPayload: over a limit, unreadable, or without a sender."""
    if OVERSIZE in delivery.headers:
        raise UnsupportedPayload("thư lớn hơn giới hạn; chỉ giữ phần đầu")
    try:
        return _parse(config, delivery)
    # The standard library's parser meets hostile headers with these; such a mail goes to a person, not lost.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UnsupportedPayload("thư không đọc được") from None


def _parse(config: EmailConfig, delivery: RawDelivery) -> InboundMessage | Ignored:
    mail = read(config, delivery.body)
    reason = automatic.reason(config, mail) or _staff_reply(config, mail)
    if reason is not None:
        hints = automatic.bounce_hints(config, mail) if reason == "bounce" else _own_refs(config, mail)
        return Ignored(CHANNEL, delivery.account, _external_id(delivery, mail), reason, hints)
    return _message(config, delivery, mail)


def _external_id(delivery: RawDelivery, mail: Message) -> str:
    ids = headers.message_ids(mail, "Message-ID")
    return key(ids[0]) if ids else digest(delivery.body)


def _own_refs(config: EmailConfig, mail: Message) -> dict[str, str]:
    ours = (automatic.outbound_id(config, ref) for ref in threads.references(mail))
    return next(({"outbound_id": found} for found in ours if found), {})


def _staff_reply(config: EmailConfig, mail: Message) -> str | None:
    """Somebody of the staff answers a reminder: no matter of a citizen, and nobody would read it as one."""
    parent = threads.references(mail)[:1]
    own = automatic.outbound_id(config, parent[0]) if parent else None
    return "staff_reply" if own and own.startswith(f"{Purpose.REMINDER}.") else None


def _sender(mail: Message) -> Sender:
    found = headers.addresses(mail, "From") or headers.addresses(mail, "Sender", "Reply-To")
    if not found:
        raise UnsupportedPayload("thư không có người gửi")
    name, address = found[0]
    return Sender(address=address, name=name or None, email=address)


def _message(config: EmailConfig, delivery: RawDelivery, mail: Message) -> InboundMessage:
    subject = headers.decoded(mail, "Subject")
    reading = text_of(mail)
    text, cut = bounded(replies.strip(reading.text))
    attachments, dropped = attachments_of(mail, config.max_attachments)
    own_id = _external_id(delivery, mail)
    hints = {**cut, **_hints(config, mail, subject)}
    hints |= {"charset_suspect": "1"} if reading.suspect else {}
    hints |= {"attachments_dropped": str(dropped)} if dropped else {}
    token = hints.get("reply_token")
    return InboundMessage(
        channel=CHANNEL,
        account=delivery.account,
        external_id=own_id,
        conversation=key(threads.root(mail, own_id)),
        sender=_sender(mail),
        text=text,
        subject=subject or None,
        sent_at=headers.date(mail),
        attachments=attachments,
        thread_refs=((token,) if token else ()) + tuple(key(ref) for ref in threads.references(mail)),
        hints=hints,
    )


def _hints(config: EmailConfig, mail: Message, subject: str) -> dict[str, str]:
    found = {"reply_token": threads.reply_token(config, mail), "subject_tag": threads.subject_tag(subject)}
    return {name: text for name, text in found.items() if text}
