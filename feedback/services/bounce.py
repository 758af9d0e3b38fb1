"""A returned mail tells which of our messages did not arrive: the officer must see it."""

from __future__ import annotations

import re

from channels.message import Ignored
from feedback.domain.events import AuditAction
from feedback.store import Transaction, messages
from feedback.store.audit import ticket_chain

HINT = "outbound_id"
"""The id of our OutboundMessage: ticket code, a dot, message id. Anybody can write one into a bounce."""
_NUMBER = re.compile(r"[0-9]{1,18}")


def note_bounce(tx: Transaction, event: Ignored) -> None:
    """Mark our message as failed and its ticket as having a delivery problem. Nothing happens for ids that are not ours."""
    code, _, number = event.hints.get(HINT, "").rpartition(".")
    if not _NUMBER.fullmatch(number) or event.hints.get("permanent") != "1":
        return  # a mere delay is no failure
    found = messages.sent(tx.session, code, int(number))
    if found is None:
        return
    message, ticket = found
    message.delivery = "failed"
    ticket.delivery_problem = True
    tx.audit(
        ticket_chain(ticket.id), AuditAction.REPLY_FAILED, reason="bounce", after={"message": message.id}
    )
