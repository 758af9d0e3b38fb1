"""The shipped working calendar: one data file a year; years without a file come from the `holidays` package.

A file is the whole truth for its year (every weekday off, every make-up day, each with a source), so that an
upgrade of the package cannot change a published year. See docs/adr/0002-working-time.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from feedback.domain.calendar_files import SATURDAY, Year, read_folder
from feedback.domain.calendar_page import CalendarInvalid, SpecialDay
from feedback.domain.worktime import Hours, WorkCalendar

YEARS = range(2015, 2041)
"""Years the shipped calendar answers for."""

_KINDS_OF_WEEK = 32
"""Calendars kept for wards with hours of their own, by content: 3 MB and 40 ms each."""


@cache
def shipped() -> WorkCalendar:
    """The calendar of `feedback/data/calendar`, built once a process."""
    return with_hours(office_hours())


def office_hours() -> Hours:
    """The weekly hours of every office that has none of its own."""
    return _shipped_files()[1]


@lru_cache(maxsize=_KINDS_OF_WEEK)
def with_hours(hours: Hours) -> WorkCalendar:
    """The shipped days off and made up, with other weekly hours. Equal hours give the same object."""
    return build([year_of(number) for number in YEARS], hours)


def from_folder(folder: Traversable) -> WorkCalendar:
    """The calendar as the files of `folder` would make it. Raises CalendarInvalid with every fault."""
    years, hours = read_folder(folder)
    if outside := sorted(set(years) - set(YEARS)):
        raise CalendarInvalid(
            *(f"{number}.toml: year: the calendar covers {YEARS[0]} to {YEARS[-1]}" for number in outside)
        )
    return build([_year_of(number, years) for number in YEARS], hours)


def build(years: Iterable[Year], hours: Hours) -> WorkCalendar:
    """One calendar over consecutive `years`. Its version is a fingerprint: a changed day is a new version."""
    known = sorted(years, key=lambda year: year.year)
    numbers = [year.year for year in known]
    if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise CalendarInvalid("years: they must follow one another without gap or repetition")
    off = {special.day for year in known for special in (*year.days_off, *year.weekends)}
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
    return _year_of(number, _shipped_files()[0])


def differences(folder: Traversable) -> Iterator[str]:
    """Days on which a year file and the `holidays` package disagree: to be looked at, not necessarily wrong.

    Raises CalendarInvalid.
    """
    for number, year in sorted(read_folder(folder)[0].items()):
        ours, theirs = _closed_and_open(year), _closed_and_open(_from_package(number))
        for kind, mine, package in zip(("off", "made up"), ours, theirs, strict=True):
            for day in sorted(mine ^ package):
                who = "only in the file" if day in mine else f"only in holidays {version('holidays')}"
                yield f"{number}.toml: {day} is {kind} {who}"


def _closed_and_open(year: Year) -> tuple[set[date], set[date]]:
    return {special.day for special in year.days_off}, {special.day for special in year.make_up}


@cache
def _shipped_files() -> tuple[dict[int, Year], Hours]:
    return read_folder(files("feedback.data.calendar"))


def _year_of(number: int, filed: Mapping[int, Year]) -> Year:
    return filed[number] if number in filed else _from_package(number)


@cache
def _from_package(number: int) -> Year:
    import holidays  # only when a calendar is built: 4 MB that most commands need not carry

    found = holidays.country_holidays("VN", years=number, language="vi")
    source = f"gói holidays {version('holidays')}"
    days = [SpecialDay(day, title, source) for day, title in sorted(found.items())]
    off = tuple(special for special in days if special.day.weekday() < SATURDAY)
    weekends = tuple(special for special in days if special.day.weekday() >= SATURDAY)
    made_up = [SpecialDay(day, "Làm bù", source) for day in found.weekend_workdays if day.year == number]
    return Year(number, False, off, tuple(sorted(made_up, key=lambda special: special.day)), weekends)


def _fingerprint(hours: Hours, off: set[date], made_up: set[date], announced: set[int]) -> str:
    week = [[(str(p.start), str(p.end)) for p in day] for day in (*hours.week, hours.make_up)]
    content = [week, [str(day) for day in sorted(off)], [str(day) for day in sorted(made_up)]]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return f"vn-{max(announced, default=0)}-{digest[:10]}"
