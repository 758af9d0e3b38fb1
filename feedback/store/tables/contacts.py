"""Who wrote. Personal columns stand here and in `message`, apart from the case record, so that they can be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback.store.tables.base import Base, Id


class Contact(Base):
    """One address on one channel. `address_hash` (keyed) finds the contact again without the address in an index."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "account", "address_hash"),)
    audited = True

    id: Mapped[Id]
    channel: Mapped[str]
    account: Mapped[str]
    address_hash: Mapped[str]
    address: Mapped[str | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None]
