"""Data that the law and the city define: units, fields. Filled and updated by `feedback db upgrade`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base


class Ward(Base):
    """One of the 126 units (phường or xã)."""

    __tablename__ = "ward"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    search: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Field(Base):
    """A field of city life (lĩnh vực). Ids are stable; titles and handlers may be edited."""

    __tablename__ = "field"

    id: Mapped[str] = mapped_column(primary_key=True)
    title_vi: Mapped[str]
    title_en: Mapped[str]
    handler: Mapped[str]
    position: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class ChannelToken(Base):
    """The current OAuth pair of a channel account, encrypted. Refresh tokens are single use: one refresher at a time."""

    __tablename__ = "channel_token"

    account: Mapped[str] = mapped_column(primary_key=True)
    access_token: Mapped[bytes]
    refresh_token: Mapped[bytes]
    expires_at: Mapped[datetime]
