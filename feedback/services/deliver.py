"""Sending what waits in the outbox: attempt row first, the provider outside any transaction, then the result."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.errors import DeliveryFailed
from channels.message import OutboundMessage, Purpose, Receipt, Sender
from feedback.domain.contacts import mask_refusal
from feedback.domain.errors import SealedUnreadable
from feedback.domain.events import AuditAction, Task
from feedback.domain.permissions import Actor
from feedback.services import unsealing
from feedback.services.app import App
from feedback.store import Transaction, outbox, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import DeliveryAttempt, Message, OutboxRow, Ticket

log = logging.getLogger(__name__)

DELIVERY = Actor.system("delivery")
MAX_ATTEMPTS = 8
BATCH = 4
"""Small, so that even time-outs on each of them end before the lease does."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
HOLD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed row with everything that sending needs, so that no transaction is open meanwhile."""

    outbox_id: int
    attempt_id: int
    attempts: int
    message: OutboundMessage


def drain(app: App, by: str, limit: int = BATCH) -> int:
    """Send up to `limit` waiting messages; returns how many were handled."""
    handled, jobs = _claim(app, by, limit)
    for job in jobs:
        _send(app, by, job)
    return handled


def _claim(app: App, by: str, limit: int) -> tuple[int, Sequence[Job]]:
    """How many rows were taken, and those of them that can be sent."""
    with app.store.transaction(DELIVERY) as tx:
        rows = outbox.claim(tx.session, Task.DELIVER, by=by, now=tx.now, limit=limit)
        # Tickets are locked in one order everywhere, so that two workers never wait for each other.
        ordered = sorted(rows, key=lambda row: (row.ticket_id, row.id))
        jobs = [job for row in ordered if (job := _prepare(app, tx, row)) is not None]
        tx.commit()
    return len(rows), jobs


def _prepare(app: App, tx: Transaction, row: OutboxRow) -> Job | None:
    """The job, with its attempt row written; None where the channel is off or a crashed attempt must not be repeated."""
    ticket = tickets.locked_by_id(tx.session, row.ticket_id)
    message = tx.session.get_one(Message, row.message_id)
    if ticket.contact.erased_at is not None:
        _give_up(tx, row, ticket, message, "dead", "người gửi đã xóa hoặc rút thông tin liên hệ")
        return None
    try:
        outbound = _address(app, tx, ticket, message)
    except SealedUnreadable as fault:
        # One row that no key opens must not hold up the others; it waits for the right key.
        log.error("sealed reply not opened", extra={"outbox": row.id})
        _wait_for_channel(row, tx.now, str(fault))
        return None
    adapter = app.adapters.get(outbound.channel)
    if adapter is None:
        _wait_for_channel(row, tx.now, "kênh đang tắt")
        return None
    if outbox.has_open_attempt(tx.session, row.id):
        outbox.close_attempts(tx.session, row.id, tx.now, "unknown", "the process ended while sending")
        if not adapter.info.repeat_safe:
            _give_up(tx, row, ticket, message, "unknown", "the process ended while sending")
            return None
    attempt = DeliveryAttempt(outbox_id=row.id, message_id=message.id, started_at=tx.now)
    tx.session.add(attempt)
    tx.session.flush()
    return Job(row.id, attempt.id, row.attempts, outbound)


def _address(app: App, tx: Transaction, ticket: Ticket, message: Message) -> OutboundMessage:
    told = unsealing.opened(app, tx.session, ticket)
    if told is not None:
        return _under_seal(app, tx, ticket, message, told)
    contact = ticket.contact
    last = tickets.last_inbound(tx.session, ticket.id)
    outbound = OutboundMessage(
        id=f"{ticket.code}.{message.id}",
        channel=ticket.channel,
        account=ticket.account,
        to=Sender(address=contact.address or "", name=contact.name, phone=contact.phone, email=contact.email),
        conversation=ticket.conversation,
        ticket_code=ticket.code,
        purpose=Purpose(message.purpose),
        text=message.text,
        subject=message.subject,
        in_reply_to=last.external_id if last else None,
        references=(last.external_id,) if last and last.external_id else (),
        last_inbound_at=ticket.last_citizen_at,
    )
    return _also_by_mail(app, outbound)


def _also_by_mail(app: App, outbound: OutboundMessage) -> OutboundMessage:
    """The portal shows the answer anyway; whoever left an address also gets it by mail."""
    email = outbound.to.email
    if outbound.channel != "web" or not email or "email" not in app.adapters:
        return outbound
    to = replace(outbound.to, address=email)
    return replace(outbound, channel="email", account="portal", to=to, in_reply_to=None, references=())


def _under_seal(
    app: App, tx: Transaction, ticket: Ticket, message: Message, told: unsealing.Opened
) -> OutboundMessage:
    """The informant's address and our own words are opened for the way to the channel only."""
    last = tickets.last_inbound(tx.session, ticket.id)
    known = told.messages.get(last.id, {}).get("external_id") if last else None
    words = told.messages.get(message.id) or {"text": message.text, "subject": message.subject}
    outbound = OutboundMessage(
        id=f"{ticket.code}.{message.id}",
        channel=ticket.channel,
        account=ticket.account,
        to=told.sender,
        conversation=told.ticket["conversation"],
        ticket_code=ticket.code,
        purpose=Purpose(message.purpose),
        text=words["text"],
        subject=words["subject"],
        in_reply_to=known,
        references=(known,) if known else (),
        last_inbound_at=ticket.last_citizen_at,
    )
    return _also_by_mail(app, outbound)


def _send(app: App, by: str, job: Job) -> None:
    try:
        receipt = app.adapters[job.message.channel].send(job.message)
    except DeliveryFailed as failure:
        _record_failure(app, by, job, failure)
    except Exception as fault:
        # A fault of our own: whether the citizen has got it is not known, and no other message may wait for it.
        log.exception("adapter failed", extra={"outbox": job.outbox_id})
        reason = f"lỗi nội bộ ({type(fault).__name__})"
        _record_failure(app, by, job, DeliveryFailed(reason, unknown=True, code="internal"))
    else:
        _record_success(app, by, job, receipt)


def _record_success(app: App, by: str, job: Job, receipt: Receipt) -> None:
    with app.store.transaction(DELIVERY) as tx:
        outbox.finish_attempt(tx.session, job.attempt_id, tx.now, "sent", receipt.detail, None)
        row = outbox.locked(tx.session, job.outbox_id, by=by)
        if row is not None:
            # Before the message: who puts the ticket under seal holds it, and changes all its messages.
            tickets.locked_by_id(tx.session, row.ticket_id)
            message = tx.session.get_one(Message, row.message_id)
            message.delivery, message.sent_at, message.provider_id = "sent", tx.now, receipt.provider_id
            outbox.settle(row, tx.now)
            tx.audit(ticket_chain(row.ticket_id), AuditAction.REPLY_SENT, after={"message": message.id})
        tx.commit()


def _record_failure(app: App, by: str, job: Job, failure: DeliveryFailed) -> None:
    log.warning("delivery failed", extra={"outbox": job.outbox_id, "code": failure.code})
    with app.store.transaction(DELIVERY) as tx:
        outbox.finish_attempt(tx.session, job.attempt_id, tx.now, "failed", failure.reason, failure.code)
        row = outbox.locked(tx.session, job.outbox_id, by=by)
        if row is not None:
            _after_failure(app, tx, row, job, failure)
        tx.commit()


def _after_failure(app: App, tx: Transaction, row: OutboxRow, job: Job, failure: DeliveryFailed) -> None:
    ticket = tickets.locked_by_id(tx.session, row.ticket_id)
    message = tx.session.get_one(Message, row.message_id)
    uncertain = failure.unknown and not app.adapters[job.message.channel].info.repeat_safe
    if failure.code == "callback":
        _give_up(tx, row, ticket, message, "manual", failure.reason)
    elif uncertain:
        _give_up(tx, row, ticket, message, "unknown", failure.reason)
    elif failure.hold:
        _wait_for_channel(row, tx.now, failure.reason)
    elif failure.permanent or row.attempts >= MAX_ATTEMPTS:
        _give_up(tx, row, ticket, message, "dead", failure.reason)
    else:
        outbox.postpone(row, _next_try(tx.now, row.attempts, failure.retry_after), failure.reason)


def _wait_for_channel(row: OutboxRow, now: datetime, reason: str) -> None:
    row.attempts -= 1  # the channel is at fault, not this message
    outbox.postpone(row, now + HOLD, reason)


def _give_up(
    tx: Transaction, row: OutboxRow, ticket: Ticket, message: Message, state: str, reason: str
) -> None:
    """Hand the message back to the people at the desk."""
    outbox.park(row, state, reason)
    message.delivery = {"dead": "failed", "unknown": "unknown", "manual": "callback"}[state]
    ticket.delivery_problem = state != "manual"
    tx.audit(
        ticket_chain(ticket.id),
        AuditAction.REPLY_FAILED,
        reason=mask_refusal(reason),
        after={"message": message.id, "delivery": message.delivery},
    )


def _next_try(now: datetime, attempts: int, retry_after: float | None) -> datetime:
    """Exponential, at least what the provider asked for, never more than an hour beyond it."""
    wait: timedelta = min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, 86_400)))
    return now + wait
