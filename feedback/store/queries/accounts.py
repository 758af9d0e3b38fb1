"""Members of staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback.store.tables import User, Ward


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`roles` as stored names; `ward` is the ward's name, for ward staff."""

    id: int
    email: str
    name: str
    password: str
    active: bool
    uniquifier: str
    ward_code: str | None
    ward: str | None
    roles: tuple[str, ...]
    created_at: datetime


def by_email(session: Session, email: str) -> AccountRow | None:
    """Addresses are stored in lower case."""
    return _one(session, User.email == email.strip().lower())


def by_uniquifier(session: Session, uniquifier: str) -> AccountRow | None:
    """Whom a session cookie belongs to."""
    return _one(session, User.fs_uniquifier == uniquifier)


def everybody(session: Session) -> Sequence[AccountRow]:
    """All accounts, active ones first."""
    return _rows(session, User.id > 0)


def _one(session: Session, condition: ColumnElement[bool]) -> AccountRow | None:
    return next(iter(_rows(session, condition)), None)


def _rows(session: Session, condition: ColumnElement[bool]) -> list[AccountRow]:
    query = (
        select(User, Ward.name)
        .outerjoin(Ward, Ward.code == User.ward_code)
        .where(condition)
        .order_by(User.active.desc(), User.name, User.id)
    )
    return [
        AccountRow(
            id=user.id,
            email=user.email,
            name=user.name,
            password=user.password,
            active=user.active,
            uniquifier=user.fs_uniquifier,
            ward_code=user.ward_code,
            ward=ward,
            roles=tuple(sorted(role.name for role in user.roles)),
            created_at=user.created_at,
        )
        for user, ward in session.execute(query)
    ]
