"""Why a ticket's figures are what they are: every minute accounted for, each deadline with its rule. A reading, audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from feedback.clock import in_hanoi
from feedback.domain import calendar
from feedback.domain.errors import NotAllowed
from feedback.domain.events import AuditAction
from feedback.domain.explanation import Basis, RoundTold, told
from feedback.domain.history import Facts, History, fold
from feedback.domain.permissions import Action, Actor, Origin, allowed, is_restricted
from feedback.domain.rebuild import COLUMNS, rebuild
from feedback.services import recompute
from feedback.services.app import App
from feedback.services.change import facts, refuse
from feedback.services.recompute import Book
from feedback.store import Session, histories, tickets
from feedback.store.audit import ticket_chain
from feedback.store.queries import lists
from feedback.store.tables import Ticket


@dataclass(frozen=True, slots=True)
class Explanation:
    """`disagreements`: columns that are not what the trail says, stored and recomputed. `names`: officers by account.

    `old`: the trail does not name the versions, so that what is shown is only what would apply today.
    """

    ticket: Ticket
    now: datetime
    history: History
    rounds: tuple[RoundTold, ...]
    disagreements: Mapping[str, tuple[str, str]]
    names: Mapping[int, str]
    wards: Mapping[str, str]

    @property
    def old(self) -> bool:
        return self.history.old

    @property
    def reported(self) -> int | None:
        """The figure of the reports: counted seconds until the first answer, as the column has it."""
        return self.ticket.answer_worked_seconds


def open_ticket(app: App, actor: Actor, code: str) -> Explanation:
    """The whole explanation; that it was read stands in the trail. Raises NotFound (also for what is out of reach).

    On the host nobody looks into a restricted ticket: NotAllowed.
    """
    with app.store.transaction(actor) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None or not allowed(actor, Action.READ, facts(ticket)):
            refuse(tx, ticket, code)
        if actor.origin is Origin.SYSTEM and is_restricted(facts(ticket)):
            tx.audit(ticket_chain(ticket.id), AuditAction.READ_REFUSED, after={"page": "time"})
            tx.commit()
            raise NotAllowed("Hồ sơ hạn chế: chỉ xem được trên bàn làm việc của cán bộ phụ trách.")
        tx.audit(ticket_chain(ticket.id), AuditAction.TICKET_READ, after={"page": "time"})
        found = of_ticket(app, tx.session, ticket, tx.now)
        tx.commit()
    return found


def of_ticket(app: App, session: Session, ticket: Ticket, now: datetime) -> Explanation:
    """The same for a ticket at hand. Raises TrailIncomplete, VersionUnknown, OutsideCalendar."""
    events = histories.events(session, ticket.id)
    history, book = fold(events), Book(app.rules, session)

    def rules(wanted: Facts) -> Basis:
        return _basis(app, session, book, history, wanted)

    titles = _titles(history.received_at, now)
    rebuilt = rebuild(history, book)
    wrong = rebuilt.disagreements({name: getattr(ticket, name) for name in COLUMNS})
    return Explanation(
        ticket=ticket,
        now=now,
        history=history,
        rounds=tuple(told(history, number, rules, now, titles) for number in range(len(history.rounds))),
        disagreements={
            name: (recompute.shown(getattr(ticket, name)), recompute.shown(rebuilt.columns[name]))
            for name in wrong
        },
        names={event.actor_id: event.actor for event in events if event.actor_id is not None},
        wards={ward.code: ward.name for ward in lists.wards(session)},
    )


def _basis(app: App, session: Session, book: Book, history: History, wanted: Facts) -> Basis:
    if wanted.rule_version is not None and wanted.calendar_version is not None:
        terms, clock = book.basis(wanted.rule_version, wanted.calendar_version, wanted.matter)
        return Basis(terms, clock, wanted.calendar_version, fixed=True)
    terms, days = app.rules.in_force(session, history.received_at), calendar.shipped().version
    return Basis(terms, app.rules.clock(session, terms, days, wanted.matter), days, fixed=False)


def _titles(start: datetime, end: datetime) -> Mapping[date, str]:
    """Names of days off. They are not part of a calendar's version: a new wording changes no deadline."""
    years = range(in_hanoi(start).year, in_hanoi(end).year + 1)
    return {
        special.day: special.title
        for number in years
        if number in calendar.YEARS
        for special in (*calendar.year_of(number).days_off, *calendar.year_of(number).weekends)
    }
