"""Outgoing mail. Whatever a ticket holds, no header line can be smuggled in."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from channels.email.automatic import OWN_MARK
from channels.email.config import EmailConfig
from channels.email.headers import is_address, only_ids
from channels.email.replies import SEPARATOR
from channels.errors import DeliveryFailed
from channels.identity import digest
from channels.message import OutboundMessage, Purpose
from channels.text import clean, line

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SAFE_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
_ID_HEADERS = frozenset({"message-id", "in-reply-to", "references"})


class _MailPolicy(EmailPolicy):
    """Folds message ids only between them: the standard folding would encode a long one."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _ID_HEADERS:
            folded: str = "\r\n ".join(str(value).split())
            return f"{name}: {folded}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _ID_HEADERS:
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


_POLICY = _MailPolicy(linesep="\r\n", raise_on_defect=True)


def message_id(config: EmailConfig, outbound_id: str) -> str:
    """The Message-ID fixed for ever by the id of the outgoing message."""
    local = outbound_id if _SAFE_ID.fullmatch(outbound_id) else digest(outbound_id)
    return f"<hn.{local}@{config.domain}>"


def reply_address(config: EmailConfig, ticket_code: str) -> str:
    """Our plus-address that brings an answer back to its ticket."""
    local = config.address.rpartition("@")[0]
    return f"{local}+{ticket_code}@{config.domain}" if _SAFE_CODE.fullmatch(ticket_code) else config.address


def compose(config: EmailConfig, message: OutboundMessage, now: datetime) -> EmailMessage:
    """Raises DeliveryFailed(permanent) for a recipient that is no mail address."""
    to = (message.to.email or message.to.address).strip()
    if not is_address(to) or not to.isascii():
        raise DeliveryFailed("địa chỉ email người nhận không hợp lệ", permanent=True, code="address")
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(line(config.sender_name, 100), addr_spec=config.address)
    mail["To"] = Address(line(message.to.name or "", 100), addr_spec=to)
    mail["Subject"] = _subject(message)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(config, message.id)
    mail["Reply-To"] = reply_address(config, message.ticket_code)
    mail[OWN_MARK] = line(message.purpose.value, 40)
    _thread(mail, message)
    if message.purpose is not Purpose.ANSWER:
        mail["Auto-Submitted"] = (
            "auto-replied" if message.purpose is Purpose.ACKNOWLEDGEMENT else "auto-generated"
        )
    above = f"{SEPARATOR}\n\n" if message.ticket_code else ""
    mail.set_content(f"{above}{clean(message.text)}\n", charset="utf-8", cte="quoted-printable")
    return mail


def _subject(message: OutboundMessage) -> str:
    subject = line(message.subject or "Phản ánh của ông/bà", 200)
    if not message.ticket_code:
        return subject
    tag = f"[{line(message.ticket_code, 40)}]"
    return subject if tag in subject else f"{tag} {subject}"


def _thread(mail: EmailMessage, message: OutboundMessage) -> None:
    parent = only_ids((message.in_reply_to,)) if message.in_reply_to else ()
    chain = tuple(dict.fromkeys((*only_ids(message.references), *parent)))
    if parent:
        mail["In-Reply-To"] = parent[0]
    if chain:
        # The root and the nearest ancestors are what clients thread by.
        mail["References"] = " ".join(chain[:1] + chain[1:][-20:])
