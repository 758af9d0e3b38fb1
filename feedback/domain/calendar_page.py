"""One calendar file while it is read: every fault is noted with its place, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any

from feedback.domain.worktime import Period

_PERIOD = re.compile(r"([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)-([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")


class CalendarInvalid(ValueError):
    """Calendar files contradict themselves. `faults`: one line for each, naming file and place."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A weekday off or a day made up, and where that is written."""

    day: date
    title: str
    source: str


class Page:
    """Readers of the parts of one file. `close` at the end refuses it with all that was blamed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []

    def blame(self, place: str, what: str) -> None:
        self.faults.append(f"{self.name}: {place}: {what}")

    def close(self) -> None:
        """Raises CalendarInvalid where anything was blamed."""
        if self.faults:
            raise CalendarInvalid(*self.faults)

    def toml(self, text: str) -> dict[str, Any]:
        """Raises CalendarInvalid for an empty file and for what is not TOML."""
        if not text.strip():
            raise CalendarInvalid(f"{self.name}: file: empty")
        try:
            return tomllib.loads(text)
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise CalendarInvalid(f"{self.name}: file: not TOML: {error}") from error

    def only(self, place: str, row: Mapping[str, Any], known: Collection[str]) -> None:
        """Blame keys that nobody reads: a misspelt one would lose its days in silence."""
        for key in row:
            if key not in known:
                self.blame(place, f"unknown key {key!r} (known: {', '.join(known)})")

    def text(self, place: str, row: Mapping[str, Any], key: str) -> str:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.blame(place, f"{key} is missing" if value is None else f"{key} must be a text, not {value!r}")
        return ""

    def rows(self, raw: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = raw.get(key, [])
        if not isinstance(rows, list):
            self.blame(key, f"must be written as [[{key}]]")
            return
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield f"{key} {number}", row
            else:
                self.blame(f"{key} {number}", f"must be a table, not {row!r}")

    def sources(self, raw: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for place, row in self.rows(raw, "sources"):
            self.only(place, row, ("id", "title"))
            name = self.text(place, row, "id")
            if name in found:
                self.blame(place, f"source {name!r} is defined twice")
            found[name] = self.text(place, row, "title")
        if not found:
            self.blame("sources", "missing: every day names where it is written")
        return found

    def special_days(
        self, raw: Mapping[str, Any], key: str, sources: Mapping[str, str]
    ) -> Iterator[SpecialDay]:
        if key == "days_off" and key not in raw:
            self.blame(key, "missing: no year is without holidays")
        days_key = "date" if key == "make_up" else "dates"
        for place, row in self.rows(raw, key):
            self.only(place, row, ("title", days_key, "source"))
            title, source = self.text(place, row, "title"), self.text(place, row, "source")
            if source and source not in sources:
                self.blame(place, f"unknown source {source!r}")
            for day in self._days(place, row, days_key):
                yield SpecialDay(day, title, sources.get(source, ""))

    def _days(self, place: str, row: Mapping[str, Any], key: str) -> Iterator[date]:
        found = row.get(key)
        days = found if isinstance(found, list) else [found]
        if (found is None) or (key == "dates" and not isinstance(found, list)) or not days:
            self.blame(place, f"{key} is missing" if found is None else f"{key} must be a list of days")
            return
        for day in days:
            if type(day) is date:
                yield day
            else:
                self.blame(place, f"{day!r} is not a day: write 2026-01-02 without quotation marks or time")

    def periods(self, raw: Mapping[str, Any], day: str) -> tuple[Period, ...]:
        rows = raw.get(day)
        if not isinstance(rows, list):
            self.blame(day, "missing" if rows is None else f"must be a list of periods, not {rows!r}")
            return ()
        found = [period for row in rows if (period := self._period(day, row))]
        for one, other in pairwise(found):
            if one.end > other.start:
                self.blame(day, f"{_shown(one)} and {_shown(other)} overlap or stand in the wrong order")
        return tuple(found)

    def _period(self, day: str, row: object) -> Period | None:
        match = _PERIOD.fullmatch(row) if isinstance(row, str) else None
        if match is None:
            self.blame(day, f'{row!r} is not a period such as "08:00-12:00"')
            return None
        try:
            start, end = (time.fromisoformat(part) for part in match.groups())
        except ValueError:
            self.blame(day, f"{row!r}: a clock shows 00:00 to 23:59")
            return None
        if start >= end:
            self.blame(day, f"{row!r} ends before it begins")
            return None
        return Period(start, end)


def _shown(period: Period) -> str:
    return f"{period.start:%H:%M}-{period.end:%H:%M}"
