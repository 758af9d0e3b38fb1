"""What the ticket page shows of pauses and extensions, and what it offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedback.clock import in_hanoi
from feedback.domain import grace
from feedback.domain.deadlines import CLOSING
from feedback.domain.errors import DomainError
from feedback.domain.grace import Owed
from feedback.domain.permissions import Action, Actor
from feedback.domain.reasons import PAUSE, Reason, reasons_for
from feedback.domain.terms import Term, Terms
from feedback.services import deadlines
from feedback.services.deadlines import Basis
from feedback.store import Session, pauses
from feedback.store.tables import ExtensionRow, PauseRow, Ticket

GUARDED = frozenset(
    action.value for action in (Action.PAUSE, Action.RESUME, Action.ASK_EXTENSION, Action.DECIDE_EXTENSION)
)
"""Actions that are offered only where the ticket's deadline allows them."""


@dataclass(frozen=True, slots=True)
class PauseChoice:
    """A reason that has not served yet, and how long it may."""

    reason: Reason
    bound: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """The request that waits. `would_be` is None where it can no longer be granted, and `why_not` says so."""

    row: ExtensionRow
    term: Term
    mine: bool
    would_be: datetime | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Respite:
    """`pauses`, `granted`: of the present round. `first_day`: the earliest day a pause may end on."""

    running: PauseRow | None
    pauses: Sequence[PauseRow]
    granted: Sequence[ExtensionRow]
    request: Request | None
    choices: Sequence[PauseChoice]
    asks: Sequence[Reason]
    longest: Term
    first_day: date
    why_not: str

    @property
    def last_day(self) -> date:
        return max((in_hanoi(choice.bound).date() for choice in self.choices), default=self.first_day)


def assemble(session: Session, actor: Actor, ticket: Ticket, basis: Basis, now: datetime) -> Respite:
    """The state of a ticket's deadline at `now`. What the actor may do is not looked at here."""
    paused, asked = pauses.pauses(session, ticket), pauses.extensions(session, ticket)
    owed = deadlines.owed(basis, session, ticket, now)
    waiting = next((row for row in asked if row.decided_at is None), None)
    return Respite(
        running=next((row for row in paused if row.ended_at is None and row.until > now), None),
        pauses=paused,
        granted=[row for row in asked if row.decision == "approved"],
        request=_request(actor, waiting, basis.terms, owed) if waiting else None,
        choices=_choices(basis.terms, owed),
        asks=_asks(owed),
        longest=basis.terms.extension.term,
        first_day=_first_day(now),
        why_not=_why_not(owed),
    )


def offered(respite: Respite) -> frozenset[str]:
    """The actions that would not be refused whatever is typed."""
    found = set[Action]()
    if respite.choices:
        found.add(Action.PAUSE)
    if respite.running:
        found.add(Action.RESUME)
    if respite.asks:
        found.add(Action.ASK_EXTENSION)
    if respite.request and not respite.request.mine:
        found.add(Action.DECIDE_EXTENSION)
    return frozenset(action.value for action in found)


def _request(actor: Actor, row: ExtensionRow, terms: Terms, owed: Owed) -> Request:
    term, mine = Term.parse(row.term), row.asked_by == actor.user_id
    try:
        return Request(row, term, mine, grace.extended_to(terms, owed, term), "")
    except DomainError as refusal:
        return Request(row, term, mine, None, refusal.message_vi)


def _choices(terms: Terms, owed: Owed) -> list[PauseChoice]:
    try:
        grace.check_pausable(owed)
        unused = [reason for reason in PAUSE if reason.id not in owed.paused_for]
        return [PauseChoice(reason, grace.pause_bound(terms, owed, reason.id)) for reason in unused]
    except DomainError:
        return []


def _asks(owed: Owed) -> list[Reason]:
    try:
        grace.check_extendable(owed)
    except DomainError:
        return []
    if owed.request_open:
        return []
    return [reason for reason in reasons_for(Action.ASK_EXTENSION) if reason.id not in owed.asked_for]


def _why_not(owed: Owed) -> str:
    """Why the deadline cannot be moved at all; empty where it can, or where nothing is due."""
    if owed.due is None:
        return ""
    try:
        grace.check_extendable(owed)
    except DomainError as refusal:
        return refusal.message_vi
    return ""


def _first_day(now: datetime) -> date:
    local = in_hanoi(now)
    return local.date() if local.time() < CLOSING else local.date() + timedelta(days=1)
