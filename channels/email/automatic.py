"""Mail written by machines (RFC 3834): stored, never answered, never reopening anything."""

from __future__ import annotations

import logging
import re
from email.message import Message

from flufl.bounce import all_failures

from channels.email.config import EmailConfig
from channels.email.headers import addresses, first, message_ids
from channels.email.limits import decoded

# It logs a traceback whenever one of its heuristics stumbles: anybody could fill our log by mail.
logging.getLogger("flufl.bounce").disabled = True

OWN_MARK = "X-Hanoi-Feedback"
_MACHINES = ("mailer-daemon@", "postmaster@")
_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}


def reason(config: EmailConfig, mail: Message) -> str | None:
    """bounce, own, auto_reply, list or automatic; None for a mail of a person.

    `X-Auto-Response-Suppress` alone proves nothing and is not looked at.
    """
    if is_bounce(mail):
        return "bounce"
    if _from_us(config, mail):
        return "own"
    submitted = first(mail, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return "auto_reply" if submitted == "auto-replied" else "automatic"
    if mail.get_content_type() == "multipart/report" or first(mail, "Return-Path").strip() == "<>":
        return "automatic"
    if mail.get("List-Id") is not None or first(mail, "Precedence").strip().lower() in _PRECEDENCE:
        return "list"
    return "automatic" if _from_machine(mail) else None


def is_bounce(mail: Message) -> bool:
    report = str(mail.get_param("report-type", "")).lower()
    if mail.get_content_type() == "multipart/report" and report == "delivery-status":
        return True
    return _from_machine(mail) and any(_failures(mail))


def bounce_hints(config: EmailConfig, mail: Message) -> dict[str, str]:
    """`message_id` of the mail that came back, `outbound_id` where it is ours, and whether it is for good."""
    temporary, permanent = _failures(mail)
    hints = {"permanent": "1" if permanent else "0"} if temporary or permanent else {}
    returned = _returned_id(config, mail)
    if returned:
        hints["message_id"] = returned
        own = outbound_id(config, returned)
        hints |= {"outbound_id": own} if own else {}
    return hints


def outbound_id(config: EmailConfig, message_id: str) -> str | None:
    """The id of our OutboundMessage inside one of our own message ids."""
    local, _, domain = message_id.strip("<>").rpartition("@")
    ours = domain.lower() == config.domain.lower() and local.startswith("hn.")
    return local.removeprefix("hn.") if ours else None


def _returned_id(config: EmailConfig, mail: Message) -> str | None:
    for part in list(mail.walk())[1:]:
        if part.get("Message-ID") is not None and (ids := message_ids(part, "Message-ID")):
            return ids[0]
    pattern = re.compile(rf"<hn\.[^<>\s@]{{1,100}}@{re.escape(config.domain)}>", re.IGNORECASE)
    for part in (leaf for leaf in mail.walk() if not leaf.is_multipart()):
        if match := pattern.search(decoded(part)[:200_000].decode("latin-1")):
            return match.group()
    return None


def _failures(mail: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
    try:
        temporary, permanent = all_failures(mail)
    # Two dozen third-party heuristics over a hostile mail: what they stumble over is no known bounce.
    except Exception:
        return frozenset(), frozenset()
    return frozenset(temporary), frozenset(permanent)


def _from_machine(mail: Message) -> bool:
    return any(address.startswith(_MACHINES) for _, address in addresses(mail, "From", "Sender"))


def _from_us(config: EmailConfig, mail: Message) -> bool:
    sender = {address for _, address in addresses(mail, "From")}
    return mail.get(OWN_MARK) is not None or config.address.lower() in sender
