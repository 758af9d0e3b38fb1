"""Taking the personal part out of a ticket, a contact or a delivery: each step audited and in the register."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from feedback.domain.events import AuditAction
from feedback.store import Transaction, blobs, erasing, sealed, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import Contact, Erasure, RawEvent, Ticket

Mask = Callable[[str], str]
JUST_HANDED_IN = timedelta(days=1)
"""A file may lie this long without a message that names it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """By which rule of the plan, or on which person's request, something is erased."""

    plan_version: str
    rule: str | None = None
    request_id: int | None = None


def blank(_text: str) -> str:
    """The mask that leaves nothing."""
    return ""


def ticket(tx: Transaction, row: Ticket, contact: Contact, cause: Cause, mask: Mask) -> None:
    """Empty the ticket's personal columns and pass every text through `mask`. Place of work, times and kind stay.

    The caller holds the locks of contact and ticket, and has checked that nothing keeps them.
    """
    hidden = _without_name(mask, contact.name)
    counts = {"messages": _texts(tx, row, hidden)}
    counts["attachments"] = erasing.detach_files(tx.session, row.id)
    counts["raw"] = erasing.empty_raw_of(tx.session, row.id, tx.now)
    erasing.forget_refusals(tx.session, row.id)
    if row.sealed_at is not None:
        counts["sealed"] = sealed.discard(tx.session, row.id)
        sealed.forget_trace(tx.session, row.id)
        row.sealed_at = None
    row.address = row.lat = row.lon = None
    row.summary = row.search = ""
    row.conversation = f"erased:{row.id}"
    row.erased_at = tx.now
    tx.session.flush()
    counts["predictions"] = erasing.blank_predictions(tx.session, row.id)
    _note(tx, cause, "ticket", counts, ticket_id=row.id)
    tx.audit(
        ticket_chain(row.id),
        AuditAction.ERASED,
        after={"rule": cause.rule, "request": cause.request_id, **counts},
    )
    drop_files(tx, cause)


def loosen(tx: Transaction, row: Ticket, cause: Cause) -> None:
    """Cut a running ticket from its writer: the conversation and the original deliveries name the address."""
    counts = {"raw": erasing.empty_raw_of(tx.session, row.id, tx.now)}
    row.conversation = f"withdrawn:{row.id}"
    _note(tx, cause, "writer", counts, ticket_id=row.id)
    tx.audit(ticket_chain(row.id), AuditAction.ERASED, after={"request": cause.request_id, **counts})


def contact(tx: Transaction, row: Contact, cause: Cause) -> None:
    """Empty the contact. A random key takes the place of the address's, so that nobody can be linked to the row."""
    row.name = row.phone = row.email = row.address = None
    row.address_hash = secrets.token_hex(32)
    row.erased_at = tx.now
    _note(tx, cause, "contact", {}, contact_id=row.id)
    tx.audit(
        f"contact:{row.id}",
        AuditAction.ERASED,
        after={"rule": cause.rule, "request": cause.request_id},
    )


def unlink(tx: Transaction, row: Contact) -> None:
    """Leave the address alone for one last word: nothing new is linked to the row, and nobody is named by it."""
    row.name = None
    row.address_hash = secrets.token_hex(32)
    tx.session.flush()


def uploads(tx: Transaction, row: Ticket, cause: Cause) -> None:
    """Take the bytes of the ticket's uploads; its words stay."""
    counts = {"attachments": erasing.detach_uploads(tx.session, row.id)}
    _note(tx, cause, "upload", counts, ticket_id=row.id)
    tx.audit(ticket_chain(row.id), AuditAction.ERASED, after={"rule": cause.rule, **counts})
    drop_files(tx, cause)


def delivery(tx: Transaction, row: RawEvent, cause: Cause) -> None:
    """Empty one delivery. Its own row says so (digest, size, instant), and the register."""
    erasing.empty_raw(row, tx.now)
    _note(tx, cause, "raw", {}, raw_event_id=row.id)


def drop_files(tx: Transaction, cause: Cause) -> int:
    """Remove files that no message refers to any more; how many."""
    removed = blobs.remove_unused(tx.session, tx.now - JUST_HANDED_IN)
    for blob_id in removed:
        _note(tx, cause, "file", {}, blob_id=blob_id)
    return len(removed)


def _texts(tx: Transaction, row: Ticket, mask: Mask) -> int:
    messages = tickets.messages(tx.session, row.id)
    for message in messages:
        message.text = mask(message.text)
        message.subject = mask(message.subject) if message.subject else None
        message.hints, message.external_id, message.provider_id = {}, None, None
        message.sealed = False  # nothing lies under seal for it any more
    return len(messages)


def _without_name(mask: Mask, name: str | None) -> Mask:
    """`mask`, and the writer's own name wherever it stands: no detector knows it as surely as the contact does."""
    if not name or len(name.strip()) < 2:
        return mask
    own = re.compile(rf"(?<!\w){re.escape(name.strip())}(?!\w)", re.IGNORECASE)
    return lambda text: mask(own.sub("[họ tên]", text))


def _note(tx: Transaction, cause: Cause, what: str, counts: Mapping[str, int], **subject: int) -> None:
    tx.session.add(
        Erasure(
            at=tx.now,
            by=tx.actor.name,
            by_id=tx.actor.user_id,
            what=what,
            rule=cause.rule,
            plan_version=cause.plan_version,
            request_id=cause.request_id,
            counts=dict(counts),
            **subject,
        )
    )
