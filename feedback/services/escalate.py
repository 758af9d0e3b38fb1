"""Telling people how far a ticket's term has run: each step once, whatever became of the process that told it.

A batch of tickets is locked, judged and settled in one transaction, together with the timers that say when to look again.
A crash undoes the whole batch, a second clock process passes over what the first one holds. What the database refuses
for the batch is settled ticket by ticket, each in a savepoint of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedback.domain import ladder, steps
from feedback.domain.events import AuditAction
from feedback.domain.ladder import Person
from feedback.domain.permissions import Actor
from feedback.domain.steps import Step
from feedback.domain.terms import Part, Terms
from feedback.domain.workflow import State
from feedback.services import deadlines, standing
from feedback.services.app import App
from feedback.services.change import Change, facts
from feedback.store import Transaction, escalations, running
from feedback.store.audit import Entry, ticket_chain
from feedback.store.escalations import Done, Raised
from feedback.store.faults import DatabaseFault, connection_lost
from feedback.store.running import Running
from feedback.store.tables import Ticket

log = logging.getLogger(__name__)

CLOCK = Actor.system("clock")
BATCH = 100
"""Small: whoever opens one of these tickets meanwhile waits for the whole batch."""
UNREAD = "chưa đọc được"
LATER = timedelta(minutes=5)
"""After this long a ticket that could not be settled is tried again."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a scan did. `tickets` were looked at, `steps` recorded, `told` reminders written, `failed` put off."""

    tickets: int = 0
    steps: int = 0
    told: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.tickets + other.tickets,
            self.steps + other.steps,
            self.told + other.told,
            self.failed + other.failed,
        )


def run(app: App) -> Counts:
    """Scan until nothing is due. Raises DatabaseFault."""
    total, found = Counts(), scan(app)
    while found.tickets == BATCH:
        total, found = total + found, scan(app)
    return total + found


def scan(app: App, limit: int = BATCH) -> Counts:
    """Settle up to `limit` waiting tickets that have reached a step, by the database's time. Raises DatabaseFault."""
    with app.store.transaction(CLOCK) as tx:
        found = escalations.due(tx.session, tx.now, limit)
        if not found:
            return Counts()
        tx.look_at_clock()
        escalations.be_patient(tx.session)
        batch = _Batch.of(app, tx, found)
        raised = [one for item in running.with_history(tx.session, found) if (one := _judged(batch, item))]
        written = _written(batch, raised)
        escalations.wind(tx.session, batch.timers)
        tx.commit()
    return Counts(
        tickets=len(found),
        steps=sum(len(item.reached) for item in written),
        told=sum(len(item.people) for item in written),
        failed=len(batch.failed),
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the tickets of a batch are settled with, and when each of them is looked at again."""

    app: App
    tx: Transaction
    staff: Sequence[Person]
    done: Done
    timers: dict[int, datetime | None] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, app: App, tx: Transaction, found: Sequence[Ticket]) -> _Batch:
        wards = {ticket.ward_code for ticket in found if ticket.ward_code}
        owners = {ticket.assigned_to for ticket in found if ticket.assigned_to}
        staff = escalations.staff(tx.session, wards, owners)
        return cls(app, tx, staff, escalations.told_before(tx.session, found))

    def put_off(self, ticket_id: int, code: str) -> None:
        """Neither stop for it nor come back to it at full speed. Called where the exception is handled."""
        log.exception("a ticket's steps could not be recorded; put off", extra={"ticket": code})
        self.timers[ticket_id] = self.tx.now + LATER
        self.failed.append(code)


def _judged(batch: _Batch, item: Running) -> Raised | None:
    """The steps reached and whom they concern; None where there are none, or the ticket cannot be judged."""
    ticket, session = item.ticket, batch.tx.session
    try:
        if ticket.answer_due_at is None:
            _begin_clock(batch, ticket)
        basis = deadlines.basis_of(batch.app, session, ticket)
        case = deadlines.case_with(ticket, item.pauses, item.extensions)
        tracks = deadlines.steps_beyond(ticket, case, basis, batch.done.get(ticket.id, {}))
        reached, batch.timers[ticket.id] = steps.divide(tracks, batch.tx.now)
        people = _people(batch, ticket, reached, basis.terms)
    except DatabaseFault:
        raise
    except Exception:
        # Whatever is wrong with one ticket, the others must not wait for a repair.
        batch.put_off(ticket.id, ticket.code)
        return None
    if reached and not people:
        log.error("nobody is left to be told of a step", extra={"ticket": ticket.code})
    return Raised(ticket, reached, people) if reached else None


def _begin_clock(batch: _Batch, ticket: Ticket) -> None:
    """Nothing has read the ticket, no worker and no person: its terms run all the same."""
    with batch.tx.session.begin_nested():
        change = Change(batch.tx, ticket, State(ticket.state), standing.of(ticket))
        deadlines.judge(batch.app, batch.tx, ticket)
        change.audit(AuditAction.REJUDGED, reason=UNREAD)


def _written(batch: _Batch, raised: Sequence[Raised]) -> Sequence[Raised]:
    """Those whose steps stand in the database now. Raises DatabaseFault where it is away."""
    if not raised:
        return ()
    names = [(item.ticket.id, item.ticket.code) for item in raised]
    try:
        with batch.tx.session.begin_nested():
            _write(batch.tx, raised)
    except Exception as fault:
        # The fault of one must not undo the others: each on its own. A lost connection is nobody's fault.
        if connection_lost(fault):
            raise
        if len(raised) > 1:
            return [one for item in raised for one in _written(batch, [item])]
        batch.put_off(*names[0])
        return ()
    return raised


def _write(tx: Transaction, raised: Sequence[Raised]) -> None:
    escalations.record(tx.session, raised, tx.now)
    tx.audit_all([entry for item in raised for entry in _entries(item)])


def _people(batch: _Batch, ticket: Ticket, reached: Sequence[Step], terms: Terms) -> list[Person]:
    """Everybody whom any of the steps concerns, once."""
    subject = facts(ticket)
    found: dict[int, Person] = {}
    for step in reached:
        shares = terms.steps if step.part is Part.ANSWER else steps.RECEIVE_SHARES
        for person in ladder.told(subject, ladder.rung_of(step.share, shares), batch.staff):
            found[person.id] = person
    return list(found.values())


def _entries(item: Raised) -> list[Entry]:
    """One audit row for each step; the last one names everybody who was told."""
    rows = []
    for step in item.reached:
        after = {"state": item.ticket.state, "part": step.part, "step": step.share, "due_at": step.due_at}
        if step is item.reached[-1]:
            after["told"] = [person.name for person in item.people]
        before = {"state": item.ticket.state}
        rows.append(Entry(ticket_chain(item.ticket.id), AuditAction.ESCALATED, before, after))
    return rows
