"""Accounts for writing: found, locked, given roles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.store.tables import Role, User, Ward


def by_email(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def locked(session: Session, account_id: int) -> User | None:
    return session.get(User, account_id, with_for_update=True)


def roles(session: Session, names: Sequence[str]) -> list[Role]:
    return list(session.scalars(select(Role).where(Role.name.in_(names)).order_by(Role.id)))


def ward_exists(session: Session, code: str) -> bool:
    return session.get(Ward, code) is not None


def ward_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Code → name of those that exist, by code."""
    rows = session.execute(select(Ward.code, Ward.name).where(Ward.code.in_(codes)).order_by(Ward.code))
    return {row.code: row.name for row in rows}
