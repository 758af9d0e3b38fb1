"""The shipped working calendar: one data file a year; years without a file come from the `holidays` package.

A file is the whole truth for its year (every weekday off, every make-up day, each with a source), so that an
upgrade of the package cannot change a published year. See docs/adr/0002-working-time.md.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from feedback.domain.worktime import Hours, Period, WorkCalendar

YEARS = range(2015, 2041)
"""Years the shipped calendar answers for."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY = 5


class CalendarInvalid(ValueError):
    """A calendar file contradicts itself. The text says which file and where."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A weekday off or a day made up, and where that is written."""

    day: date
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year that differ from the plain week. `announced`: published, not assumed."""

    year: int
    announced: bool
    days_off: tuple[SpecialDay, ...]
    make_up: tuple[SpecialDay, ...]


@cache
def shipped() -> WorkCalendar:
    """The calendar of `feedback/data/calendar`, built once a process."""
    return build([year_of(number) for number in YEARS], office_hours())


def office_hours() -> Hours:
    """The weekly hours of every office that has none of its own."""
    return parse_hours(_read("hours.toml"))


def build(years: Iterable[Year], hours: Hours) -> WorkCalendar:
    """One calendar over consecutive `years`. Its version is a fingerprint: a changed day is a new version."""
    known = sorted(years, key=lambda year: year.year)
    numbers = [year.year for year in known]
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise CalendarInvalid("years must follow one another without gap or repetition")
    off = {special.day for year in known for special in year.days_off}
    made_up = {special.day for year in known for special in year.make_up}
    announced = {year.year for year in known if year.announced}
    return WorkCalendar.build(
        _fingerprint(hours, off, made_up, announced),
        range(numbers[0], numbers[-1] + 1),
        hours,
        off,
        made_up,
        announced,
    )


@cache
def year_of(number: int) -> Year:
    """The year's data file, or the package's opinion where there is none (never `announced`)."""
    name = f"{number}.toml"
    if (files("feedback.data.calendar") / name).is_file():
        return parse_year(_read(name), name)
    return _from_package(number)


def parse_year(text: str, name: str) -> Year:
    """Read one year file. Raises CalendarInvalid for a day listed twice, needless, or of another year."""
    try:
        raw = tomllib.loads(text)
        sources = {row["id"]: row["title"] for row in raw["sources"]}
        off = tuple(
            SpecialDay(day, row["title"], sources[row["source"]])
            for row in raw["days_off"]
            for day in row["dates"]
        )
        made_up = tuple(
            SpecialDay(row["date"], row["title"], sources[row["source"]]) for row in raw.get("make_up", ())
        )
        year = Year(raw["year"], raw["status"] == "announced", off, made_up)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CalendarInvalid(f"{name}: {type(error).__name__}: {error}") from error
    _check(year, name)
    return year


def parse_hours(text: str) -> Hours:
    """Read `hours.toml`. Raises CalendarInvalid for malformed or overlapping periods."""
    try:
        raw = tomllib.loads(text)
        return Hours(tuple(periods_of(raw[day]) for day in WEEKDAYS), periods_of(raw["make_up"]))
    except (ValueError, KeyError) as error:
        raise CalendarInvalid(f"hours.toml: {error}") from error


def _check(year: Year, name: str) -> None:
    days = [special.day for special in (*year.days_off, *year.make_up)]
    for day in days:
        if type(day) is not date or day.year != year.year:
            raise CalendarInvalid(f"{name}: {day} is not a day of {year.year}")
        if days.count(day) > 1:
            raise CalendarInvalid(f"{name}: {day} is listed twice")
    for special in year.days_off:
        if special.day.weekday() >= _SATURDAY:
            raise CalendarInvalid(f"{name}: {special.day} is a weekend day and off anyway")
    for special in year.make_up:
        if special.day.weekday() < _SATURDAY:
            raise CalendarInvalid(f"{name}: {special.day} is a weekday and cannot be made up")


def _from_package(number: int) -> Year:
    import holidays  # only when a calendar is built: 4 MB that most commands need not carry

    found = holidays.country_holidays("VN", years=number, language="vi")
    source = f"gói holidays {version('holidays')}"
    off = [
        SpecialDay(day, title, source) for day, title in sorted(found.items()) if day.weekday() < _SATURDAY
    ]
    made_up = [SpecialDay(day, "Làm bù", source) for day in found.weekend_workdays if day.year == number]
    return Year(number, False, tuple(off), tuple(sorted(made_up, key=lambda special: special.day)))


def _fingerprint(hours: Hours, off: set[date], made_up: set[date], announced: set[int]) -> str:
    week = [[(str(p.start), str(p.end)) for p in day] for day in (*hours.week, hours.make_up)]
    content = [week, [str(day) for day in sorted(off)], [str(day) for day in sorted(made_up)]]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return f"vn-{max(announced, default=0)}-{digest[:10]}"


def periods_of(rows: Iterable[str]) -> tuple[Period, ...]:
    """Read "08:00-12:00", … Raises ValueError for what is no period."""
    return tuple(Period(*(time.fromisoformat(part) for part in row.split("-", 1))) for row in rows)


def _read(name: str) -> str:
    return (files("feedback.data.calendar") / name).read_text(encoding="utf-8")
