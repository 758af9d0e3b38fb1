"""Sealing the days of the audit trail that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedback.domain.errors import IllegalChange
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Actor
from feedback.domain.sealing import (
    GENESIS,
    LATE_AFTER,
    SETTLED_AFTER,
    VERSION,
    Seal,
    Signer,
    Statement,
    last_ended,
)
from feedback.services.app import App
from feedback.store import Store
from feedback.store.audit import seals
from feedback.store.locks import only_one

SEALER = Actor.system("seal")


class NotOver(IllegalChange):
    """Only a finished day can be sealed."""

    default_vi = "Chỉ niêm phong được nhật ký của ngày đã kết thúc."


@dataclass(frozen=True, slots=True)
class Standing:
    """For auditors: the newest seal, finished days that have none, and whether that is later than it should be."""

    last: Seal | None
    waiting: tuple[date, ...]
    late: bool


def standing(store: Store) -> Standing:
    """How the sealing stands now."""
    now = store.now()
    with store.reading() as session:
        waiting = tuple(seals.unsealed(session, last_ended(now)))
        return Standing(
            seals.last(session), waiting, bool(seals.unsealed(session, last_ended(now, LATE_AFTER)))
        )


def nightly(app: App) -> list[Seal]:
    """Seal what ended ten minutes ago or earlier, missed days as well, on one host only; does nothing without a key.

    Raises DatabaseFault where somebody has written into the day and not ended yet: call again.
    """
    if app.signer is None:
        return []
    until = last_ended(app.store.now(), SETTLED_AFTER)
    with app.store.reading() as session:
        if not seals.unsealed(session, until):
            return []
    with only_one(app.store.engine, "seal") as mine:
        return seal_until(app.store, app.signer, until) if mine else []


def seal_until(store: Store, signer: Signer, until: date) -> list[Seal]:
    """Seal every day up to `until` (counted) that has no seal yet; returns the new seals.

    May be called by several at once: each day gets one seal. Raises NotOver, DatabaseFault (what was sealed until then
    stays sealed; call again).
    """
    if until > last_ended(store.now()):
        raise NotOver
    with store.reading() as session:
        days = seals.unsealed(session, until)
    if not days:
        return []
    with store.transaction(SEALER) as tx:
        seals.close(tx.session, until)
        tx.commit()
    return [seal for day in days if (seal := _seal(store, signer, day)) is not None]


def _seal(store: Store, signer: Signer, day: date) -> Seal | None:
    """Seal a closed day. None where somebody else has done so meanwhile."""
    # No lock is needed for reading: the rows of a closed day are all there, and none of them can change.
    with store.reading() as session:
        tree = seals.tree(session, day)
    with store.transaction(SEALER) as tx:
        seals.wait_for_others(tx.session)
        before = seals.last(tx.session)
        if before is not None and before.statement.day >= day:
            return None
        statement = Statement(
            day=day,
            rows=tree.rows,
            first_id=tree.first_id,
            last_id=tree.last_id,
            root=tree.root,
            previous=before.statement.link() if before else GENESIS,
            version=VERSION,
            key_id=signer.key_id,
            sealed_at=tx.now,
        )
        seal = signer.sign(statement)
        seals.write(tx.session, seal)
        tx.audit(
            seals.CHAIN,
            AuditAction.TRAIL_SEALED,
            after={"day": day.isoformat(), "rows": tree.rows, "root": tree.root},
        )
        tx.commit()
    return seal
