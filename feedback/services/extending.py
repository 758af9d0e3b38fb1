"""More time for an answer: one asks, another decides, the citizen is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.message import Purpose
from feedback.domain import grace, reasons, texts
from feedback.domain.errors import DomainError, IllegalChange, InvalidInput, NotAllowed
from feedback.domain.events import AuditAction
from feedback.domain.grace import Owed
from feedback.domain.permissions import Action, Actor
from feedback.domain.terms import Term
from feedback.services import deadlines, notes, replies
from feedback.services.app import App
from feedback.services.change import Change, changing
from feedback.services.pausing import explained
from feedback.store import Session, Transaction, pauses
from feedback.store.queries import requests
from feedback.store.queries.requests import OpenRequest
from feedback.store.tables import ExtensionRow, Message, Ticket

APPROVED, REFUSED, LAPSED = "approved", "refused", "lapsed"
OTHER = "other"
"""The one reason whose explanation the citizen reads."""


def ask(app: App, actor: Actor, code: str, version: int, reason_id: str, term: str, note: str) -> None:
    """Ask for `term` ("3wd") more. Until somebody approves, the deadline stands.

    Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange.
    """
    reason, words = reasons.reason(Action.ASK_EXTENSION, reason_id, note), explained(note)
    wanted = _term(term)
    with changing(app, actor, Action.ASK_EXTENSION, code, version) as change:
        tx, ticket = change.tx, change.ticket
        basis = deadlines.basis_of(app, tx.session, ticket)
        grace.check_request(basis.terms, deadlines.owed(basis, tx.session, ticket, tx.now), reason, wanted)
        row = ExtensionRow(
            ticket_id=ticket.id,
            round=ticket.reopened,
            reason=reason.id,
            term=str(wanted),
            asked_at=tx.now,
            asked_by=actor.user_id,
            note_id=notes.write(tx, ticket, words).id,
        )
        tx.session.add(row)
        tx.session.flush()
        change.audit(
            AuditAction.EXTENSION_ASKED,
            reason=reason.id,
            after={"extension": row.id, "term": row.term, "message": row.note_id},
        )


def decide(app: App, actor: Actor, code: str, version: int, *, approve: bool, note: str = "") -> None:
    """Approve the request, or refuse it with an explanation. Whoever asked does not decide.

    Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange.
    """
    words = explained(note)
    if not approve and not words:
        raise InvalidInput("Hãy ghi rõ vì sao không duyệt.", field="note")
    with changing(app, actor, Action.DECIDE_EXTENSION, code, version) as change:
        row = pauses.open_request(change.tx.session, change.ticket)
        if row is None:
            raise IllegalChange("Không có đề nghị gia hạn nào đang chờ duyệt.")
        if row.asked_by == actor.user_id:
            raise NotAllowed("Người đề nghị không tự duyệt gia hạn: cần một người khác có thẩm quyền.")
        if approve:
            _approve(app, change, row)
        else:
            _settle(change, row, REFUSED)
        said = notes.write(change.tx, change.ticket, words).id if words else None
        change.audit(
            AuditAction.EXTENSION_APPROVED if approve else AuditAction.EXTENSION_REFUSED,
            reason=row.reason,
            after={"extension": row.id, "term": row.term, **({"message": said} if said else {})},
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request for those who decide. `would_be`: the deadline it leads to; None where it cannot be granted."""

    request: OpenRequest
    term: Term
    mine: bool
    would_be: datetime | None
    why_not: str = ""


def waiting(app: App, actor: Actor) -> Sequence[Waiting]:
    """What waits within the actor's reach, the nearest deadline first."""
    now = app.store.now()
    with app.store.reading() as session:
        return [_waiting(app, session, actor, found, now) for found in requests.waiting(session, actor)]


def lapse(tx: Transaction, ticket: Ticket) -> None:
    """The ticket was answered or ended before anybody decided: there is nothing left to decide. The caller audits."""
    row = pauses.open_request(tx.session, ticket)
    if row is not None:
        row.decided_at, row.decision = tx.now, LAPSED


def _waiting(app: App, session: Session, actor: Actor, found: OpenRequest, now: datetime) -> Waiting:
    ticket, term = found.ticket, Term.parse(found.row.term)
    mine = found.row.asked_by == actor.user_id
    try:
        basis = deadlines.basis_of(app, session, ticket)
        owed = Owed(deadlines.matter_of(ticket), ticket.answer_due_at, now, basis.clock)
        return Waiting(found, term, mine, grace.extended_to(basis.terms, owed, term))
    except DomainError as refusal:
        return Waiting(found, term, mine, None, refusal.message_vi)


def _approve(app: App, change: Change, row: ExtensionRow) -> None:
    tx, ticket, term = change.tx, change.ticket, Term.parse(row.term)
    basis = deadlines.basis_of(app, tx.session, ticket)
    # What was in bounds when it was asked need not be so now: the deadline may have passed, the matter be urgent.
    grace.extended_to(basis.terms, deadlines.owed(basis, tx.session, ticket, tx.now), term)
    _settle(change, row, APPROVED)
    deadlines.judge(app, tx, ticket)
    text = texts.extension(
        ticket.code,
        why(tx.session, row),
        ticket.answer_due_at,
        replies.follow_url(app, ticket),
        neutral=ticket.restricted,
    )
    replies.queue(app, tx, ticket, purpose=Purpose.NOTICE, text=text, dedup_key=f"extension:{row.id}")


def _settle(change: Change, row: ExtensionRow, decision: str) -> None:
    row.decided_at, row.decided_by, row.decision = change.tx.now, change.tx.actor.user_id, decision
    change.tx.session.flush()


def why(session: Session, row: ExtensionRow) -> str:
    """In words for the citizen: the title of the reason, or the explanation where the reason has none."""
    if row.reason == OTHER and row.note_id is not None:
        return session.get_one(Message, row.note_id).text
    return next(item.title for item in reasons.EXTENSION if item.id == row.reason)


def _term(text: str) -> Term:
    try:
        return Term.parse(text)
    except InvalidInput as fault:
        raise InvalidInput(fault.message_vi, field="term") from fault
