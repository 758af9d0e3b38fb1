"""Which earlier exchange a mail belongs to."""

from __future__ import annotations

import re
from email.message import Message

from channels.email.config import EmailConfig
from channels.email.headers import addresses, message_ids

_CODE = r"HN-\d{2}-[0-9A-Z]{4}-[0-9A-Z]{2}"
_TAG = re.compile(rf"\[({_CODE})\]", re.IGNORECASE)
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def reply_token(config: EmailConfig, mail: Message) -> str | None:
    """The ticket code of our plus-address among the recipients."""
    local = re.escape(config.address.rpartition("@")[0])
    pattern = re.compile(rf"{local}\+({_CODE})@{re.escape(config.domain)}", re.IGNORECASE)
    for _, address in addresses(mail, *_RECIPIENTS):
        if match := pattern.fullmatch(address):
            return match.group(1).upper()
    return None


def subject_tag(subject: str) -> str | None:
    """The ticket code in `[…]` of a subject; anybody can type one, so it counts only for a known sender."""
    match = _TAG.search(subject)
    return match.group(1).upper() if match else None


def references(mail: Message) -> tuple[str, ...]:
    """Message ids this mail answers, nearest first."""
    parents = message_ids(mail, "In-Reply-To")
    return tuple(dict.fromkeys((*parents, *reversed(message_ids(mail, "References")))))


def root(mail: Message, own_id: str) -> str:
    """The id all mails of one thread share: the oldest reference, else the parent, else the mail itself."""
    chain = (*message_ids(mail, "References"), *message_ids(mail, "In-Reply-To"))
    return chain[0] if chain else own_id
