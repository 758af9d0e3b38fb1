"""The rows of one chain, each with its way up to the root of its sealed day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.clock import in_hanoi
from feedback.domain import merkle, row_hash
from feedback.domain.proof import ProvenRow
from feedback.store.audit.seals import driver, leaves
from feedback.store.tables import AuditEvent, AuditSeal


def of_chain(session: Session, chain: str, *, with_content: bool) -> tuple[list[ProvenRow], int]:
    """The sealed rows of `chain` by number, and how many are not sealed yet. Holds the leaves of one day in memory."""
    query = select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.at)
    sealed = set(session.scalars(select(AuditSeal.day)))
    rows = session.scalars(query).all()
    found: list[ProvenRow] = []
    for day, of_day in groupby(rows, key=lambda row: in_hanoi(row.at).date()):
        if day in sealed:
            found += _in_day(session, day, list(of_day), with_content)
    found.sort(key=lambda row: row.seq)
    return found, len(rows) - len(found)


def _in_day(
    session: Session, day: date, rows: Sequence[AuditEvent], with_content: bool
) -> Iterator[ProvenRow]:
    tree = list(leaves(driver(session), day))
    hashes = [merkle.leaf(row_id, hashed) for row_id, hashed in tree]
    places = {row_id: place for place, (row_id, _) in enumerate(tree)}
    for row in rows:
        index = places[row.id]
        yield ProvenRow(
            day=day,
            id=row.id,
            seq=row.seq,
            hash=row.hash,
            index=index,
            size=len(hashes),
            path=tuple(each.hex() for each in merkle.path(hashes, index)),
            row=_content(row) if with_content else None,
        )


def _content(row: AuditEvent) -> tuple[object, ...]:
    values = {name: getattr(row, name) for name in row_hash.COLUMNS}
    return tuple({**values, "at": row_hash.stamp(row.at)}.values())
