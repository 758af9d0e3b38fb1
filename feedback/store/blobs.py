"""Bytes of uploads, each content once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from feedback.store.tables import Blob


def put(session: Session, *, sha256: str, content_type: str, data: bytes, now: datetime) -> int:
    """The id under which `data` is kept. The same content is stored once, whoever sends it."""
    query = (
        insert(Blob)
        .values(sha256=sha256, content_type=content_type, data=data, created_at=now)
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(Blob.id)
    )
    fresh = session.execute(query).scalar_one_or_none()
    return fresh if fresh is not None else session.scalars(select(Blob.id).where(Blob.sha256 == sha256)).one()


def get(session: Session, blob_id: int) -> Blob | None:
    """The stored file with its bytes."""
    return session.get(Blob, blob_id)
