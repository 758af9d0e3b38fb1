"""The ways a matter ends: closed, rejected with a reason, handed over to its legal road."""

from __future__ import annotations

from channels.message import Purpose
from feedback.domain import reasons, texts
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services import replies
from feedback.services.answer import checked, stop_clock
from feedback.services.app import App
from feedback.services.change import changing

SILENT = frozenset({"spam", "thanks", "done", "withdrawn"})
"""Reasons for closing that need no further word to the citizen."""


def close(app: App, actor: Actor, code: str, version: int, reason_id: str, note: str = "") -> None:
    """Close with a reason from the list. A citizen who was never answered is told why, except for spam and thanks."""
    reason = reasons.reason(Action.CLOSE, reason_id, note)
    with changing(app, actor, Action.CLOSE, code, version) as change:
        ticket = change.ticket
        unanswered = ticket.first_answer_at is None
        if unanswered:
            stop_clock(app, change)
        if unanswered and reason.id not in SILENT:
            words = texts.answer(ticket.code, note.strip() or reason.title, app.portal_url)
            replies.queue(app, change.tx, ticket, purpose=Purpose.NOTICE, text=words)
        ticket.closed_at, ticket.outcome_reason = change.tx.now, reason.id
        change.audit(AuditAction.CLOSED, reason=_with_note(reason.id, note))


def reject(app: App, actor: Actor, code: str, version: int, reason_id: str, text: str) -> None:
    """Refuse the matter with a reason and words to the citizen: a first-class outcome, timed like an answer."""
    reason = reasons.reason(Action.REJECT, reason_id, text)
    words = checked(text)
    with changing(app, actor, Action.REJECT, code, version) as change:
        ticket = change.ticket
        stop_clock(app, change)
        body = f"{reason.title}.\n{words}"
        message = replies.queue(
            app,
            change.tx,
            ticket,
            purpose=Purpose.ANSWER,
            text=texts.answer(ticket.code, body, app.portal_url),
        )
        ticket.closed_at, ticket.outcome_reason = change.tx.now, reason.id
        change.audit(AuditAction.REJECTED, reason=reason.id, after={"message": message.id})


def hand_over(app: App, actor: Actor, code: str, version: int, text: str) -> None:
    """Give a complaint or denunciation to its legal road and tell the citizen how. Only a person decides this."""
    words = checked(text)
    with changing(app, actor, Action.HAND_OVER, code, version) as change:
        ticket = change.ticket
        stop_clock(app, change)
        message = replies.queue(
            app,
            change.tx,
            ticket,
            purpose=Purpose.ANSWER,
            text=texts.answer(ticket.code, words, app.portal_url),
        )
        ticket.closed_at = change.tx.now
        change.audit(AuditAction.HANDED_OVER, after={"message": message.id})


def _with_note(reason_id: str, note: str) -> str:
    return f"{reason_id}: {note.strip()}" if note.strip() else reason_id
