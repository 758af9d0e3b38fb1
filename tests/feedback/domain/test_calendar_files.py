"""What is told of a broken calendar file: every fault, each with its file and place."""

import re
from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from feedback.cli import main
from feedback.domain.calendar import YEARS, from_folder, shipped
from feedback.domain.calendar_files import (
    HOURS_FILE,
    WEEKDAYS,
    Year,
    forgotten,
    hours_from,
    parse_hours,
    parse_year,
    read_folder,
)
from feedback.domain.calendar_page import CalendarInvalid, SpecialDay

SHIPPED = Path(__file__).parents[3] / "feedback" / "data" / "calendar"

YEAR = """year = 2030
status = "announced"
[[sources]]
id = "notice"
title = "Thông báo"
[[days_off]]
title = "nghỉ"
dates = [2030-01-01, 2030-01-02]
source = "notice"
[[weekends]]
title = "cuối tuần"
dates = [2030-01-12]
source = "notice"
[[make_up]]
title = "bù"
date = 2030-01-05
source = "notice"
"""
HOURS = (SHIPPED / HOURS_FILE).read_text(encoding="utf-8")


def faults_of_year(text: str, name: str = "2030.toml") -> tuple[str, ...]:
    with pytest.raises(CalendarInvalid) as refused:
        parse_year(text, name)
    return refused.value.faults


def faults_of_hours(text: str) -> tuple[str, ...]:
    with pytest.raises(CalendarInvalid) as refused:
        parse_hours(text)
    return refused.value.faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2030-01-02]", "2030-01-01]", "days_off: 2030-01-01 is listed twice"),
        ("date = 2030-01-05", "date = 2030-01-12", "make_up: 2030-01-12 is both off and made up"),
        ("2030-01-02]", "2029-01-02]", "days_off: 2029-01-02 is not a day of 2030"),
        ("2030-01-02]", "2030-01-19]", "days_off: 2030-01-19 is a weekend day: it belongs to weekends"),
        ("[2030-01-12]", "[2030-01-14]", "weekends: 2030-01-14 is a weekday: it belongs to days_off"),
        ("date = 2030-01-05", "date = 2030-01-07", "make_up: 2030-01-07 is a weekday and cannot be made up"),
        ("2030-01-02]", '"2030-01-02"]', "days_off 1: '2030-01-02' is not a day"),
        (
            "2030-01-02]",
            "2030-01-02T08:00:00]",
            "days_off 1: datetime.datetime(2030, 1, 2, 8, 0) is not a day",
        ),
        ("[2030-01-01, 2030-01-02]", "2030-01-01", "days_off 1: dates must be a list of days"),
        ("[2030-01-01, 2030-01-02]", "[]", "days_off 1: dates must be a list of days"),
        ("dates = [2030-01-12]\n", "", "weekends 1: dates is missing"),
        ("date = 2030-01-05\n", "", "make_up 1: date is missing"),
        (
            'source = "notice"\n[[make_up',
            'source = "rumour"\n[[make_up',
            "weekends 1: unknown source 'rumour'",
        ),
        ('title = "bù"\n', "", "make_up 1: title is missing"),
        ('title = "bù"', 'title = " "', "make_up 1: title must be a text, not ' '"),
        ('title = "bù"', "title = 7", "make_up 1: title must be a text, not 7"),
        ('[[sources]]\nid = "notice"\ntitle = "Thông báo"\n', "", "sources: missing"),
        ('id = "notice"\n', "", "sources 1: id is missing"),
        ("year = 2030", "year = 2031", "year: 2031 is not the year of the file's name"),
        ("year = 2030", 'year = "2030"', "year: '2030' is not the year of the file's name"),
        ("year = 2030", "year = true", "year: True is not the year of the file's name"),
        ('status = "announced"', 'status = "certain"', "status: 'certain': it must be"),
        ('status = "announced"\n', "", "file: status is missing"),
        ("[[make_up]]", "[[makeup]]", "file: unknown key 'makeup'"),
        ("date = 2030-01-05", "date = 2030-01-05\nhours = 4", "make_up 1: unknown key 'hours'"),
        ("[[make_up]]", "[make_up]", "make_up: must be written as [[make_up]]"),
        ("2030-01-02]", "2030-02-30]", "file: not TOML:"),
        ("year = 2030", "year 2030", "file: not TOML:"),
    ],
)
def test_a_broken_year_file_says_where(old: str, new: str, fault: str) -> None:
    assert YEAR.count(old) >= 1
    told = faults_of_year(YEAR.replace(old, new))
    assert any(line.startswith(f"2030.toml: {fault}") for line in told), told


def test_the_file_that_the_broken_ones_are_made_from_holds() -> None:
    assert parse_year(YEAR, "2030.toml").year == 2030


def test_a_year_without_any_day_off_is_refused() -> None:
    told = faults_of_year(YEAR[: YEAR.index("[[days_off]]")])
    assert told == ("2030.toml: days_off: missing: no year is without holidays",)


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_an_empty_file_is_named(text: str) -> None:
    assert faults_of_year(text) == ("2030.toml: file: empty",)
    assert faults_of_hours(text) == ("hours.toml: file: empty",)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    broken = (
        YEAR.replace("2030-01-02]", "2029-01-02]").replace('title = "bù"\n', "").replace("announced", "sure")
    )
    assert len(faults_of_year(broken)) == 3


@pytest.mark.parametrize(
    ("monday", "fault"),
    [
        ('["08:00-12:00", "11:00-17:00"]', "monday: 08:00-12:00 and 11:00-17:00 overlap"),
        (
            '["13:00-17:00", "08:00-12:00"]',
            "monday: 13:00-17:00 and 08:00-12:00 overlap or stand in the wrong order",
        ),
        ('["08:00-12:00", "08:00-12:00"]', "monday: 08:00-12:00 and 08:00-12:00 overlap"),
        ('["12:00-08:00"]', "monday: '12:00-08:00' ends before it begins"),
        ('["08:00-08:00"]', "monday: '08:00-08:00' ends before it begins"),
        ('["08:00-24:00"]', "monday: '08:00-24:00': a clock shows 00:00 to 23:59"),
        ('["25:00-26:00"]', "monday: '25:00-26:00': a clock shows 00:00 to 23:59"),
        ('["08:60-09:00"]', "monday: '08:60-09:00': a clock shows 00:00 to 23:59"),
        ('["8-12"]', "monday: '8-12' is not a period"),
        ('["08:00"]', "monday: '08:00' is not a period"),
        ('["08:00–12:00"]', "monday: '08:00–12:00' is not a period"),
        ('["٠٨:00-12:00"]', "monday: '٠٨:00-12:00' is not a period"),
        ("[8]", "monday: 8 is not a period"),
        ('"08:00-12:00"', "monday: must be a list of periods"),
    ],
)
def test_broken_hours_say_where(monday: str, fault: str) -> None:
    whole = HOURS.replace('monday = ["08:00-12:00", "13:00-17:00"]', f"monday = {monday}")
    assert whole != HOURS
    told = faults_of_hours(whole)
    assert any(line.startswith(f"hours.toml: {fault}") for line in told), told


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("sunday = []", "someday = []", "file: unknown key 'someday'"),
        ("sunday = []\n", "", "sunday: missing"),
        ("make_up = ", "made_up = ", "make_up: missing"),
    ],
)
def test_a_weekday_that_is_none_or_missing_is_named(old: str, new: str, fault: str) -> None:
    assert any(line.startswith(f"hours.toml: {fault}") for line in faults_of_hours(HOURS.replace(old, new)))


def test_a_week_without_any_working_hour_is_refused() -> None:
    idle: dict[str, list[str]] = {day: [] for day in WEEKDAYS}
    with pytest.raises(CalendarInvalid, match="ward 00160: week: no working hour in the whole week"):
        hours_from({**idle, "make_up": ["08:00-12:00"]}, "ward 00160")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be broken."""
    for file in SHIPPED.glob("*.toml"):
        copy(file, tmp_path)
    return tmp_path


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["clock", "check", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.splitlines()


def test_the_shipped_calendar_holds_and_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "check"]) == 0
    assert capsys.readouterr().out == (
        f"calendar 2015–2040 holds: {shipped().version}; announced: 2024, 2025, 2026; all others assumed\n"
    )


def test_a_copy_of_the_shipped_files_is_the_same_calendar(folder: Path) -> None:
    assert from_folder(folder).version == shipped().version


def test_days_that_the_package_does_not_know_are_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    main(["clock", "check"])
    assert capsys.readouterr().err.splitlines() == [
        "2026.toml: 2026-01-02 is off only in the file",
        "2026.toml: 2026-01-10 is made up only in the file",
    ]


def test_the_faults_of_all_files_are_told_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "2025.toml").unlink()
    (folder / "2026.toml").write_bytes(b"\xff\xfe")
    (folder / "hours.toml").write_text('monday = ["08:00-12:00"]', encoding="utf-8")
    (folder / "2027b.toml").touch()
    lines = told(folder, capsys)
    assert "2025.toml: file: missing between 2024 and 2027" in lines
    assert "2026.toml: file: cannot be read as UTF-8 text (UnicodeDecodeError)" in lines
    assert "2027b.toml: name: neither a year (2026.toml) nor hours.toml" in lines
    assert "hours.toml: sunday: missing" in lines


def test_a_forgotten_holiday_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 May 2027 is a Saturday: the Monday after it must be off."""
    file = folder / "2027.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("dates = [2027-05-03]", "dates = [2027-05-04]"), encoding="utf-8")
    assert told(folder, capsys) == ["2027.toml: days_off: 2027-05-03 is a public holiday and is not listed"]


def test_a_folder_without_hours_or_years_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, capsys) == ["hours.toml: file: missing", "2026.toml: file: no year file here"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path / "nowhere", capsys) == [f"{tmp_path / 'nowhere'}: folder: not there"]


def test_a_year_that_the_calendar_does_not_cover_is_refused(tmp_path: Path) -> None:
    copy(SHIPPED / HOURS_FILE, tmp_path)
    far = (SHIPPED / "2026.toml").read_text(encoding="utf-8").replace("year = 2026", "year = 2043")
    # 2043 begins on a Thursday like 2026, so that the same days hold.
    (tmp_path / "2043.toml").write_text(re.sub(r"\b2026-(?=\d\d-)", "2043-", far), encoding="utf-8")
    with pytest.raises(CalendarInvalid, match=r"2043\.toml: year: the calendar covers 2015 to 2040"):
        from_folder(tmp_path)


def test_a_new_year_file_is_another_version(folder: Path) -> None:
    file = folder / "2027.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('status = "assumed"', 'status = "announced"'), encoding="utf-8")
    made = from_folder(folder)
    assert made.version != shipped().version
    assert 2027 in made.announced
    assert set(read_folder(folder)[0]) < set(YEARS)


def test_adjoining_periods_do_not_overlap() -> None:
    whole = HOURS.replace(
        'monday = ["08:00-12:00", "13:00-17:00"]', 'monday = ["08:00-12:00", "12:00-17:00"]'
    )
    assert len(parse_hours(whole).week[0]) == 2


def test_a_source_that_is_defined_twice_is_named() -> None:
    twice = '[[sources]]\nid = "notice"\ntitle = "khác"\n'
    assert "2030.toml: sources 2: source 'notice' is defined twice" in faults_of_year(YEAR + twice)


def off(year: int, *days: tuple[int, int]) -> Year:
    return Year(year, False, tuple(SpecialDay(date(year, *day), "", "") for day in days), ())


def test_two_holidays_on_one_weekend_need_two_working_days() -> None:
    """30 April 2033 is a Saturday and 1 May a Sunday: Monday and Tuesday stand in for them."""
    listed = off(2033, (1, 3), (5, 2), (9, 2), (11, 24))
    assert list(forgotten(listed)) == [date(2033, 5, 3)]


def test_the_day_of_culture_is_a_holiday_from_2026_on() -> None:
    assert list(forgotten(off(2025, (1, 1), (4, 30), (5, 1), (9, 2)))) == []
    assert list(forgotten(off(2026, (1, 1), (4, 30), (5, 1), (9, 2)))) == [date(2026, 11, 24)]


def test_a_day_that_only_the_package_knows_is_pointed_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "2027.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("dates = [2027-04-16]", "dates = [2027-04-15]"), encoding="utf-8")
    assert main(["clock", "check", str(folder)]) == 0
    notes = capsys.readouterr().err
    assert "2027.toml: 2027-04-15 is off only in the file" in notes
    assert "2027.toml: 2027-04-16 is off only in holidays" in notes
