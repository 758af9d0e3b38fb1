"""What selects on the screens are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.store.tables import Field, Ward


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
