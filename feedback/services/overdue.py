"""What is overdue now: how late in working time, and whom it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.domain.permissions import Action, Actor, require
from feedback.domain.worktime import OutsideCalendar
from feedback.services.app import App
from feedback.store.queries import behind
from feedback.store.queries.behind import Waiting

SHOWN = 500
"""A page longer than this is read by nobody; the file holds everything."""


@dataclass(frozen=True, slots=True)
class Late:
    """`by` is working time beyond the term; None where the calendar does not reach so far back."""

    ticket: Waiting
    by: timedelta | None


@dataclass(frozen=True, slots=True)
class WardLate:
    """`name` is None for what no ward answers for."""

    name: str | None
    late: Sequence[Late]


@dataclass(frozen=True, slots=True)
class Overdue:
    """`more`: there are others beyond those listed."""

    wards: Sequence[WardLate]
    listed: int
    more: bool


def overdue(app: App, actor: Actor, most: int = SHOWN) -> Overdue:
    """Longest overdue first, by ward, the ward with the oldest first. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    found = late(app, actor, most + 1)
    listed = found[:most]
    wards: dict[str | None, list[Late]] = {}
    for one in listed:
        wards.setdefault(one.ticket.ward, []).append(one)
    return Overdue([WardLate(name, of) for name, of in wards.items()], len(listed), len(found) > most)


def late(app: App, actor: Actor, most: int) -> list[Late]:
    """The overdue tickets of the actor's reach in one list, longest overdue first."""
    now = app.store.now()
    with app.store.reading() as session:
        waiting = behind.waiting(session, actor, now, most)
    return [Late(one, _beyond(app, one, now)) for one in waiting]


def _beyond(app: App, ticket: Waiting, now: datetime) -> timedelta | None:
    try:
        return app.calendar.worked_between(ticket.due, now)
    except OutsideCalendar:
        return None
