"""Running tickets and another version of the rules: what would change, and taking them over."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from feedback.domain import calendar
from feedback.domain.case import judge_case
from feedback.domain.errors import DomainError, InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, is_restricted, require
from feedback.domain.terms import Terms
from feedback.domain.workflow import WAITING
from feedback.services import deadlines
from feedback.services.app import App
from feedback.services.change import Change, facts
from feedback.store import Session, Transaction, locks, running, tickets
from feedback.store.running import Running
from feedback.store.tables import Move

log = logging.getLogger(__name__)

CHAIN = "terms"
SHOWN = 50
BATCH = 100


@dataclass(frozen=True, slots=True)
class Target:
    """What running tickets would be judged by; None keeps each ticket's own version."""

    terms: Terms | None = None
    calendar_version: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One ticket whose deadline would change."""

    code: str
    ward_code: str | None
    field_id: str | None
    level: str
    was: datetime
    would_be: datetime


@dataclass(slots=True)
class Effect:
    """What moving the running tickets would do to them. `newly_overdue` are overdue at once, `rescued` no longer.

    Restricted tickets are moved with the others and not counted: a draft for one kind would tell how many of it there are.
    """

    running: int = 0
    unchanged: int = 0
    earlier: int = 0
    later: int = 0
    newly_overdue: int = 0
    rescued: int = 0
    impossible: int = 0
    by_ward: Counter[str | None] = field(default_factory=Counter)
    first: list[Moved] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.earlier + self.later


def effect(app: App, actor: Actor, target: Target) -> Effect:
    """Judge every running ticket by `target` without touching it. Raises NotAllowed."""
    require(actor, Action.MANAGE_TERMS)
    now, found = app.store.now(), Effect()
    with app.store.reading() as session:
        for item in running.every(session):
            _count(app, session, item, target, now, found)
    return found


def ask(app: App, actor: Actor, target: Target, note: str) -> int:
    """Have the running tickets moved; the clock process does it, batch by batch. Returns how many are looked at.

    Raises NotAllowed, and InvalidInput where a move is under way or nothing is named.
    """
    require(actor, Action.MANAGE_TERMS)
    if not note.strip():
        raise InvalidInput("Hãy ghi rõ lý do.", field="note")
    with app.store.transaction(actor) as tx:
        total = begin(tx, target, note)
        tx.commit()
    return total


def begin(tx: Transaction, target: Target, note: str) -> int:
    """Write the move down; the caller commits. Raises InvalidInput where one is under way or nothing is named."""
    if target.terms is None and target.calendar_version is None:
        raise InvalidInput("Hãy chọn quy định hoặc lịch để chuyển sang.", field="target")
    locks.hold(tx.session, CHAIN)
    if running.move_under_way(tx.session) is not None:
        raise InvalidInput("Đang chuyển các hồ sơ sang quy định khác. Hãy chờ xong rồi làm tiếp.")
    total = running.count(tx.session)
    move = Move(
        terms_version=target.terms.version if target.terms else None,
        calendar_version=target.calendar_version,
        note=note.strip(),
        asked_at=tx.now,
        asked_by=tx.actor.name,
        asked_by_id=tx.actor.user_id,
        total=total,
    )
    tx.session.add(move)
    tx.audit(
        CHAIN,
        AuditAction.REJUDGED,
        reason=move.note,
        after={"terms": move.terms_version, "calendar": move.calendar_version, "tickets": total},
    )
    return total


def run(app: App, progress: Callable[[Move], None] = lambda _: None) -> int:
    """Carry the move under way to its end, on one host only; returns how many tickets it looked at.

    A process that ends in between loses nothing: the next one goes on where this one stopped.
    """
    seen = 0
    with locks.only_one(app.store.engine, "rejudge") as mine:
        while mine and (move := _step(app)) is not None:
            seen = move.seen
            progress(move)
            if move.done_at is not None:
                break
    return seen


def _step(app: App, limit: int = BATCH) -> Move | None:
    """Move the next `limit` tickets, each in a transaction of its own."""
    with app.store.reading() as session:
        move = running.move_under_way(session)
        ids = running.ids_after(session, move.last_id, limit) if move else ()
    if move is None:
        return None
    done = [_moved(app, Actor(move.asked_by_id, move.asked_by), ticket_id, move) for ticket_id in ids]
    with app.store.transaction(Actor.system("rejudge")) as tx:
        move = tx.session.merge(move)
        move.seen, move.last_id = move.seen + len(ids), ids[-1] if ids else move.last_id
        move.moved, move.failed = move.moved + done.count(True), move.failed + done.count(None)
        if len(ids) < limit:
            move.done_at = tx.now
            after = {"move": move.id, "seen": move.seen, "moved": move.moved, "failed": move.failed}
            tx.audit(CHAIN, AuditAction.REJUDGED, reason=move.note, after=after)
        tx.commit()
    return move


def _moved(app: App, who: Actor, ticket_id: int, move: Move) -> bool | None:
    """Whether the ticket was moved; None where it cannot be judged."""
    try:
        return _move(app, who, ticket_id, move)
    except (DomainError, LookupError):
        # One ticket that cannot be judged keeps what it had, and is counted; the others must not wait for it.
        log.exception("ticket not judged anew", extra={"ticket": ticket_id})
        return None


def _move(app: App, who: Actor, ticket_id: int, move: Move) -> bool:
    with app.store.transaction(who) as tx:
        ticket = tickets.locked_by_id(tx.session, ticket_id)
        if ticket.state not in WAITING or _is_there(ticket.rule_version, ticket.calendar_version, move):
            return False
        change = Change.of(tx, ticket)
        ticket.rule_version = move.terms_version or ticket.rule_version
        ticket.calendar_version = move.calendar_version or ticket.calendar_version
        ticket.version += 1
        deadlines.judge(app, tx, ticket)
        change.audit(AuditAction.REJUDGED, reason=move.note, official=True)
        tx.commit()
    return True


def _is_there(terms: str | None, days: str | None, move: Move) -> bool:
    return terms == (move.terms_version or terms) and days == (move.calendar_version or days)


def _count(app: App, session: Session, item: Running, target: Target, now: datetime, found: Effect) -> None:
    ticket, was = item.ticket, item.ticket.answer_due_at
    if was is None:
        return
    if is_restricted(facts(ticket)):
        return
    found.running += 1
    try:
        would_be = _due(app, session, item, target)
    except (DomainError, LookupError):
        found.impossible += 1
        return
    if would_be == was:
        found.unchanged += 1
        return
    found.earlier += would_be < was
    found.later += would_be > was
    found.newly_overdue += would_be < now <= was
    found.rescued += was < now <= would_be
    found.by_ward[ticket.ward_code] += 1
    if len(found.first) < SHOWN:
        found.first.append(Moved(ticket.code, ticket.ward_code, ticket.field_id, ticket.level, was, would_be))


def _due(app: App, session: Session, item: Running, target: Target) -> datetime:
    ticket = item.ticket
    terms = target.terms or deadlines.basis_of(app, session, ticket).terms
    days = target.calendar_version or ticket.calendar_version or calendar.shipped().version
    clock = app.rules.clock(session, terms, days, deadlines.matter_of(ticket))
    return judge_case(deadlines.case_with(ticket, item.pauses, item.extensions), terms, clock).answer_due_at
