"""The shipped days off, and calendars with other hours."""

import json
from datetime import date, datetime, time, timedelta
from importlib.resources import files

import holidays
import pytest

from feedback.clock import HANOI
from feedback.domain import calendar_document
from feedback.domain.calendar import YEARS, build, shipped, with_hours, year_of
from feedback.domain.calendar_files import forgotten, parse_hours, parse_year
from feedback.domain.calendar_page import CalendarInvalid
from feedback.domain.worktime import Hours, Period
from tests.feedback.domain.moon import lunar_day

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


@pytest.mark.parametrize("number", YEARS)
def test_no_holiday_on_a_fixed_day_is_forgotten_in_any_year(number: int) -> None:
    assert list(forgotten(year_of(number))) == []


@pytest.mark.parametrize(
    ("number", "year_length", "working_days"),
    [(2024, 366, 251), (2025, 365, 250), (2026, 365, 249), (2027, 365, 249)],
)
def test_a_year_has_as_many_working_days_as_counted_by_hand(
    number: int, year_length: int, working_days: int
) -> None:
    days = [date.fromordinal(date(number, 1, 1).toordinal() + n) for n in range(year_length)]
    assert sum(shipped().is_working_day(day) for day in days) == working_days


def test_a_gap_between_years_is_refused() -> None:
    for numbers in ([2024, 2026], [2024, 2024], []):
        with pytest.raises(CalendarInvalid, match="without gap"):
            build([year_of(number) for number in numbers], HOURS)


SATURDAY_MORNING = Hours((*HOURS.week[:5], HOURS.week[0][:1], ()), HOURS.make_up)


def test_a_ward_with_hours_of_its_own_has_the_same_days_off() -> None:
    ward = with_hours(SATURDAY_MORNING)
    assert ward.is_working_day(date(2026, 3, 7))
    assert not shipped().is_working_day(date(2026, 3, 7))
    assert not ward.is_working_day(date(2026, 2, 18))
    assert ward.version != shipped().version
    assert ward.announced == shipped().announced


def test_a_saturday_morning_counts_where_it_is_worked() -> None:
    friday = datetime(2026, 3, 6, 16, tzinfo=HANOI)
    assert with_hours(SATURDAY_MORNING).add_working(friday, timedelta(hours=4)).isoformat() == (
        "2026-03-07T11:00:00+07:00"
    )
    assert shipped().add_working(friday, timedelta(hours=4)).isoformat() == "2026-03-09T11:00:00+07:00"


def test_a_made_up_saturday_is_a_full_day_also_where_saturdays_end_at_noon() -> None:
    evening = datetime(2026, 8, 21, 17, tzinfo=HANOI)
    assert with_hours(SATURDAY_MORNING).add_working(evening, timedelta(hours=8)).day == 22


def test_a_saturday_within_the_tet_holiday_is_off_also_where_saturdays_are_worked() -> None:
    ward = with_hours(SATURDAY_MORNING)
    for day in (date(2024, 2, 10), date(2025, 2, 1), date(2026, 2, 14), date(2026, 2, 21), date(2027, 5, 1)):
        assert not ward.is_working_day(day), day


def test_a_holiday_on_a_saturday_of_a_year_without_a_file_is_off_as_well() -> None:
    assert not with_hours(SATURDAY_MORNING).is_working_day(date(2028, 1, 1))


def test_equal_hours_share_one_calendar() -> None:
    again = Hours((*HOURS.week[:5], (Period(time(8), time(12)),), ()), HOURS.make_up)
    assert with_hours(again) is with_hours(SATURDAY_MORNING)
    assert with_hours(HOURS) is shipped()


def test_a_calendar_kept_as_a_document_is_built_again_the_same_also_for_a_ward() -> None:
    kept = json.loads(json.dumps(calendar_document.shipped()))
    assert calendar_document.built(kept).version == shipped().version
    assert calendar_document.built(kept, SATURDAY_MORNING).version == with_hours(SATURDAY_MORNING).version


@pytest.mark.parametrize("number", YEARS)
def test_tet_is_off_where_the_moon_says_it_is(number: int) -> None:
    """The last day of the old year and the first three of the new, and five weekdays in all (articles 111 and 112)."""
    first = lunar_day(number, 1, 1)
    for distance in (-1, 0, 1, 2):
        assert not shipped().is_working_day(first + timedelta(days=distance)), distance
    around = [first + timedelta(days=distance) for distance in range(-7, 11)]
    assert sum(day.weekday() < 5 and not shipped().is_working_day(day) for day in around) >= 5


@pytest.mark.parametrize("number", YEARS)
def test_gio_to_is_off_or_the_working_day_after_it(number: int) -> None:
    day = lunar_day(number, 3, 10)
    assert not shipped().is_working_day(day)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    assert not shipped().is_working_day(day)
