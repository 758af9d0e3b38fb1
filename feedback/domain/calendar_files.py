"""Reading the calendar's files: a year's special days, and the hours of a week.

A reader gathers every fault of a file before it refuses it, each as "file: place: what is wrong", so that whoever
prepares next year's file repairs it once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from typing import Any

from feedback.domain.calendar_page import CalendarInvalid, Page, SpecialDay
from feedback.domain.worktime import Hours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY = 5
HOURS_FILE = "hours.toml"

_YEAR_FILE = re.compile(r"([0-9]{4})\.toml")
_FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
"""Public holidays on fixed days of the sun's calendar (Labour Code 2019, article 112)."""
_CULTURE_DAY, _CULTURE_DAY_SINCE = (11, 24), 2026


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year that differ from the plain week. `announced`: published, not assumed.

    `days_off` are weekdays. `weekends` are holidays, and days of an announced spell off, that fall on a weekend:
    they matter where Saturdays are worked.
    """

    year: int
    announced: bool
    days_off: tuple[SpecialDay, ...]
    make_up: tuple[SpecialDay, ...]
    weekends: tuple[SpecialDay, ...] = ()


def parse_year(text: str, name: str) -> Year:
    """Read one year file. Raises CalendarInvalid with every fault of the file."""
    page = Page(name)
    raw = page.toml(text)
    page.only("file", raw, ("year", "status", "sources", "days_off", "weekends", "make_up"))
    number = raw.get("year")
    if type(number) is not int or name != f"{number}.toml":
        page.blame("year", f"{number!r} is not the year of the file's name")
    status = page.text("file", raw, "status")
    if status not in ("announced", "assumed"):
        page.blame("status", f'{status!r}: it must be "announced" or "assumed"')
    sources = page.sources(raw)
    off = tuple(page.special_days(raw, "days_off", sources))
    weekends = tuple(page.special_days(raw, "weekends", sources))
    made_up = tuple(page.special_days(raw, "make_up", sources))
    year = Year(number if type(number) is int else 0, status == "announced", off, made_up, weekends)
    page.faults.extend(f"{name}: {fault}" for fault in _contradictions(year))
    page.close()
    return year


def parse_hours(text: str, name: str = HOURS_FILE) -> Hours:
    """Read a file of weekly hours. Raises CalendarInvalid with every fault of the file."""
    return hours_from(Page(name).toml(text), name)


def hours_from(raw: Mapping[str, Any], name: str) -> Hours:
    """Weekly hours from a table such as `{"monday": ["08:00-12:00"], …, "sunday": [], "make_up": […]}`.

    `name` says in the faults where it came from. Raises CalendarInvalid with every fault of the table.
    """
    page = Page(name)
    page.only("file", raw, ("status", *WEEKDAYS, "make_up"))
    week = tuple(page.periods(raw, day) for day in WEEKDAYS)
    make_up = page.periods(raw, "make_up")
    if not page.faults and not any(week):
        page.blame("week", "no working hour in the whole week: nothing would ever be due")
    page.close()
    return Hours(week, make_up)


def read_folder(folder: Traversable) -> tuple[dict[int, Year], Hours]:
    """Every year file of a folder, and its `hours.toml`. Raises CalendarInvalid with the faults of all files."""
    years: dict[int, Year] = {}
    hours: Hours | None = None
    faults: list[str] = []
    present = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    for name, entry in sorted(present.items()):
        try:
            if name == HOURS_FILE:
                hours = parse_hours(_text(entry), name)
            elif _YEAR_FILE.fullmatch(name):
                year = parse_year(_text(entry), name)
                years[year.year] = year
            else:
                raise CalendarInvalid(f"{name}: name: neither a year (2026.toml) nor {HOURS_FILE}")
        except CalendarInvalid as error:
            faults.extend(error.faults)
    faults.extend(_absent(present))
    for year in years.values():
        faults.extend(
            f"{year.year}.toml: days_off: {day} is a public holiday and is not listed"
            for day in forgotten(year)
        )
    if faults or hours is None:
        raise CalendarInvalid(*faults)
    return years, hours


def forgotten(year: Year) -> Iterator[date]:
    """Public holidays on fixed days, or the working day that stands in for one at a weekend, not listed as off.

    A holiday on a weekly day off moves to the next working day (Labour Code 2019, article 111).
    """
    off = {special.day for special in year.days_off}
    fixed = (*_FIXED, _CULTURE_DAY) if year.year >= _CULTURE_DAY_SINCE else _FIXED
    taken: set[date] = set()
    for month, number in fixed:
        holiday = date(year.year, month, number)
        while holiday.weekday() >= SATURDAY or holiday in taken:
            holiday += timedelta(days=1)
        taken.add(holiday)
        if holiday not in off:
            yield holiday


def _text(entry: Traversable) -> str:
    try:
        return entry.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise CalendarInvalid(
            f"{entry.name}: file: cannot be read as UTF-8 text ({type(error).__name__})"
        ) from error


def _absent(present: Collection[str]) -> Iterator[str]:
    """Files that must be there: the hours, and every year from the first to the last."""
    if HOURS_FILE not in present:
        yield f"{HOURS_FILE}: file: missing"
    numbers = sorted(int(match[1]) for name in present if (match := _YEAR_FILE.fullmatch(name)))
    if not numbers:
        yield "2026.toml: file: no year file here"
        return
    for number in sorted(set(range(numbers[0], numbers[-1])) - set(numbers)):
        yield f"{number}.toml: file: missing between {numbers[0]} and {numbers[-1]}"


def _contradictions(year: Year) -> Iterator[str]:
    off = [special.day for special in year.days_off]
    weekends = [special.day for special in year.weekends]
    made_up = [special.day for special in year.make_up]
    for place, days in (("days_off", off), ("weekends", weekends), ("make_up", made_up)):
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield f"{place}: {day} is listed twice"
        for day in days:
            if year.year and day.year != year.year:
                yield f"{place}: {day} is not a day of {year.year}"
    for day in sorted({*off, *weekends} & set(made_up)):
        yield f"make_up: {day} is both off and made up"
    for day in off:
        if day.weekday() >= SATURDAY:
            yield f"days_off: {day} is a weekend day: it belongs to weekends"
    for day in weekends:
        if day.weekday() < SATURDAY:
            yield f"weekends: {day} is a weekday: it belongs to days_off"
    for day in made_up:
        if day.weekday() < SATURDAY:
            yield f"make_up: {day} is a weekday and cannot be made up"
