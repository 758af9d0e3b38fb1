"""A calendar as a JSON document, kept in the database, so that a ticket can be judged again by the days of its time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from feedback.domain.calendar import YEARS, build, office_hours, year_of
from feedback.domain.calendar_files import WEEKDAYS, Year, hours_from
from feedback.domain.calendar_page import SpecialDay
from feedback.domain.worktime import Hours, Period, WorkCalendar

Document = Mapping[str, Any]
_UNTITLED = ""


def shipped() -> Document:
    """The document of the calendar this version of the service ships."""
    return document([year_of(number) for number in YEARS], office_hours())


def before() -> Iterator[tuple[str, Document]]:
    """Version and document of calendars that were shipped when databases did not keep them yet.

    Tickets of that time name them. From revision 0005 on a database keeps every calendar it has seen by itself.
    """
    for entry in sorted(files("feedback.data.calendars_before").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json"):
            kept = json.loads(entry.read_text(encoding="utf-8"))
            yield built(kept).version, kept


def document(years: list[Year], hours: Hours) -> Document:
    """Everything `calendar.build` looks at, and nothing else: titles and sources stay in the year files."""
    names = (*WEEKDAYS, "make_up")
    return {
        "hours": {name: _written(day) for name, day in zip(names, (*hours.week, hours.make_up), strict=True)},
        "years": [
            {
                "year": year.year,
                "announced": year.announced,
                "days_off": sorted(special.day.isoformat() for special in year.days_off),
                "weekends": sorted(special.day.isoformat() for special in year.weekends),
                "make_up": sorted(special.day.isoformat() for special in year.make_up),
            }
            for year in years
        ],
    }


def built(kept: Document, hours: Hours | None = None) -> WorkCalendar:
    """The calendar of a document; `hours` are those of a ward that has its own. Raises CalendarInvalid."""
    return build(
        [_year(row) for row in kept["years"]], hours or hours_from(kept["hours"], "calendar document")
    )


def _year(row: Mapping[str, Any]) -> Year:
    return Year(
        row["year"],
        row["announced"],
        _days(row["days_off"]),
        _days(row["make_up"]),
        _days(row.get("weekends", [])),
    )


def _days(rows: list[str]) -> tuple[SpecialDay, ...]:
    return tuple(SpecialDay(date.fromisoformat(day), _UNTITLED, _UNTITLED) for day in rows)


def _written(periods: tuple[Period, ...]) -> list[str]:
    return [f"{period.start.isoformat()}-{period.end.isoformat()}" for period in periods]
