"""Writing a ticket's deadlines, by the versions of the rules it was first judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain import calendar
from feedback.domain.case import Case, Extension, Pause, judge_case, reached_at
from feedback.domain.clocks import Clock
from feedback.domain.grace import Owed
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.terms import Matter, Term, Terms
from feedback.services.app import App
from feedback.store import Session, Transaction, pauses
from feedback.store.tables import ExtensionRow, PauseRow, Ticket


def judge(app: App, tx: Transaction, ticket: Ticket) -> None:
    """Count both terms from receipt: reading, routing or correcting a ticket late gains nothing.

    A reopened ticket owes its new answer from the reopening on. The first judgement fixes the versions of terms and
    calendar; every later one uses the same. Raises OutsideCalendar, VersionUnknown.
    """
    first = ticket.rule_version is None
    basis = basis_of(app, tx.session, ticket)
    case = case_of(tx.session, ticket, fresh=first)
    verdict = judge_case(case, basis.terms, basis.clock)
    if ticket.reopened_at is None:
        ticket.receive_due_at = verdict.receive_due_at
    ticket.answer_due_at = verdict.answer_due_at
    ticket.rule_version, ticket.calendar_version = basis.terms.version, basis.calendar_version
    done = 0 if first else pauses.last_step(tx.session, ticket)
    set_next_step(ticket, case, basis, done)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ticket is judged by."""

    terms: Terms
    calendar_version: str
    clock: Clock


def basis_of(app: App, session: Session, ticket: Ticket) -> Basis:
    """What the ticket is judged by: the versions it has kept, or what is in force for its receipt."""
    if ticket.rule_version is None:
        terms = app.rules.in_force(session, ticket.received_at)
    else:
        terms = app.rules.terms(session, ticket.rule_version)
    version = ticket.calendar_version or calendar.shipped().version
    return Basis(terms, version, app.rules.clock(session, terms, version, matter_of(ticket)))


def matter_of(ticket: Ticket) -> Matter:
    """What the terms look at."""
    ward = ticket.ward_code if ticket.queue == Queue.WARD else None
    return Matter(Level(ticket.level), Kind(ticket.kind), ticket.field_id, ward)


def case_of(session: Session, ticket: Ticket, *, fresh: bool = False) -> Case:
    """The ticket as the clock sees it. `fresh`: nothing can have moved its deadline yet, so nothing is looked up."""
    if fresh:
        return case_with(ticket, (), ())
    return case_with(ticket, pauses.pauses(session, ticket), pauses.extensions(session, ticket))


def case_with(ticket: Ticket, paused: Sequence[PauseRow], extended: Sequence[ExtensionRow]) -> Case:
    """The case of a ticket whose pauses and extensions are at hand."""
    return Case(
        received_at=ticket.received_at,
        start=ticket.reopened_at or ticket.received_at,
        matter=matter_of(ticket),
        pauses=_pauses(paused),
        extensions=_extensions(extended),
    )


def owed(basis: Basis, session: Session, ticket: Ticket, now: datetime) -> Owed:
    """What the ticket owes at `now`, and which reasons to put it off have been used in this round."""
    paused, asked = pauses.pauses(session, ticket), pauses.extensions(session, ticket)
    return Owed(
        matter=matter_of(ticket),
        due=ticket.answer_due_at,
        now=now,
        clock=basis.clock,
        paused_for=frozenset(row.reason for row in paused),
        pause_runs=any(row.ended_at is None and row.until > now for row in paused),
        asked_for=frozenset(row.reason for row in asked),
        request_open=any(row.decided_at is None for row in asked),
    )


def set_next_step(ticket: Ticket, case: Case, basis: Basis, done: int) -> None:
    """When the clock next tells somebody: the first share of the term beyond `done`; None after the last."""
    ticket.next_step = next((step for step in basis.terms.steps if step > done), None)
    ticket.next_step_at = None
    if ticket.next_step is not None and ticket.answer_due_at is not None:
        ticket.next_step_at = reached_at(case, ticket.next_step, ticket.answer_due_at, basis.clock)


def _pauses(rows: Sequence[PauseRow]) -> tuple[Pause, ...]:
    return tuple(Pause(row.started_at, row.ended_at or row.until, row.reason) for row in rows)


def _extensions(rows: Sequence[ExtensionRow]) -> tuple[Extension, ...]:
    granted = [row for row in rows if row.decision == "approved"]
    return tuple(Extension(row.decided_at, Term.parse(row.term)) for row in granted if row.decided_at)
