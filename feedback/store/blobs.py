"""Bytes of uploads, each content once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from feedback.store.tables import Attachment, Blob


def put(session: Session, *, sha256: str, content_type: str, data: bytes, now: datetime) -> int:
    """The id under which `data` is kept. The same content is stored once, whoever sends it.

    `created_at` moves with the newest sender: what was handed in a moment ago may not hang on its message yet, and is
    not taken for forgotten (see `remove_unused`).
    """
    query = (
        insert(Blob)
        .values(sha256=sha256, content_type=content_type, data=data, created_at=now)
        .on_conflict_do_update(index_elements=["sha256"], set_={"created_at": now})
        .returning(Blob.id)
    )
    return session.execute(query).scalar_one()


def remove_unused(session: Session, before: datetime, limit: int = 500) -> list[int]:
    """Remove files that no message refers to and that nobody handed in since `before`; their ids."""
    unused = (
        select(Blob.id)
        .where(Blob.created_at < before, ~exists().where(Attachment.blob_id == Blob.id))
        .order_by(Blob.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(delete(Blob).where(Blob.id.in_(unused)).returning(Blob.id)))


def get(session: Session, blob_id: int) -> Blob | None:
    """The stored file with its bytes."""
    return session.get(Blob, blob_id)
