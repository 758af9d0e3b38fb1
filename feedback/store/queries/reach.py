"""Which tickets exist for somebody, as a condition. Mirrors `permissions` with Action.READ; a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, or_
from sqlalchemy.orm import InstrumentedAttribute

from feedback.domain.kinds import RESTRICTED_QUEUES, Kind, Queue
from feedback.domain.permissions import WARD_ROLES, Actor, Role
from feedback.store.tables import Ticket


def one_of(column: InstrumentedAttribute[Any], *values: str) -> ColumnElement[bool]:
    """`column` has one of these constants of ours. Written into the statement, so that partial indexes are seen to fit."""
    return column.in_([literal_column(f"'{value}'") for value in values])


_IS_DENUNCIATION = or_(one_of(Ticket.queue, Queue.DENUNCIATION), one_of(Ticket.kind, Kind.DENUNCIATION))
_IS_RESTRICTED = or_(
    Ticket.restricted,
    one_of(Ticket.queue, *sorted(RESTRICTED_QUEUES)),
    one_of(Ticket.kind, Kind.DENUNCIATION),
)
"""In the words of the index `ix_ticket_restricted`."""


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """Everything any role of the actor may read."""
    parts = [_of_role(actor, role) for role in sorted(actor.roles)]
    return or_(*parts) if parts else false()


def is_restricted() -> ColumnElement[bool]:
    """Restricted by mark, by queue or by kind: any one of them is enough."""
    return _IS_RESTRICTED


def of_wards() -> ColumnElement[bool]:
    """What wards answer for: on a ward's desk, not about its own officials, not restricted."""
    return and_(
        Ticket.queue == Queue.WARD,
        or_(Ticket.field_id.is_(None), Ticket.field_id != "official_conduct"),
        ~_IS_RESTRICTED,
    )


def ward_of_result() -> Any:
    """The ward whose result a ticket is: where it was first answered, until then whose desk it stands on.

    None at the Centre, for words about officials and for what is restricted.
    """
    return case(
        (or_(_IS_RESTRICTED, func.coalesce(Ticket.field_id, "") == "official_conduct"), None),
        (Ticket.first_answer_at.is_not(None), Ticket.answered_ward),
        (Ticket.queue == Queue.WARD, Ticket.ward_code),
    )


def is_denunciation() -> ColumnElement[bool]:
    """By queue or by kind."""
    return _IS_DENUNCIATION


def _of_role(actor: Actor, role: Role) -> ColumnElement[bool]:
    if role in WARD_ROLES:
        return _own_ward(actor)
    if role is Role.DISPATCHER:
        return ~_IS_DENUNCIATION
    if role is Role.DENUNCIATION_OFFICER:
        return _IS_RESTRICTED
    if role is Role.AUDITOR:
        return ~_IS_RESTRICTED
    return false()


def _own_ward(actor: Actor) -> ColumnElement[bool]:
    if actor.ward_code is None:
        return false()
    return and_(Ticket.ward_code == actor.ward_code, of_wards())
