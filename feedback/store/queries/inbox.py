"""The lists of the desk: tabs, filters, pages by key instead of by number, counts that stop counting early."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from feedback.domain.kinds import Queue
from feedback.domain.permissions import Actor
from feedback.domain.search import fold
from feedback.store.queries.reach import one_of, within_reach
from feedback.store.tables import ExtensionRow, Ticket, User, Ward

PAGE = 40
COUNTED = 1000
"""A tab shows "999+" rather than make everybody wait for a number nobody reads."""
_MOST_WORDS = 8


class Tab(StrEnum):
    """What a list is about."""

    REVIEW = "review"
    OPEN = "open"
    MINE = "mine"
    CENTRE = "centre"
    OVERDUE = "overdue"
    FRESH = "fresh"
    ANSWERED = "answered"
    ENDED = "ended"
    ALL = "all"


BY_DUE = frozenset({Tab.REVIEW, Tab.OPEN, Tab.MINE, Tab.CENTRE, Tab.OVERDUE})
"""Lists of work: the next deadline stands first. The others show the newest first."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page. `due` is None where the ticket has no deadline yet, or the list is not by deadline."""

    due: datetime | None
    id: int

    def __str__(self) -> str:
        stamp = self.due.astimezone(UTC).isoformat() if self.due else ""
        return base64.urlsafe_b64encode(f"{stamp}|{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for anything that is not a cursor of ours."""
        try:
            stamp, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
            due = datetime.fromisoformat(stamp) if stamp else None
            return cls(due, int(number)) if due is None or due.tzinfo else None
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; None or empty means: not narrowed."""

    tab: Tab
    state: str | None = None
    field_id: str | None = None
    ward_code: str | None = None
    channel: str | None = None
    level: str | None = None
    overdue: bool = False
    fresh: bool = False
    words: str = ""
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One row of a list. `fresh`: the citizen wrote after our last answer, or after the first message.

    `paused_until` may have passed; `request_open`: more time was asked for, and nobody has decided.
    """

    id: int
    code: str
    state: str
    queue: str
    restricted: bool
    ward: str | None
    field_id: str | None
    kind: str
    level: str
    channel: str
    summary: str
    received_at: datetime
    answer_due_at: datetime | None
    answered_on_time: bool | None
    assignee: str | None
    fresh: bool
    delivery_problem: bool
    paused_until: datetime | None
    request_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[TicketLine]
    following: Cursor | None


_REQUEST_OPEN = exists().where(ExtensionRow.ticket_id == Ticket.id, ExtensionRow.decided_at.is_(None))
_FRESH = Ticket.last_citizen_at > func.coalesce(Ticket.answered_at, Ticket.received_at)


def page(session: Session, actor: Actor, wanted: Filter, now: datetime) -> Page:
    """One page of what the actor may see."""
    by_due = wanted.tab in BY_DUE
    query = listed().where(within_reach(actor), _tab(wanted.tab, actor, now), *_narrowed(wanted, now))
    if wanted.after is not None:
        query = query.where(_beyond(wanted.after, by_due))
    order = (Ticket.answer_due_at.asc().nulls_last(), Ticket.id.asc()) if by_due else (Ticket.id.desc(),)
    rows = session.execute(query.order_by(*order).limit(PAGE + 1)).all()
    lines = [line(*row) for row in rows[:PAGE]]
    last = lines[-1] if len(rows) > PAGE else None
    return Page(lines, Cursor(last.answer_due_at if by_due else None, last.id) if last else None)


def counts(session: Session, actor: Actor, tabs: Sequence[Tab], now: datetime) -> dict[Tab, int]:
    """How many tickets stand in each tab, counted up to `COUNTED`."""
    if not tabs:
        return {}
    columns = []
    for tab in tabs:
        some = select(literal(1)).select_from(Ticket).where(within_reach(actor), _tab(tab, actor, now))
        bounded = some.limit(COUNTED).subquery()
        columns.append(select(func.count()).select_from(bounded).scalar_subquery().label(tab.value))
    row = session.execute(select(*columns)).one()
    return dict(zip(tabs, row, strict=True))


def first(session: Session, actor: Actor, tab: Tab, now: datetime, skip: Sequence[int] = ()) -> str | None:
    """Code of the ticket to be looked at next."""
    query = select(Ticket.code).where(within_reach(actor), _tab(tab, actor, now), Ticket.id.not_in(skip))
    return session.scalar(query.order_by(Ticket.answer_due_at.asc().nulls_last(), Ticket.id.asc()).limit(1))


def _tab(tab: Tab, actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Each in the words of its partial index (migration 0003)."""
    state = Ticket.state
    waiting = one_of(state, "review", "open")
    return {
        Tab.REVIEW: one_of(state, "new", "review"),
        Tab.OPEN: and_(waiting, one_of(state, "open")),
        Tab.MINE: and_(waiting, Ticket.assigned_to == actor.user_id),
        Tab.CENTRE: and_(one_of(Ticket.queue, Queue.CENTRE), one_of(state, "open")),
        Tab.OVERDUE: and_(waiting, Ticket.answer_due_at < now),
        Tab.FRESH: and_(one_of(state, "open", "answered"), _FRESH),
        Tab.ANSWERED: one_of(state, "answered"),
        Tab.ENDED: one_of(state, "closed", "rejected", "handed_over"),
        Tab.ALL: Ticket.id > 0,
    }[tab]


def _narrowed(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    same = {
        Ticket.state: wanted.state,
        Ticket.field_id: wanted.field_id,
        Ticket.ward_code: wanted.ward_code,
        Ticket.channel: wanted.channel,
        Ticket.level: wanted.level,
    }
    found = [column == value for column, value in same.items() if value]
    if wanted.overdue:
        found.append(and_(one_of(Ticket.state, "review", "open"), Ticket.answer_due_at < now))
    if wanted.fresh:
        found.append(_FRESH)
    if query := text_query(wanted.words):
        found.append(Ticket.search_vector.op("@@")(func.to_tsquery("simple", query)))
    return found


def text_query(words: str) -> str:
    """All words, the last one also as a beginning; empty where there is no word."""
    parts = [f"'{part}'" for part in fold(words).split()[:_MOST_WORDS]]
    return " & ".join([*parts[:-1], f"{parts[-1]}:*"]) if parts else ""


def _beyond(cursor: Cursor, by_due: bool) -> ColumnElement[bool]:
    if not by_due:
        return Ticket.id < cursor.id
    due = Ticket.answer_due_at
    if cursor.due is None:
        return and_(due.is_(None), Ticket.id > cursor.id)
    return or_(due > cursor.due, and_(due == cursor.due, Ticket.id > cursor.id), due.is_(None))


def listed() -> Any:
    """Tickets with what else `line` needs."""
    return (
        select(Ticket, Ward.name, User.name, _FRESH, _REQUEST_OPEN)
        .outerjoin(Ward, Ward.code == Ticket.ward_code)
        .outerjoin(User, User.id == Ticket.assigned_to)
    )


def line(
    ticket: Ticket, ward: str | None, assignee: str | None, fresh: bool, request_open: bool
) -> TicketLine:
    """One row of a list, from one row of `listed`."""
    return TicketLine(
        id=ticket.id,
        code=ticket.code,
        state=ticket.state,
        queue=ticket.queue,
        restricted=ticket.restricted,
        ward=ward,
        field_id=ticket.field_id,
        kind=ticket.kind,
        level=ticket.level,
        channel=ticket.channel,
        summary=ticket.summary,
        received_at=ticket.received_at,
        answer_due_at=ticket.answer_due_at,
        answered_on_time=ticket.answered_on_time,
        assignee=assignee,
        fresh=fresh,
        delivery_problem=ticket.delivery_problem,
        paused_until=ticket.paused_until,
        request_open=request_open,
    )
