"""Terms and calendars by version: what a ticket was judged by can be had again at any time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from feedback.domain import calendar, calendar_document, terms_document
from feedback.domain.clocks import Clock, OfficeClock, WallClock
from feedback.domain.terms import Matter, Terms
from feedback.domain.worktime import Hours, WorkCalendar
from feedback.store import Session, rules


class VersionUnknown(LookupError):
    """The database does not know this version of terms or calendar: `feedback db upgrade` was forgotten."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A cache over versions that never change; what is in force is asked of the database every time."""

    _terms: dict[str, Terms] = field(default_factory=dict)
    _calendars: dict[tuple[str, Hours | None], WorkCalendar] = field(default_factory=dict)

    def in_force(self, session: Session, at: datetime) -> Terms:
        """The terms for something received at `at`. Raises VersionUnknown."""
        version = rules.in_force(session, at)
        if version is None:
            raise VersionUnknown(f"no terms are in force at {at.isoformat()}")
        return self.terms(session, version)

    def terms(self, session: Session, version: str) -> Terms:
        """The terms of a version. Raises VersionUnknown."""
        found = self._terms.get(version)
        if found is None:
            row = rules.terms(session, version)
            if row is None:
                raise VersionUnknown(f"terms {version}")
            found = self._terms[version] = terms_document.parse(row.document, version)
        return found

    def calendar(self, session: Session, version: str, hours: Hours | None = None) -> WorkCalendar:
        """The calendar of a version, by the hours of a ward that has its own. Raises VersionUnknown."""
        found = self._calendars.get((version, hours))
        if found is None:
            found = self._calendars[version, hours] = self._built(session, version, hours)
        return found

    def clock(self, session: Session, terms: Terms, calendar_version: str, matter: Matter) -> Clock:
        """What the matter's time runs by. Raises VersionUnknown."""
        hours = terms.hours.get(matter.ward) if matter.ward else None
        days = self.calendar(session, calendar_version, hours)
        return WallClock(days) if matter.level in terms.wall_clock else OfficeClock(days)

    def _built(self, session: Session, version: str, hours: Hours | None) -> WorkCalendar:
        if version == calendar.shipped().version:
            return calendar.with_hours(hours) if hours else calendar.shipped()
        row = rules.calendar(session, version)
        if row is None:
            raise VersionUnknown(f"calendar {version}")
        return calendar_document.built(row.document, hours)
