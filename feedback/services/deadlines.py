"""Writing a ticket's deadlines, with the versions of the rules they were judged by."""

from __future__ import annotations

from feedback.domain.deadlines import deadlines_for
from feedback.domain.kinds import Kind, Level
from feedback.services.app import App
from feedback.store.tables import Ticket


def judge(app: App, ticket: Ticket) -> None:
    """Count both terms from receipt: reading, routing or correcting a ticket late gains nothing.

    A reopened ticket owes its new answer from the reopening on.
    """
    start = ticket.reopened_at or ticket.received_at
    due = deadlines_for(start, Level(ticket.level), Kind(ticket.kind), app.calendar, app.terms)
    if ticket.reopened_at is None:
        ticket.receive_due_at = due.receive_due_at
    ticket.answer_due_at = due.answer_due_at
    ticket.rule_version, ticket.calendar_version = due.rule_version, due.calendar_version
