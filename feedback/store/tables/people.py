"""Staff accounts and their roles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.store.tables.base import Base, Id

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base):
    """`name` is one of `feedback.domain.permissions.Role`."""

    __tablename__ = "role"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(server_default="")


class User(Base):
    """A member of staff. `ward_code` is set for ward staff. The web surface adds what its login library needs."""

    __tablename__ = "account"
    audited = True

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward.code"))
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(secondary=account_role, lazy="selectin")
