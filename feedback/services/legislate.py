"""Publishing another version of the terms: checked as a whole, never in the past, never over somebody else's edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedback.domain import calendar, terms_document
from feedback.domain.errors import InvalidInput, StaleVersion
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.terms import Terms
from feedback.domain.terms_document import Document
from feedback.services import rejudge
from feedback.services.app import App
from feedback.services.rejudge import CHAIN, Target
from feedback.store import locks, rules, running
from feedback.store.tables import Move, TermsVersion

LONGEST_AHEAD = timedelta(days=730)
_TOLERANCE = timedelta(minutes=10)
"""Between looking at the preview and publishing "from now on"."""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the page of the terms shows. `counts`: running tickets by (terms, calendar)."""

    now: datetime
    versions: Sequence[TermsVersion]
    in_force: Terms
    latest: Terms
    document: Document
    counts: Mapping[tuple[str | None, str | None], int]
    moves: Sequence[Move]
    calendar_version: str

    @property
    def calendar_moves(self) -> int:
        """Running tickets that are judged by another calendar than the shipped one."""
        return sum(n for (_, days), n in self.counts.items() if days != self.calendar_version)

    def running(self, version: str) -> int:
        return sum(number for (terms, _), number in self.counts.items() if terms == version)


def book(app: App, actor: Actor) -> Book:
    """The versions there are, and how many tickets run by each. Raises NotAllowed."""
    require(actor, Action.VIEW_TERMS)
    now = app.store.now()
    with app.store.reading() as session:
        versions = rules.every_terms(session)
        newest = max(versions, key=lambda row: (row.published_at, row.version))
        return Book(
            now=now,
            versions=versions,
            in_force=app.rules.in_force(session, now),
            latest=app.rules.terms(session, newest.version),
            document=newest.document,
            counts=running.by_versions(session),
            moves=running.last_moves(session),
            calendar_version=calendar.shipped().version,
        )


def drafted(app: App, actor: Actor, document: Document) -> Terms:
    """The terms of a draft. Raises NotAllowed, TermsInvalid, and InvalidInput where it would begin in the past."""
    require(actor, Action.MANAGE_TERMS)
    terms = terms_document.parse(document, terms_document.named(document))
    _check_start(terms.valid_from, app.store.now())
    return terms


def publish(app: App, actor: Actor, document: Document, *, base: str, note: str, move: bool | None) -> Terms:
    """Add the version; with `move` the running tickets are taken over to it, without it they keep theirs.

    `base` is the latest version the editor saw. Raises NotAllowed, TermsInvalid, InvalidInput (also where nobody said
    what becomes of running tickets), StaleVersion where somebody published meanwhile.
    """
    if move is None:
        raise InvalidInput(
            "Hãy chọn: hồ sơ đang xử lý giữ hạn cũ hay chuyển sang quy định mới.", field="move"
        )
    if not note.strip():
        raise InvalidInput("Hãy ghi rõ căn cứ, lý do.", field="note")
    terms = drafted(app, actor, document)
    with app.store.transaction(actor) as tx:
        locks.hold(tx.session, CHAIN)
        known = rules.every_terms(tx.session)
        newest = max(known, key=lambda row: (row.published_at, row.version))
        if newest.version != base:
            raise StaleVersion
        if terms.version in {row.version for row in known}:
            raise InvalidInput("Phiên bản này không khác phiên bản đã ban hành.")
        row = TermsVersion(
            version=terms.version,
            valid_from=terms.valid_from,
            document=dict(document),
            note=note.strip(),
            published_at=tx.look_at_clock(),
            published_by=actor.name,
            published_by_id=actor.user_id,
        )
        tx.session.add(row)
        tx.session.flush()
        old, new = differences(newest.document, document)
        tx.audit(
            CHAIN,
            AuditAction.TERMS_PUBLISHED,
            reason=note.strip(),
            before={"version": newest.version, **old},
            after={"version": terms.version, "valid_from": terms.valid_from, **new},
        )
        if move:
            rejudge.begin(tx, Target(terms=terms), note)
        tx.commit()
    return terms


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of two documents that differ, as text for the trail."""
    names = sorted(name for name in {*before, *after} - {"version"} if before.get(name) != after.get(name))
    return (
        {name: str(before[name]) for name in names if name in before},
        {name: str(after[name]) for name in names if name in after},
    )


def _check_start(start: datetime, now: datetime) -> None:
    if start < now - _TOLERANCE:
        raise InvalidInput(
            "Ngày hiệu lực không được lùi về trước: hạn đã tính không đổi ngược.", field="valid_from"
        )
    if start > now + LONGEST_AHEAD:
        raise InvalidInput("Ngày hiệu lực xa nhất là hai năm tới.", field="valid_from")
