"""The officer's answer: recorded, timed and put on its way to the citizen in one transaction."""

from __future__ import annotations

import re
from datetime import timedelta

from channels.message import Purpose
from channels.text import clean
from feedback.domain import texts
from feedback.domain.case import counted
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services import deadlines, extending, offices, pausing, replies
from feedback.services.app import App
from feedback.services.change import Change, changing

MAX_LENGTH = 10_000
LEAST_WORDS = 2
"""A full stop would stop the clock, and tell the citizen nothing."""
_WORD = re.compile(r"[^\W\d_]+")
SECOND = timedelta(seconds=1)


def submit(app: App, actor: Actor, code: str, version: int, text: str) -> int:
    """Answer the citizen; returns the message id. Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange."""
    words = checked(text)
    if len(_WORD.findall(words)) < LEAST_WORDS:
        raise InvalidInput("Câu trả lời quá ngắn: hãy viết ít nhất hai từ.", field="text")
    with changing(app, actor, Action.ANSWER, code, version) as change:
        ticket = change.ticket
        message = replies.queue(
            app,
            change.tx,
            ticket,
            purpose=Purpose.ANSWER,
            text=texts.answer(
                ticket.code, words, offices.title(change.tx, ticket), replies.follow_url(app, ticket)
            ),
        )
        stop_clock(app, change)
        ticket.answered_at = change.tx.now
        change.audit(AuditAction.ANSWERED, after={"message": message.id, "delivery": message.delivery})
        return message.id


def stop_clock(app: App, change: Change) -> None:
    """Nothing is owed any more: a pause ends, a request for more time lapses.

    The first answer fixes the response time, in seconds of the ticket's clock without its pauses.
    """
    ticket, now = change.ticket, change.tx.now
    pausing.end_running(app, change.tx, ticket)
    extending.lapse(change.tx, ticket)
    if ticket.first_answer_at is not None:
        return
    basis = deadlines.basis_of(app, change.tx.session, ticket)
    case = deadlines.case_of(change.tx.session, ticket)
    ticket.first_answer_at, ticket.answered_by = now, change.tx.actor.user_id
    ticket.answered_ward = deadlines.matter_of(ticket).ward
    ticket.answer_worked_seconds = counted(case, now, basis.clock) // SECOND
    ticket.answered_on_time = ticket.answer_due_at is None or now <= ticket.answer_due_at
    ticket.accepted_at = ticket.accepted_at or now


def checked(text: str) -> str:
    """The answer cleaned as at every border (NFC, no control characters). Raises InvalidInput: empty or too long."""
    words = clean(text)
    if not words:
        raise InvalidInput("Hãy nhập nội dung trả lời.", field="text")
    if len(words) > MAX_LENGTH:
        raise InvalidInput(f"Nội dung trả lời dài quá {MAX_LENGTH:,} ký tự.", field="text")
    return words
