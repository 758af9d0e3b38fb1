"""The tickets behind a number of the reports, and those that are overdue now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from feedback.domain.permissions import Actor
from feedback.store.queries import inbox
from feedback.store.queries.figures import Counted, Range, counted, within
from feedback.store.queries.inbox import TicketLine
from feedback.store.queries.reach import of_wards, one_of, ward_of_result, within_reach
from feedback.store.tables import Ticket, User, Ward

PAGE = 40


@dataclass(frozen=True, slots=True)
class Page:
    """`following`: the id to go on below, None at the end."""

    lines: Sequence[TicketLine]
    following: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that is overdue now. `ward` is set where a ward answers for it; no personal data."""

    code: str
    state: str
    queue: str
    ward_code: str | None
    ward: str | None
    field_id: str | None
    kind: str
    level: str
    channel: str
    received_at: datetime
    due: datetime
    assignee: str | None
    reopened: int


def page(
    session: Session,
    actor: Actor,
    wanted: Range,
    which: Counted,
    *,
    elsewhere: bool = False,
    after: int | None = None,
) -> Page:
    """The newest first; only what the actor may read. `elsewhere`: what no ward answers for."""
    query = inbox.listed().where(
        within_reach(actor), *within(wanted), counted(wanted.now, by_ward=wanted.ward_code is not None)[which]
    )
    if elsewhere:
        query = query.where(ward_of_result().is_(None))
    if after is not None:
        query = query.where(Ticket.id < after)
    rows = session.execute(query.order_by(Ticket.id.desc()).limit(PAGE + 1)).all()
    lines = [inbox.line(*row) for row in rows[:PAGE]]
    return Page(lines, lines[-1].id if len(rows) > PAGE else None)


def waiting(session: Session, actor: Actor, now: datetime, most: int) -> list[Waiting]:
    """Every overdue ticket within reach, longest overdue first, up to `most`."""
    of_ward = of_wards()
    rows = session.execute(
        select(
            Ticket.code,
            Ticket.state,
            Ticket.queue,
            case((of_ward, Ticket.ward_code)),
            case((of_ward, Ward.name)),
            Ticket.field_id,
            Ticket.kind,
            Ticket.level,
            Ticket.channel,
            Ticket.received_at,
            Ticket.answer_due_at,
            User.name,
            Ticket.reopened,
        )
        .outerjoin(Ward, Ward.code == Ticket.ward_code)
        .outerjoin(User, User.id == Ticket.assigned_to)
        .where(within_reach(actor), one_of(Ticket.state, "new", "review", "open"), Ticket.answer_due_at < now)
        .order_by(Ticket.answer_due_at, Ticket.id)
        .limit(most)
    )
    return [Waiting(*row) for row in rows]
