"""The shipped days off, and what a broken calendar file is told."""

from datetime import date, datetime
from importlib.resources import files

import holidays
import pytest

from feedback.clock import HANOI
from feedback.domain.calendar import CalendarInvalid, build, parse_hours, parse_year, shipped, year_of
from feedback.domain.worktime import Hours

DATA = files("feedback.data.calendar")
HOURS = parse_hours((DATA / "hours.toml").read_text(encoding="utf-8"))

ANNOUNCED_LATER = {date(2026, 1, 2)}
"""Known to the files and not to the package: the swap of 25 December 2025."""


@pytest.mark.parametrize("number", [2024, 2025, 2026, 2027])
def test_the_files_agree_with_the_package_but_for_what_was_announced_later(number: int) -> None:
    found = holidays.country_holidays("VN", years=number)
    package = {day for day in found if day.weekday() < 5}
    ours = {special.day for special in year_of(number).days_off}
    assert package <= ours
    assert ours - package <= ANNOUNCED_LATER


@pytest.mark.parametrize("number", [2024, 2025, 2026, 2027])
def test_every_special_day_names_its_source(number: int) -> None:
    year = year_of(number)
    assert all(special.source and special.title for special in (*year.days_off, *year.make_up))


def test_a_swap_keeps_the_number_of_working_days() -> None:
    for number in (2024, 2025, 2026):
        swapped = [d for d in year_of(number).days_off if "hoán đổi" in d.title]
        assert len(swapped) == len(year_of(number).make_up)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 1, 17), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), False),
        (date(2025, 11, 24), True),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2023, 9, 4), False),
        (date(2028, 1, 26), False),
    ],
)
def test_working_days(day: date, works: bool) -> None:
    assert shipped().is_working_day(day) is works


def test_only_published_years_are_announced() -> None:
    assert shipped().announced == {2024, 2025, 2026}
    assert not shipped().is_announced(datetime(2027, 3, 1, tzinfo=HANOI))
    assert shipped().is_announced(datetime(2026, 3, 1, tzinfo=HANOI))


def test_one_changed_day_is_another_version() -> None:
    text = (DATA / "2026.toml").read_text(encoding="utf-8")
    changed = text.replace("dates = [2026-11-24]", "dates = [2026-11-25]")
    versions = {build([parse_year(t, "2026.toml")], HOURS).version for t in (text, changed)}
    assert len(versions) == 2


def test_other_hours_are_another_version() -> None:
    year = [year_of(2026)]
    shorter = Hours(HOURS.week, HOURS.make_up[:1])
    assert build(year, HOURS).version != build(year, shorter).version


YEAR = """
year = 2030
status = "announced"
[[sources]]
id = "s"
title = "nguồn"
[[days_off]]
title = "nghỉ"
dates = [{off}]
source = "{source}"
[[make_up]]
title = "bù"
date = {made_up}
source = "s"
"""


@pytest.mark.parametrize(
    ("off", "made_up", "source", "complaint"),
    [
        ("2030-01-01, 2030-01-01", "2030-01-05", "s", "twice"),
        ("2030-01-01", "2030-01-01", "s", "twice"),
        ("2029-01-01", "2030-01-05", "s", "not a day of 2030"),
        ("2030-01-05", "2030-01-12", "s", "weekend day"),
        ("2030-01-01", "2030-01-02", "s", "cannot be made up"),
        ('"2030-01-01"', "2030-01-05", "s", "not a day of"),
        ("2030-01-01", "2030-01-05", "unknown", "KeyError"),
        ("2030-01-01", "", "s", "TOMLDecodeError"),
    ],
)
def test_a_broken_file_is_named(off: str, made_up: str, source: str, complaint: str) -> None:
    with pytest.raises(CalendarInvalid, match=complaint) as failure:
        parse_year(YEAR.format(off=off, made_up=made_up, source=source), "2030.toml")
    assert "2030.toml" in str(failure.value)


@pytest.mark.parametrize("missing", ["08:00-12:00", "25:00-26:00", "12:00-08:00"])
def test_broken_hours_are_named(missing: str) -> None:
    with pytest.raises(CalendarInvalid, match=r"hours\.toml"):
        parse_hours(f'monday = ["{missing}"]')


def test_a_gap_between_years_is_refused() -> None:
    with pytest.raises(CalendarInvalid, match="without gap"):
        build([year_of(2024), year_of(2026)], HOURS)
