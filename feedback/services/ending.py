"""The ways a matter ends: closed, rejected with a reason, handed over to its legal road."""

from __future__ import annotations

from channels.message import Purpose
from feedback.domain import reasons, texts
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind
from feedback.domain.permissions import Action, Actor
from feedback.domain.reasons import with_note
from feedback.domain.routing import LEGAL_ROADS
from feedback.services import letter, replies
from feedback.services.answer import stop_clock
from feedback.services.app import App
from feedback.services.change import changing

SILENT = frozenset({"spam", "thanks"})
"""Reasons for closing that need no further word to the citizen. Any other would let a matter end unseen, and in time."""


def close(app: App, actor: Actor, code: str, version: int, reason_id: str, note: str = "") -> None:
    """Close with a reason from the list. A citizen who was never answered is told why, except for spam and thanks."""
    reason = reasons.reason(Action.CLOSE, reason_id, note)
    with changing(app, actor, Action.CLOSE, code, version) as change:
        ticket = change.ticket
        unanswered = ticket.first_answer_at is None
        stop_clock(app, change)
        if unanswered and reason.id not in SILENT:
            words = texts.closing(ticket.code, reason, note, replies.follow_url(app, ticket))
            replies.queue(app, change.tx, ticket, purpose=Purpose.NOTICE, text=words)
        ticket.closed_at, ticket.outcome_reason = change.tx.now, reason.id
        change.audit(AuditAction.CLOSED, reason=with_note(reason.id, note))


def reject(app: App, actor: Actor, code: str, version: int, reason_id: str, note: str = "") -> None:
    """Refuse the matter with a reason and words to the citizen: a first-class outcome, timed like an answer."""
    reason = reasons.reason(Action.REJECT, reason_id, note)
    with changing(app, actor, Action.REJECT, code, version) as change:
        ticket = change.ticket
        stop_clock(app, change)
        words = texts.rejection(ticket.code, reason, note, replies.follow_url(app, ticket))
        message = replies.queue(app, change.tx, ticket, purpose=Purpose.ANSWER, text=words)
        ticket.closed_at, ticket.outcome_reason = change.tx.now, reason.id
        change.audit(AuditAction.REJECTED, reason=with_note(reason.id, note), after={"message": message.id})


def hand_over(app: App, actor: Actor, code: str, version: int, note: str = "") -> None:
    """Give a complaint or denunciation to its legal road. Only a person decides this.

    Whoever complained gets the letter that says how to go on; an informant gets neutral words.
    """
    with changing(app, actor, Action.HAND_OVER, code, version) as change:
        ticket = change.ticket
        if Kind(ticket.kind) not in LEGAL_ROADS:
            raise InvalidInput("Chỉ khiếu nại, tố cáo mới chuyển theo trình tự riêng.", field="kind")
        stop_clock(app, change)
        if Kind(ticket.kind) is Kind.COMPLAINT:
            message = letter.queue(app, change.tx, ticket, note)
        else:
            words = texts.handing_over(ticket.code, note)
            message = replies.queue(app, change.tx, ticket, purpose=Purpose.ANSWER, text=words)
        ticket.closed_at = change.tx.now
        change.audit(AuditAction.HANDED_OVER, after={"message": message.id})
