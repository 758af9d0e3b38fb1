"""Versions of the terms and of the calendar: added, read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.store.tables import CalendarVersion, TermsVersion


def in_force(session: Session, at: datetime) -> str | None:
    """The version for what is received at `at`: of those valid by then the latest, published last."""
    query = select(TermsVersion.version).where(TermsVersion.valid_from <= at)
    newest = (TermsVersion.valid_from.desc(), TermsVersion.published_at.desc(), TermsVersion.version.desc())
    return session.scalar(query.order_by(*newest).limit(1))


def terms(session: Session, version: str) -> TermsVersion | None:
    return session.get(TermsVersion, version)


def calendar(session: Session, version: str) -> CalendarVersion | None:
    return session.get(CalendarVersion, version)


def every_terms(session: Session) -> Sequence[TermsVersion]:
    """The newest validity first."""
    newest = (TermsVersion.valid_from.desc(), TermsVersion.published_at.desc(), TermsVersion.version.desc())
    return session.scalars(select(TermsVersion).order_by(*newest)).all()
