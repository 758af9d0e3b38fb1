"""The working calendar on screen: every special day with its reason, and answers with their steps."""

from __future__ import annotations

import html
import re

import pytest

from feedback.domain.calendar import YEARS, shipped, year_of
from feedback.domain.permissions import Role
from tests.feedback.web.desk_town import Town, Visitor


@pytest.fixture
def an(town: Town) -> Visitor:
    return town.log_in(town.hire("an", Role.AUDITOR))


def plain(page: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_every_special_day_of_a_year_has_its_title_and_source(an: Visitor) -> None:
    page = html.unescape(an.text("/lich?year=2026"))
    year = year_of(2026)
    for special in (*year.days_off, *year.weekends):
        assert f'title="Ngày nghỉ: {special.title} ({special.source})">{special.day.day}<' in page
    for special in year.make_up:
        assert f'title="Ngày làm bù: {special.title} ({special.source})">{special.day.day}<' in page
    assert "đã công bố" in page
    assert shipped().version in page


def test_days_off_for_one_reason_are_listed_as_one_spell(an: Visitor) -> None:
    words = plain(an.text("/lich?year=2026"))
    assert "T2 16/02/2026 – T6 20/02/2026 Ngày nghỉ : Tết Nguyên đán Bính Ngọ (14–22/02)" in words
    assert "T7 22/08/2026 Ngày làm bù : Làm bù cho thứ Hai 31/08/2026" in words


def test_the_grid_marks_days_off_and_made_up_days(an: Visitor) -> None:
    page = an.text("/lich?year=2026")
    assert page.count('<table class="month">') == 12
    days = re.findall(r'<td class="day day-(\w+)[^"]*"', page)
    assert len(days) == 365
    assert days.count("made_up") == 2
    assert days.count("off") == 14 + 9


def test_an_assumed_year_says_so(an: Visitor) -> None:
    assert "Chưa có thông báo chính thức về ngày nghỉ năm 2027" in plain(an.text("/lich?year=2027"))
    assert "giả định" in plain(an.text("/lich?year=2040"))


@pytest.mark.parametrize("number", [YEARS[0], YEARS[-1]])
def test_the_first_and_the_last_year_link_inwards_only(an: Visitor, number: int) -> None:
    page = an.text(f"/lich?year={number}")
    assert (f"year={number - 1}" in page) == (number == YEARS[-1])
    assert (f"year={number + 1}" in page) == (number == YEARS[0])


@pytest.mark.parametrize("number", ["2014", "2041", "99999", "9" * 5000, "", "-1", "x", "２０２６", "20 26"])
def test_a_year_outside_the_calendar_is_not_found(an: Visitor, number: str) -> None:
    assert an.get(f"/lich?year={number}").status_code == 404


def test_a_term_in_hours_tells_the_hours_of_each_day(an: Visitor) -> None:
    words = plain(an.text("/lich?year=2026&term_from=2026-02-13T16:30&number=4&unit=wh"))
    assert "4 giờ làm việc từ 16:30 13/02/2026: hạn 11:30 23/02/2026" in words
    assert "16:30–17:00 = 0:30" in words
    assert "Tết Nguyên đán Bính Ngọ (14–22/02) Không tính" in words
    assert "08:00–11:30 = 3:30" in words


def test_a_term_in_working_days_counts_them(an: Visitor) -> None:
    words = plain(an.text("/lich?year=2026&term_from=2026-08-21T15:00&number=2&unit=wd"))
    assert "hạn 17:00 24/08/2026" in words
    assert "T6 21/08/2026 Ngày nhận, không tính" in words
    assert "T7 22/08/2026 Làm bù cho thứ Hai 31/08/2026 Ngày thứ 1" in words
    assert "CN 23/08/2026 Cuối tuần Không tính" in words
    assert "T2 24/08/2026 Ngày thứ 2" in words


def test_calendar_days_count_days_off_and_move_to_a_working_day(an: Visitor) -> None:
    words = plain(an.text("/lich?year=2026&term_from=2026-02-12T10:00&number=2&unit=d"))
    assert "hạn 17:00 23/02/2026" in words
    assert "T7 14/02/2026 Cuối tuần trong kỳ nghỉ Tết 14–22/02 Ngày thứ 2" in words
    assert words.count("Ngày nghỉ: thời hạn kéo sang ngày làm việc tiếp theo") == 8
    assert "T2 23/02/2026 Hết hạn" in words


def test_a_span_tells_its_working_time(an: Visitor) -> None:
    words = plain(an.text("/lich?from=2026-03-02T11:00&to=2026-03-03T08:00:01"))
    assert "5:00:01 giờ làm việc (18001 giây)" in words
    assert "11:00–12:00, 13:00–17:00 = 5:00" in words
    assert "08:00–08:00:01 = 0:00:01" in words


def test_a_long_span_is_cut_and_says_so(an: Visitor) -> None:
    page = an.text("/lich?from=2015-01-01T00:00&to=2040-12-31T23:59")
    assert page.count('<th scope="row">') == 62
    assert "… và các ngày tiếp theo đến 23:59 31/12/2040" in plain(page)


def test_an_assumed_year_within_the_span_is_pointed_out(an: Visitor) -> None:
    words = plain(an.text("/lich?term_from=2026-12-31T16:30&number=1&unit=wh"))
    assert "Lịch nghỉ năm 2027 là giả định" in words
    assert "Lịch nghỉ năm 2026 là giả định" not in words


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("term_from=&number=4&unit=wh", "ISO 8601"),
        ("term_from=hôm qua&number=4&unit=wh", "ISO 8601"),
        ("term_from=2026-02-13T16:30&number=0&unit=wd", "lớn hơn 0"),
        ("term_from=2026-02-13T16:30&number=-1&unit=wd", "dạng 4wh"),
        ("term_from=2026-02-13T16:30&number=4&unit=years", "dạng 4wh"),
        ("term_from=2026-02-13T16:30", "dạng 4wh"),
        ("term_from=2040-12-31T16:30&number=9&unit=wh", "ngoài phạm vi"),
        ("term_from=0001-01-01T00:00&number=9&unit=d", "ngoài phạm vi"),
        ("from=2026-03-03T08:00&to=2026-03-02T08:00", "sớm hơn"),
        ("from=2026-03-03T08:00", "ISO 8601"),
        ("from=<script>&to=1", "ISO 8601"),
    ],
)
def test_a_question_that_is_none_is_told_so_beside_the_form(an: Visitor, query: str, complaint: str) -> None:
    answer = an.get(f"/lich?{query}")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert complaint in plain(page)
    assert page.count('<table class="month">') == 12
    assert "<script>" not in page.replace("<script src", "")
