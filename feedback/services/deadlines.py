"""Writing a ticket's deadlines, by the versions of the rules it was first judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.domain import calendar, steps
from feedback.domain.case import Case, Extension, Pause, judge_case
from feedback.domain.clocks import Clock
from feedback.domain.grace import Owed
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.steps import Step
from feedback.domain.terms import Matter, Part, Term, Terms
from feedback.services.app import App
from feedback.store import Session, Transaction, escalations, pauses
from feedback.store.tables import ExtensionRow, PauseRow, Ticket

UNREAD_FOR = timedelta(hours=1)
"""A ticket that nothing has read by then gets its deadlines from the clock process: it must not wait unseen."""


def judge(app: App, tx: Transaction, ticket: Ticket) -> None:
    """Count both terms from receipt: reading, routing or correcting a ticket late gains nothing.

    A reopened ticket owes its new answer from the reopening on. The first judgement fixes the versions of terms and
    calendar; every later one uses the same. Raises OutsideCalendar, VersionUnknown.
    """
    first = ticket.rule_version is None
    with tx.session.no_autoflush if first else nullcontext():
        # Nothing that is looked up for a new ticket depends on what has just been decided: one UPDATE tells it all.
        basis = basis_of(app, tx.session, ticket)
    case = case_of(tx.session, ticket, fresh=first)
    verdict = judge_case(case, basis.terms, basis.clock)
    if ticket.reopened_at is None:
        ticket.receive_due_at = verdict.receive_due_at
    ticket.answer_due_at = verdict.answer_due_at
    ticket.rule_version, ticket.calendar_version = basis.terms.version, basis.calendar_version
    done = {} if first else escalations.last_steps(tx.session, ticket)
    ticket.next_step_at = steps.first_at(steps_beyond(ticket, case, basis, done))


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


def steps_beyond(ticket: Ticket, case: Case, basis: Basis, done: Mapping[Part, int]) -> list[Iterator[Step]]:
    """The steps still to come, for each part in order: those beyond the highest share that somebody was told of."""
    tracks = []
    if ticket.answer_due_at is not None:
        beyond = done.get(Part.ANSWER, 0)
        shares = basis.terms.steps
        tracks.append(steps.answer_steps(case, ticket.answer_due_at, shares, basis.clock, beyond=beyond))
    if ticket.receive_due_at is not None and ticket.accepted_at is None and ticket.reopened_at is None:
        beyond = done.get(Part.RECEIVE, 0)
        tracks.append(steps.receive_steps(case, ticket.receive_due_at, basis.clock, beyond=beyond))
    return tracks


def _pauses(rows: Sequence[PauseRow]) -> tuple[Pause, ...]:
    return tuple(Pause(row.started_at, row.ended_at or row.until, row.reason) for row in rows)


def _extensions(rows: Sequence[ExtensionRow]) -> tuple[Extension, ...]:
    granted = [row for row in rows if row.decision == "approved"]
    return tuple(Extension(row.decided_at, Term.parse(row.term)) for row in granted if row.decided_at)
