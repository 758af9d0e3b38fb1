"""Reminders by mail: gathered for each person, sent outside any transaction, never twice.

`sending_at` is committed before the mail server is called. A process that ends before it has sent nothing, and its claim
comes back; one that ends after it may have sent the mail, which is left `unknown`: the desk shows the reminders anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.errors import DeliveryFailed
from channels.message import OutboundMessage, Purpose, Sender
from feedback.domain import digests
from feedback.domain.digests import Line, Mail
from feedback.domain.ladder import Person
from feedback.domain.permissions import Action, Actor, allowed, is_restricted
from feedback.domain.terms import Part
from feedback.services.app import App
from feedback.services.change import facts
from feedback.store import Transaction, reminders
from feedback.store.reminders import Told, Waiting
from feedback.store.tables import Digest

log = logging.getLogger(__name__)

DIGEST = Actor.system("digest")
CHANNEL = "email"
BATCH = 4
"""Small, so that even time-outs on each of them end before the lease does."""
MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
HOLD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed mail, ready to be sent while no transaction is open."""

    digest_id: int
    message: OutboundMessage


def run(app: App, by: str) -> int:
    """Gather what may be mailed now and send what is due; returns how many mails were handled. Raises DatabaseFault."""
    gather(app)
    total = handled = drain(app, by)
    while handled == BATCH:
        handled = drain(app, by)
        total += handled
    return total


def gather(app: App) -> int:
    """Make the mails whose turn has come, each in a transaction of its own; returns how many."""
    now = app.store.now()
    with app.store.reading() as session:
        people = [found for found in reminders.waiting_people(session) if _turn(app, found, now)]
    return sum(_gathered(app, found.account_id) for found in people)


def _turn(app: App, found: Waiting, now: datetime) -> datetime | None:
    return digests.turn(now, found.oldest, found.last_mail, app.calendar, urgent=found.urgent)


def _gathered(app: App, account_id: int) -> bool:
    with app.store.transaction(DIGEST) as tx:
        if not reminders.hold_person(tx.session, account_id):
            return False
        now = tx.look_at_clock()
        for found in reminders.waiting_people(tx.session, account_id):
            slot = _turn(app, found, now)
            state = "waiting" if CHANNEL in app.adapters else "desk"
            if slot is not None and reminders.gather(tx.session, found, slot, now, state=state):
                tx.commit()
    return tx.committed


def drain(app: App, by: str, limit: int = BATCH) -> int:
    """Send up to `limit` due mails; returns how many were claimed. `by` is unique for each process."""
    ids = _claimed(app, by, limit)
    for digest_id in ids:
        job = _begun(app, by, digest_id)
        if job is not None:
            _send(app, by, job)
    return len(ids)


def _claimed(app: App, by: str, limit: int) -> Sequence[int]:
    with app.store.transaction(DIGEST) as tx:
        office = digests.is_office_time(tx.now, app.calendar)
        rows = reminders.claim(tx.session, by=by, now=tx.now, limit=limit, office=office)
        ids = [row.id for row in rows]
        tx.commit()
    return ids


def _begun(app: App, by: str, digest_id: int) -> Job | None:
    """Write down that sending begins; None where nothing is to be sent."""
    with app.store.transaction(DIGEST) as tx:
        row = reminders.locked(tx.session, digest_id)
        if row.state != "claimed" or row.claimed_by != by:
            return None  # the lease was lost to another process
        job = _prepared(app, tx, row)
        if job is not None:
            row.sending_at, row.attempts = tx.now, row.attempts + 1
        tx.commit()
    return job


def _prepared(app: App, tx: Transaction, row: Digest) -> Job | None:
    if row.sending_at is not None:
        _end(row, "unknown", "the process ended while sending")
        return None
    if CHANNEL not in app.adapters:
        _end(row, "desk", None)
        return None
    found = reminders.person(tx.session, row.account_id)
    lines = _lines(found[0], reminders.in_mail(tx.session, row.id)) if found else []
    if found is None or not lines:
        _end(row, "void", None)
        return None
    return Job(row.id, _message(row, found[1], digests.compose(lines, app.desk_url)))


def _lines(person: Person, told: Sequence[Told]) -> list[Line]:
    """One line for each ticket that the person may read now, by its last step."""
    lines: dict[int, Line] = {}
    for item in told:  # the newest first
        subject = facts(item.ticket)
        if item.ticket.id not in lines and allowed(person.actor, Action.READ, subject):
            lines[item.ticket.id] = _line(item, hidden=is_restricted(subject))
    return list(lines.values())


def _line(item: Told, *, hidden: bool) -> Line:
    part = Part(item.step.part)
    due = item.ticket.receive_due_at if part is Part.RECEIVE else item.ticket.answer_due_at
    return Line(
        code=item.ticket.code,
        part=part,
        share=item.step.step,
        due_at=due or item.step.due_at,
        urgent=item.reminder.urgent,
        what=None if hidden else item.ticket.summary,
        where=None if hidden else item.ward,
    )


def _message(row: Digest, address: str, mail: Mail) -> OutboundMessage:
    return OutboundMessage(
        id=f"{Purpose.REMINDER}.{row.id}",
        channel=CHANNEL,
        account="staff",
        to=Sender(address=address),
        conversation=f"{Purpose.REMINDER}.{row.id}",
        ticket_code="",
        purpose=Purpose.REMINDER,
        text=mail.text,
        subject=mail.subject,
    )


def _send(app: App, by: str, job: Job) -> None:
    try:
        app.adapters[CHANNEL].send(job.message)
    except DeliveryFailed as failure:
        log.warning("a reminder was not sent", extra={"message_id": job.message.id, "code": failure.code})
        _not_sent(app, by, job, failure)
    except Exception as fault:
        # A fault of our own: whether the mail went out is not known, and no other mail may wait for it.
        log.exception("adapter failed", extra={"message_id": job.message.id})
        _not_sent(app, by, job, DeliveryFailed(type(fault).__name__, unknown=True, code="internal"))
    else:
        _sent(app, job)


def _sent(app: App, job: Job) -> None:
    """It went out: a fact, whoever holds the claim by now."""
    with app.store.transaction(DIGEST) as tx:
        row = reminders.locked(tx.session, job.digest_id)
        _end(row, "sent", None)
        row.sent_at = tx.now
        tx.commit()


def _not_sent(app: App, by: str, job: Job, failure: DeliveryFailed) -> None:
    with app.store.transaction(DIGEST) as tx:
        row = reminders.locked(tx.session, job.digest_id)
        if row.state == "claimed" and row.claimed_by == by:
            _after_failure(row, tx.now, failure)
        tx.commit()


def _after_failure(row: Digest, now: datetime, failure: DeliveryFailed) -> None:
    if failure.unknown:
        _end(row, "unknown", failure.reason)
    elif failure.permanent or (row.attempts >= MAX_ATTEMPTS and not failure.hold):
        _end(row, "failed", failure.reason)
    else:
        wait = HOLD if failure.hold else min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
        row.attempts -= int(failure.hold)  # the mail server is at fault, not this mail
        row.state, row.available_at, row.sending_at = "waiting", now + wait, None
        row.lease_until, row.last_error = None, failure.reason


def _end(row: Digest, state: str, error: str | None) -> None:
    row.state, row.lease_until, row.last_error = state, None, error
