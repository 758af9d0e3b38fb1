"""Tickets whose terms have run far enough that somebody must be told, and what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, or_, select, text, update
from sqlalchemy.orm import Session, defer

from feedback.domain.kinds import Level
from feedback.domain.ladder import Person
from feedback.domain.permissions import Role
from feedback.domain.steps import Step
from feedback.domain.terms import Part
from feedback.domain.workflow import WAITING
from feedback.store.queries.reach import one_of
from feedback.store.tables import Escalation, Reminder, Ticket, User, account_role
from feedback.store.tables import Role as RoleRow

CITY = (Role.DISPATCHER, Role.DENUNCIATION_OFFICER)
"""Roles that no ward binds."""
_ESCALATION, _REMINDER, _TICKET = Escalation.plain(), Reminder.plain(), Ticket.plain()
_PATIENCE = text("SET LOCAL lock_timeout = '1s'")

Done = Mapping[int, Mapping[Part, int]]


def due(session: Session, now: datetime, limit: int) -> Sequence[Ticket]:
    """Waiting tickets whose timer has run out, oldest first, locked. What somebody else holds is left for the next time."""
    waits = one_of(Ticket.state, *sorted(WAITING))
    return session.scalars(
        select(Ticket)
        .where(waits, Ticket.next_step_at <= now)
        .order_by(Ticket.next_step_at)
        .limit(limit)
        .with_for_update(of=Ticket, skip_locked=True)
        .options(defer(Ticket.search), defer(Ticket.address))
    ).all()


def last_steps(session: Session, ticket: Ticket) -> Mapping[Part, int]:
    """The highest share of each term, in per cent, that somebody was told of in this round."""
    return told_before(session, [ticket]).get(ticket.id, {})


def told_before(session: Session, found: Collection[Ticket]) -> Done:
    """The same for many tickets, by ticket id."""
    rounds = {ticket.id: ticket.reopened for ticket in found}
    rows = session.execute(
        select(Escalation.ticket_id, Escalation.round, Escalation.part, func.max(Escalation.step))
        .where(Escalation.ticket_id.in_(rounds))
        .group_by(Escalation.ticket_id, Escalation.round, Escalation.part)
    )
    done = defaultdict[int, dict[Part, int]](dict)
    for ticket_id, round_, part, step in rows:
        if round_ == rounds[ticket_id]:
            done[ticket_id][Part(part)] = step
    return done


def staff(session: Session, wards: Collection[str], owners: Collection[int]) -> list[Person]:
    """Active accounts that could be told: those of these wards, those of the Centre, and the owners of tickets."""
    ours = select(account_role.c.account_id).join(RoleRow, RoleRow.id == account_role.c.role_id)
    rows = session.execute(
        select(User.id, User.name, User.ward_code, func.array_agg(RoleRow.name))
        .join(account_role, account_role.c.account_id == User.id)
        .join(RoleRow, RoleRow.id == account_role.c.role_id)
        .where(
            User.active,
            or_(
                User.ward_code.in_(wards),
                User.id.in_(owners),
                User.id.in_(ours.where(RoleRow.name.in_(CITY))),
            ),
        )
        .group_by(User.id)
        .order_by(User.id)
    )
    return [Person(row[0], row[1], frozenset(map(Role, row[3])), row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class Raised:
    """A ticket that has reached steps, the last of them last, and whom that concerns."""

    ticket: Ticket
    reached: Sequence[Step]
    people: Sequence[Person]


def record(session: Session, found: Sequence[Raised], now: datetime) -> None:
    """Write steps and reminders down: each person is told once, of the last step. Raises IntegrityError."""
    steps = [_step(item.ticket, step, now) for item in found for step in item.reached]
    written = insert(_ESCALATION).returning(_ESCALATION.c.ticket_id, _ESCALATION.c.id)
    last: dict[int, int] = {}
    for ticket_id, escalation_id in session.connection().execute(written, steps):
        last[ticket_id] = max(escalation_id, last.get(ticket_id, 0))
    reminders = [
        {
            "escalation_id": last[item.ticket.id],
            "account_id": person.id,
            "urgent": item.ticket.level == Level.URGENT,
            "told_at": now,
        }
        for item in found
        for person in item.people
    ]
    if reminders:
        session.connection().execute(insert(_REMINDER), reminders)


def _step(ticket: Ticket, step: Step, now: datetime) -> dict[str, object]:
    return {
        "ticket_id": ticket.id,
        "round": ticket.reopened,
        "part": step.part,
        "step": step.share,
        "due_at": step.due_at,
        "raised_at": now,
    }


def be_patient(session: Session) -> None:
    """Wait a second for a lock, no longer: one busy ticket must not hold up the others."""
    session.execute(_PATIENCE)


def wind(session: Session, timers: Mapping[int, datetime | None]) -> None:
    """Set the timers of tickets, by their ids. A timer is no fact of the ticket: it has no version and no audit row."""
    if timers:
        statement = (
            update(_TICKET).where(_TICKET.c.id == bindparam("ticket")).values(next_step_at=bindparam("at"))
        )
        values = [{"ticket": ticket_id, "at": at} for ticket_id, at in timers.items()]
        session.connection().execute(statement, values)


def overdue(session: Session, grace: timedelta) -> int:
    """How many timers ran out longer than `grace` ago: a clock that works leaves none."""
    waits = one_of(Ticket.state, *sorted(WAITING))
    late = Ticket.next_step_at < func.now() - grace
    return session.scalar(select(func.count()).select_from(Ticket).where(waits, late)) or 0
