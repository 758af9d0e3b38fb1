"""What selects on the screens are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.domain.kinds import Queue
from feedback.domain.routing import Because
from feedback.store.queries.reach import is_restricted, one_of
from feedback.store.tables import Field, Ticket, Ward

SHOWN = 20


@dataclass(frozen=True, slots=True)
class WardChoice:
    """`kind` is phường or xã."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class FieldChoice:
    id: str
    title_vi: str
    title_en: str


def wards(session: Session) -> list[WardChoice]:
    """All units in use, by kind and name."""
    rows = session.scalars(select(Ward).where(Ward.valid_to.is_(None)).order_by(Ward.kind, Ward.search))
    return [WardChoice(row.code, row.name, row.kind) for row in rows]


def fields(session: Session, day: date) -> list[FieldChoice]:
    """The fields to choose from on `day`."""
    query = select(Field).where(Field.valid_from <= day, or_(Field.valid_to.is_(None), Field.valid_to > day))
    rows = session.scalars(query.order_by(Field.position))
    return [FieldChoice(row.id, row.title_vi, row.title_en) for row in rows]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A matter of a ward that the Centre looks at after the citizen's appeal: nothing of what it says."""

    code: str
    since: datetime


def taken_over(session: Session, ward_code: str) -> list[TakenOver]:
    """What the Centre reviews of this ward's answers, newest first; words about officials are not among them."""
    query = (
        select(Ticket.code, Ticket.reopened_at)
        .where(
            Ticket.ward_code == ward_code,
            one_of(Ticket.state, "review"),
            one_of(Ticket.queue, Queue.DISPATCHER),
            Ticket.review_reasons.contains([Because.APPEALED]),
            or_(Ticket.field_id.is_(None), Ticket.field_id != "official_conduct"),
            ~is_restricted(),
        )
        .order_by(Ticket.id.desc())
        .limit(SHOWN)
    )
    return [TakenOver(code, since) for code, since in session.execute(query) if since]
