"""Finding a contact by its address without keeping the address in an index."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from channels.message import Sender
from feedback.store.tables import Contact

_CONTACT = Contact.plain()


def address_hash(key: bytes, channel: str, address: str) -> str:
    """Keyed, so that a stolen table does not tell whose number is in it."""
    return hmac.new(key, f"{channel}\0{address.casefold()}".encode(), hashlib.sha256).hexdigest()


def find(session: Session, *, key: bytes, channel: str, account: str, sender: Sender) -> int | None:
    """The id of a contact that is known already."""
    return session.scalar(
        select(Contact.id).where(
            Contact.channel == channel,
            Contact.account == account,
            Contact.address_hash == address_hash(key, channel, sender.address),
        )
    )


def upsert(session: Session, *, key: bytes, channel: str, account: str, sender: Sender, now: datetime) -> int:
    """The contact's id. Its row stays locked until commit: two messages of one sender never make two tickets."""
    query = insert(_CONTACT).values(
        channel=channel,
        account=account,
        address_hash=address_hash(key, channel, sender.address),
        address=sender.address,
        name=sender.name,
        phone=sender.phone,
        email=sender.email,
        created_at=now,
        last_seen_at=now,
    )
    fresh = query.excluded
    query = query.on_conflict_do_update(
        index_elements=["channel", "account", "address_hash"],
        set_={
            "last_seen_at": fresh.last_seen_at,
            "address": fresh.address,
            "name": func.coalesce(fresh.name, _CONTACT.c.name),
            "phone": func.coalesce(fresh.phone, _CONTACT.c.phone),
            "email": func.coalesce(fresh.email, _CONTACT.c.email),
        },
    )
    return int(session.execute(query.returning(_CONTACT.c.id)).scalar_one())
