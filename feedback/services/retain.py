"""Retention: what has been kept long enough is erased row by row, each row its own transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.permissions import Actor
from feedback.domain.retention import Plan, Rule, Subject, cutoff
from feedback.services import erase
from feedback.services.app import App
from feedback.services.erase import Cause, Mask
from feedback.store import Transaction, erasing, retention, tickets
from feedback.store.retention import Due

log = logging.getLogger(__name__)

RETENTION = Actor.system("retention")
BATCH = 200
_NOTHING_ERASED = frozenset({Subject.LOGIN})

Progress = Callable[["Done"], None]


@dataclass(frozen=True, slots=True)
class Done:
    """One rule after (or, in a rehearsal, before) its run. `failed` rows stay and are tried again the next day."""

    rule: Rule
    due: int
    erased: int = 0
    failed: int = 0


def count(app: App, plan: Plan) -> Sequence[Done]:
    """How many rows each rule would concern now; nothing is changed."""
    with app.store.reading() as session:
        now = app.store.now()
        return [
            Done(rule, retention.count(session, _due(plan, rule, cutoff(rule.years, now))))
            for rule in plan.rules
        ]


def run(
    app: App,
    plan: Plan,
    mask: Mask,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Sequence[Done]:
    """Erase everything that is due. A second run at the same time, or after a crash, erases nothing twice.

    `mask` takes personal data out of a text; spam is emptied. `stopped` is asked between rows. Only where `progress`
    is wanted are the rows counted beforehand.
    """
    done = []
    for rule in plan.rules:
        result = _run_rule(app, plan, rule, mask, progress, stopped)
        done.append(result)
    with app.store.transaction(RETENTION) as tx:
        erase.drop_files(tx, Cause(plan.version, "upload"))
        tx.commit()
    return done


def _run_rule(
    app: App, plan: Plan, rule: Rule, mask: Mask, progress: Progress | None, stopped: Callable[[], bool]
) -> Done:
    due = _due(plan, rule, cutoff(rule.years, app.store.now()))
    total = 0
    if progress is not None:
        with app.store.reading() as session:
            total = retention.count(session, due)
    if rule.subject in _NOTHING_ERASED:
        return Done(rule, total)
    erased = failed = 0
    for batch in _batches(app, due):
        for row_id in batch:
            if stopped():
                return Done(rule, total, erased, failed)
            try:
                erased += _erase(app, due, row_id, Cause(plan.version, rule.id), mask)
            except Exception:
                # One row that cannot be erased must not keep all the others beyond their time.
                log.exception("not erased", extra={"rule": rule.id, "row": row_id})
                failed += 1
        if progress is not None:
            progress(Done(rule, total, erased, failed))
    return Done(rule, total, erased, failed)


def _batches(app: App, due: Due) -> Iterator[Sequence[int]]:
    after = 0
    while True:
        with app.store.reading() as session:
            found = retention.ids(session, due, after, BATCH)
        if not found:
            return
        yield found
        after = found[-1]


def _erase(app: App, due: Due, row_id: int, cause: Cause, mask: Mask) -> bool:
    """Whether this call erased the row: its locks are taken first, then everything is asked again."""
    with app.store.transaction(RETENTION) as tx:
        of_ticket = due.subject in (Subject.TICKET, Subject.UPLOAD)
        done = _ticket(tx, due, row_id, cause, mask) if of_ticket else _delivery(tx, due, row_id, cause)
        if done:
            tx.commit()
    return done


def _ticket(tx: Transaction, due: Due, ticket_id: int, cause: Cause, mask: Mask) -> bool:
    contact_id = erasing.contact_of(tx.session, ticket_id)
    contact = erasing.locked_contact(tx.session, contact_id) if contact_id is not None else None
    if contact is None:
        return False
    ticket = tickets.locked_by_id(tx.session, ticket_id)
    if ticket.contact_id != contact.id or not retention.still(tx.session, due, ticket_id):
        return False
    if due.subject is Subject.UPLOAD:
        erase.uploads(tx, ticket, cause)
        return True
    spam = ticket.kind == "spam" or ticket.outcome_reason == "spam"
    erase.ticket(tx, ticket, contact, cause, erase.blank if spam else mask)
    if contact.erased_at is None and not erasing.needed_still(tx.session, contact.id):
        erase.contact(tx, contact, cause)
    return True


def _delivery(tx: Transaction, due: Due, raw_id: int, cause: Cause) -> bool:
    contact_id = erasing.contact_of_raw(tx.session, raw_id)
    if contact_id is not None:
        erasing.locked_contact(tx.session, contact_id)  # so that no hold is set meanwhile
    row = erasing.raw_locked(tx.session, raw_id)
    if row is None or not retention.still(tx.session, due, raw_id):
        return False
    erase.delivery(tx, row, cause)
    return True


def _due(plan: Plan, rule: Rule, until: datetime) -> Due:
    outcomes = plan.outcomes_of(rule) if rule.subject is Subject.TICKET else frozenset()
    return Due(rule.subject, until, rule.kind, outcomes)
