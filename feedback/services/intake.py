"""A delivery becomes a ticket, or the next message of one, in a single transaction before the sender is answered."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from channels.errors import ChannelError, SignatureInvalid
from channels.message import Ignored, InboundMessage, RawDelivery
from feedback.clock import in_hanoi
from feedback.domain import codes, contacts
from feedback.domain.events import AuditAction, Task
from feedback.domain.permissions import Action, Actor
from feedback.domain.search import fold
from feedback.domain.workflow import State, check
from feedback.services import deadlines, pausing, rights, sealing, writers
from feedback.services.app import App
from feedback.services.bounce import note_bounce
from feedback.services.change import Change
from feedback.store import Transaction, blobs, conversations, raw, tickets
from feedback.store.audit import ticket_chain
from feedback.store.faults import DATABASE_DOWN
from feedback.store.tables import Attachment, Message, Ticket

log = logging.getLogger(__name__)

INTAKE = Actor.system("intake")
PORTAL = "web"
SUMMARY_LENGTH = 160


class Kind(StrEnum):
    TICKET = "ticket"
    JOINED = "joined"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Fault(StrEnum):
    """Why a delivery could not become a message."""

    SIGNATURE = "signature"
    PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery. `code` is the ticket's, where there is one; `reason` is safe to show to the sender.

    `fault` stays with every repeat of an unreadable delivery, so that its sender always gets the same answer.
    """

    kind: Kind
    code: str | None = None
    reason: str | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file handed in with the portal form: `part` is its index in the message's attachments.

    Its bytes are stored with the message that names them, so that a repeat leaves none behind.
    """

    part: int
    sha256: str
    content_type: str
    data: bytes = field(repr=False)


def receive(app: App, delivery: RawDelivery, uploads: Sequence[Upload] = ()) -> Outcome:
    """Verify, parse, store. Raises only DATABASE_DOWN (the caller answers 503 and the sender repeats)."""
    try:
        return _taken_in(app, delivery, uploads)
    except DATABASE_DOWN:
        raise
    except Exception as fault:
        # The border of the service: what trips over a fault of ours would trip at every repeat, and hold up
        # whatever waits behind it in a mailbox. It is kept for a person, and can be read again after a repair.
        log.exception("delivery not taken in", extra={"channel": delivery.channel})
        return quarantine(app, delivery, Fault.PAYLOAD, f"lỗi nội bộ ({type(fault).__name__})")


def _taken_in(app: App, delivery: RawDelivery, uploads: Sequence[Upload]) -> Outcome:
    adapter = app.adapters[delivery.channel]
    try:
        adapter.verify(delivery)
        inbound = adapter.parse(delivery)
    except SignatureInvalid as fault:
        return quarantine(app, delivery, Fault.SIGNATURE, str(fault))
    except ChannelError as fault:
        return quarantine(app, delivery, Fault.PAYLOAD, str(fault))
    if isinstance(inbound, Ignored):
        return _ignore(app, delivery, inbound)
    return store_message(app, delivery, inbound, uploads)


def quarantine(app: App, delivery: RawDelivery, fault: Fault, detail: str) -> Outcome:
    """Keep what could not be read, within bounds. Its key cannot collide with that of an authentic delivery."""
    reason = f"{fault}: {detail}"
    key = "quarantine:" + hashlib.sha256(delivery.body).hexdigest()
    with app.store.transaction(INTAKE) as tx:
        repeated = raw.count_repeat(tx.session, delivery.channel, delivery.account, key, tx.now)
        known = repeated is not None
        if not known and not raw.quarantine_has_room(
            tx.session, len(delivery.body), app.quarantine, tx.now, unsigned=fault is Fault.SIGNATURE
        ):
            raw.refuse(tx.session, channel=delivery.channel, reason="quarantine_full", now=tx.now)
            tx.commit()
            return Outcome(Kind.REJECTED, reason="quarantine_full", fault=fault)
        if not known:
            _record(tx, delivery, key, Kind.QUARANTINED, reason)
        tx.commit()
    return Outcome(Kind.DUPLICATE if known else Kind.QUARANTINED, reason=reason, fault=fault)


def refuse(app: App, channel: str, reason: str) -> Outcome:
    """Count a delivery that is turned away unread (too large, not a form)."""
    with app.store.transaction(INTAKE) as tx:
        raw.refuse(tx.session, channel=channel, reason=reason, now=tx.now)
        tx.commit()
    return Outcome(Kind.REJECTED, reason=reason)


def _ignore(app: App, delivery: RawDelivery, event: Ignored) -> Outcome:
    with app.store.transaction(INTAKE) as tx:
        recorded = _record(tx, delivery, event.external_id, Kind.IGNORED, event.reason)
        if recorded.first:
            note_bounce(tx, event)
            rights.ask_by_channel(app, tx, delivery.account, event)
        tx.commit()
    return Outcome(Kind.IGNORED if recorded.first else Kind.DUPLICATE, reason=event.reason)


def store_message(
    app: App, delivery: RawDelivery, inbound: InboundMessage, uploads: Sequence[Upload] = ()
) -> Outcome:
    """T1: raw row, contact, ticket or joined message, audit row, outbox row."""
    with app.store.transaction(INTAKE) as tx:
        under_seal = app.tracer.delivery(inbound.external_id)
        known = raw.count_repeat(tx.session, delivery.channel, delivery.account, under_seal, tx.now)
        if known is not None:
            code = raw.ticket_code(tx.session, known)
            tx.commit()
            return Outcome(Kind.DUPLICATE, code=code)
        recorded = _record(tx, delivery, inbound.external_id, Kind.TICKET, None)
        if not recorded.first:
            code = raw.ticket_code(tx.session, recorded.id)
            tx.commit()
            return Outcome(Kind.DUPLICATE, code=code)
        outcome = attach(app, tx, inbound, recorded.id, uploads)
        tx.commit()
    return outcome


def attach(
    app: App, tx: Transaction, inbound: InboundMessage, raw_id: int, uploads: Sequence[Upload] = ()
) -> Outcome:
    """Hang the message on its running ticket, or open one. The caller commits."""
    ticket = _named_by_portal(tx, inbound)
    writer = writers.find(app, tx, inbound) if ticket is None else None
    if writer is not None:
        ticket = writers.running(tx, writer, inbound)
    joined = ticket is not None
    if ticket is None:
        ticket = _open_ticket(app, tx, inbound, writers.entered(app, tx, writer, inbound))
        message = _add_message(tx, ticket, inbound, raw_id, uploads)
        tx.audit(
            ticket_chain(ticket.id),
            AuditAction.RECEIVED,
            after={"state": ticket.state, **_facts(ticket, message, inbound)},
            first=True,
        )
    else:
        change = Change.of(tx, ticket)
        _join(tx, ticket, inbound)
        message = _add_message(tx, ticket, inbound, raw_id, uploads)
        change.audit(AuditAction.JOINED, after=_facts(ticket, message, inbound))
        pausing.answered_by_citizen(app, change)
        sealing.settle(app, tx, ticket)
    tx.enqueue(Task.TRIAGE, ticket_id=ticket.id, message_id=message.id, dedup_key=f"triage:{message.id}")
    if joined:
        raw.set_outcome(tx.session, raw_id, Kind.JOINED)
    return Outcome(Kind.JOINED if joined else Kind.TICKET, code=ticket.code)


def _named_by_portal(tx: Transaction, inbound: InboundMessage) -> Ticket | None:
    """A sealed form names a ticket only after its sender proved code and contact there, whatever channel it came by."""
    if inbound.channel != PORTAL or not inbound.thread_refs:
        return None
    return conversations.running_by_code(tx.session, inbound.thread_refs)


def _record(
    tx: Transaction, delivery: RawDelivery, external_id: str, outcome: Kind, reason: str | None
) -> raw.Recorded:
    return raw.record(
        tx.session,
        channel=delivery.channel,
        account=delivery.account,
        external_id=external_id,
        body=delivery.body,
        headers=delivery.headers,
        received_at=tx.now,
        outcome=outcome,
        reason=reason,
    )


def _open_ticket(app: App, tx: Transaction, inbound: InboundMessage, contact_id: int) -> Ticket:
    ticket = Ticket(
        contact_id=contact_id,
        channel=inbound.channel,
        account=inbound.account,
        conversation=inbound.conversation,
        state=State.NEW,
        version=1,
        received_at=tx.now,
        last_citizen_at=tx.now,
        next_step_at=tx.now + deadlines.UNREAD_FOR,
        lat=inbound.position.lat if inbound.position else None,
        lon=inbound.position.lon if inbound.position else None,
        address=inbound.address,
        summary=_summary(inbound),
        search=_search(inbound),
    )
    year = in_hanoi(tx.now).year
    tickets.add(tx.session, ticket, lambda: codes.new_code(year, app.rng))
    return ticket


def _join(tx: Transaction, ticket: Ticket, inbound: InboundMessage) -> None:
    check(State(ticket.state), Action.JOIN)
    ticket.version += 1
    ticket.last_citizen_at = tx.now
    if ticket.sealed_at is not None:
        return  # where it happened goes under seal with the message
    if inbound.position and ticket.lat is None:
        ticket.lat, ticket.lon = inbound.position.lat, inbound.position.lon
    ticket.address = ticket.address or inbound.address
    ticket.summary = ticket.summary or _summary(inbound)
    ticket.search = f"{ticket.search} {_search(inbound)}"[:20_000]


def _place(inbound: InboundMessage) -> dict[str, str]:
    """Address and position of a later message, for a ticket whose own columns stay empty."""
    found = {"address": inbound.address} if inbound.address else {}
    if inbound.position:
        found["position"] = f"{inbound.position.lat}, {inbound.position.lon}"
    return found


def _add_message(
    tx: Transaction, ticket: Ticket, inbound: InboundMessage, raw_id: int, uploads: Sequence[Upload]
) -> Message:
    message = Message(
        ticket_id=ticket.id,
        raw_event_id=raw_id,
        direction="in",
        subject=inbound.subject,
        text=inbound.text,
        hints=dict(inbound.hints) | (_place(inbound) if ticket.sealed_at is not None else {}),
        external_id=inbound.external_id,
        created_at=tx.now,
    )
    tx.session.add(message)
    tx.session.flush()
    kept = _keep(tx, uploads)
    for index, item in enumerate(inbound.attachments):
        tx.session.add(
            Attachment(
                message_id=message.id,
                kind=item.kind,
                name=item.name,
                url=item.url,
                part=item.part,
                content_type=item.content_type,
                size=item.size,
                blob_id=kept.get(item.part if item.part is not None else index),
            )
        )
    return message


def _keep(tx: Transaction, uploads: Sequence[Upload]) -> dict[int, int]:
    """Part → blob. In one order everywhere, so that two forms with the same photos never wait for each other."""
    return {
        upload.part: blobs.put(
            tx.session,
            sha256=upload.sha256,
            content_type=upload.content_type,
            data=upload.data,
            now=tx.now,
        )
        for upload in sorted(uploads, key=lambda upload: upload.sha256)
    }


def _facts(ticket: Ticket, message: Message, inbound: InboundMessage) -> dict[str, object]:
    return {
        "code": ticket.code,
        "channel": inbound.channel,
        "message": message.id,
        "attachments": len(inbound.attachments),
    }


def _summary(inbound: InboundMessage) -> str:
    """The first words; triage finds better ones in a long letter."""
    return summary(inbound.subject or inbound.text or inbound.address or "")


def summary(text: str) -> str:
    """One line for the lists, masked: they are read over shoulders."""
    masked = contacts.mask_text(" ".join(text.split()))
    return masked if len(masked) <= SUMMARY_LENGTH else masked[: SUMMARY_LENGTH - 1].rstrip() + "…"


def _search(inbound: InboundMessage) -> str:
    return fold(contacts.mask_text(f"{inbound.subject or ''} {inbound.text}"))[:8_000]
