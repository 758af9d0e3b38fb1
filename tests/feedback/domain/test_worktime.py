"""Working time obeys arithmetic, on the shipped calendar and on odd ones."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain.calendar import shipped, with_hours
from feedback.domain.errors import InvalidInput
from feedback.domain.worktime import Hours, OutsideCalendar, Period, WorkCalendar

MORNING, AFTERNOON = Period(time(8), time(12)), Period(time(13), time(17))
WEEK = (MORNING, AFTERNOON)
SATURDAY_MORNING = Hours(week=(WEEK,) * 5 + ((MORNING,), ()), make_up=WEEK)
FIVE_TURNS = tuple(
    Period(time(hour, minute), time(hour + 1, minute))
    for hour, minute in ((6, 0), (7, 0), (9, 30), (14, 15), (22, 59))
)
TURNS = Hours(
    week=((FIVE_TURNS[0],), FIVE_TURNS, (), FIVE_TURNS[3:], (), (), FIVE_TURNS[:2]), make_up=FIVE_TURNS
)

calendars = st.sampled_from([shipped(), with_hours(SATURDAY_MORNING), with_hours(TURNS)])
"""The usual week; a ward open on Saturday morning; odd hours with adjoining periods and no lunch."""
zones = st.sampled_from([HANOI, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])
instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(HANOI))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(hours=400))
TICK = timedelta(microseconds=1)


@given(calendars, instants, instants, instants)
def test_additivity(cal: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    assert cal.worked_between(a, b) + cal.worked_between(b, c) == cal.worked_between(a, c)


@given(calendars, instants, amounts)
def test_adding_is_the_inverse_of_measuring(cal: WorkCalendar, start: datetime, amount: timedelta) -> None:
    assert cal.worked_between(start, cal.add_working(start, amount)) == amount


@given(calendars, instants, instants)
def test_measuring_is_the_inverse_of_adding_but_for_time_off(
    cal: WorkCalendar, a: datetime, b: datetime
) -> None:
    """Adding what was worked until `b` leads to `b`, or to the last working instant before it."""
    first, last = sorted((a, b))
    back = cal.add_working(first, cal.worked_between(first, last))
    assert first <= back <= last
    assert cal.worked_between(back, last) == timedelta(0)


@given(calendars, instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    cal: WorkCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert cal.add_working(cal.add_working(start, one), other) == cal.add_working(start, one + other)


@given(calendars, instants, amounts.filter(bool))
def test_the_end_is_the_earliest_instant(cal: WorkCalendar, start: datetime, amount: timedelta) -> None:
    end = cal.add_working(start, amount)
    assert cal.worked_between(start, end - TICK) < amount


@given(calendars, instants, amounts.filter(bool))
def test_the_end_comes_later_and_the_tick_before_it_is_worked(
    cal: WorkCalendar, start: datetime, amount: timedelta
) -> None:
    end = cal.add_working(start, amount)
    assert end > start
    assert cal.worked_between(end - TICK, end) == TICK


@given(calendars, instants, amounts, amounts)
def test_more_work_never_ends_earlier(
    cal: WorkCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    less, more = sorted((one, other))
    assert cal.add_working(start, less) <= cal.add_working(start, more)


@given(calendars, instants, instants, amounts.filter(bool))
def test_who_comes_later_never_ends_earlier(
    cal: WorkCalendar, a: datetime, b: datetime, amount: timedelta
) -> None:
    first, second = sorted((a, b))
    assert cal.add_working(first, amount) <= cal.add_working(second, amount)


@given(calendars, instants, instants)
def test_worked_time_is_never_more_than_elapsed_time(cal: WorkCalendar, a: datetime, b: datetime) -> None:
    first, last = sorted((a, b))
    assert timedelta(0) <= cal.worked_between(first, last) <= last - first


@given(calendars, instants, instants, amounts, zones, zones)
def test_the_zone_an_instant_is_written_in_changes_nothing(
    cal: WorkCalendar, a: datetime, b: datetime, amount: timedelta, one: timezone, other: timezone
) -> None:
    first, last = sorted((a, b))
    assert cal.worked_between(first.astimezone(one), last.astimezone(other)) == cal.worked_between(
        first, last
    )
    assert cal.add_working(first.astimezone(one), amount) == cal.add_working(first, amount)
    assert cal.day_of(first.astimezone(other)) == first.date()


@given(calendars, instants, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_the_periods_between_two_instants_add_up_to_the_tick(
    cal: WorkCalendar, start: datetime, span: timedelta
) -> None:
    periods = list(cal.periods_between(start, start + span))
    assert sum((end - begin for begin, end in periods), timedelta(0)) == cal.worked_between(
        start, start + span
    )
    edges = [start, *(edge for period in periods for edge in period), start + span]
    assert edges == sorted(edges)
    assert all(begin < end for begin, end in periods)


@pytest.mark.parametrize("edge", [time(8), time(13)])
def test_the_first_instant_of_a_period_belongs_to_it(edge: time) -> None:
    begin = datetime.combine(date(2026, 3, 2), edge, HANOI)
    assert shipped().worked_between(begin - TICK, begin) == timedelta(0)
    assert shipped().worked_between(begin, begin + TICK) == TICK


@pytest.mark.parametrize("edge", [time(12), time(17)])
def test_the_last_instant_of_a_period_does_not(edge: time) -> None:
    end = datetime.combine(date(2026, 3, 2), edge, HANOI)
    assert shipped().worked_between(end - TICK, end) == TICK
    assert shipped().worked_between(end, end + TICK) == timedelta(0)


def test_the_periods_of_a_day_are_cut_at_both_instants() -> None:
    found = shipped().periods_between(
        datetime(2026, 3, 2, 11, tzinfo=HANOI), datetime(2026, 3, 3, 8, 30, tzinfo=HANOI)
    )
    assert [f"{a:%d %H:%M}-{b:%d %H:%M}" for a, b in found] == [
        "02 11:00-02 12:00",
        "02 13:00-02 17:00",
        "03 08:00-03 08:30",
    ]


def test_adjoining_periods_count_every_instant_once() -> None:
    sunday = datetime(2026, 3, 8, 6, tzinfo=HANOI)
    assert with_hours(TURNS).worked_between(sunday, sunday + timedelta(hours=5)) == timedelta(hours=2)


@given(instants, instants)
def test_worked_time_is_what_a_minute_by_minute_count_would_find(a: datetime, b: datetime) -> None:
    """Against a slow count that shares nothing with the fast one but the list of working days."""
    first = a.replace(second=0, microsecond=0)
    last = first + timedelta(minutes=int((b - a).total_seconds()) % 5000)
    minutes = 0
    moment = first
    while moment < last:
        in_hours = 8 <= moment.hour < 12 or 13 <= moment.hour < 17
        minutes += in_hours and shipped().is_working_day(moment.date())
        moment += timedelta(minutes=1)
    assert shipped().worked_between(first, last) == timedelta(minutes=minutes)


def test_the_wrong_order_is_refused() -> None:
    with pytest.raises(InvalidInput):
        shipped().worked_between(datetime(2026, 3, 3, tzinfo=HANOI), datetime(2026, 3, 2, tzinfo=HANOI))


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(InvalidInput):
        shipped().add_working(datetime(2026, 3, 3, tzinfo=HANOI), timedelta(microseconds=-1))


def test_nothing_to_do_is_done_at_once() -> None:
    sunday = datetime(2026, 3, 8, 3, tzinfo=HANOI)
    assert shipped().add_working(sunday, timedelta(0)) == sunday


MORNINGS = Hours(week=((MORNING,),) * 6 + ((),), make_up=(MORNING,))


def test_a_ward_that_opens_in_the_mornings_only() -> None:
    cal = WorkCalendar.build("ward", range(2026, 2027), MORNINGS, {date(2026, 3, 9)}, {date(2026, 3, 8)})
    friday = datetime(2026, 3, 6, 11, tzinfo=HANOI)
    assert cal.add_working(friday, timedelta(hours=6)) == datetime(2026, 3, 8, 9, tzinfo=HANOI)
    assert not cal.is_working_day(date(2026, 3, 9))


def test_a_week_without_work_never_ends() -> None:
    cal = WorkCalendar.build("none", range(2026, 2027), Hours(((),) * 7, ()), (), ())
    monday = datetime(2026, 3, 9, tzinfo=HANOI)
    with pytest.raises(OutsideCalendar):
        cal.working_day_from(monday.date())
    with pytest.raises(OutsideCalendar):
        cal.working_day_after(monday.date(), 1)
    with pytest.raises(OutsideCalendar):
        cal.add_working(monday, timedelta(hours=1))
    assert cal.worked_between(monday, monday + timedelta(days=9)) == timedelta(0)
    assert list(cal.periods_between(monday, monday + timedelta(days=9))) == []


def test_assumed_years_are_those_from_the_first_instant_to_the_last() -> None:
    span = datetime(2025, 12, 31, 23, 59, tzinfo=HANOI), datetime(2028, 1, 1, tzinfo=HANOI)
    assert shipped().assumed_years(*span) == [2027, 2028]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        Period(time(12), time(8))


def test_overlapping_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Hours(((MORNING, Period(time(11), time(15))),) * 7, ())


def plain_2026(days_off: set[date], make_up: set[date]) -> WorkCalendar:
    return WorkCalendar.build(
        "2026", range(2026, 2027), Hours((WEEK,) * 5 + ((), ()), WEEK), days_off, make_up
    )


def test_a_term_may_end_with_the_last_working_instant_of_the_calendar_and_not_later() -> None:
    cal = plain_2026(set(), set())
    start = datetime(2026, 12, 31, 16, tzinfo=HANOI)
    assert cal.add_working(start, timedelta(hours=1)) == start + timedelta(hours=1)
    with pytest.raises(OutsideCalendar):
        cal.add_working(start, timedelta(hours=1) + TICK)


def test_the_day_after_the_calendar_is_outside() -> None:
    cal = plain_2026(set(), set())
    assert cal.working_day_from(date(2026, 12, 31)) == date(2026, 12, 31)
    for ask in (cal.working_day_from, cal.is_working_day, lambda day: cal.working_day_after(day, 1)):
        with pytest.raises(OutsideCalendar):
            ask(date(2027, 1, 1))
    with pytest.raises(OutsideCalendar):
        cal.day_of(datetime(2027, 1, 1, tzinfo=HANOI))


def test_a_day_both_off_and_made_up_is_worked() -> None:
    swapped = date(2026, 3, 7)
    assert plain_2026({swapped}, {swapped}).is_working_day(swapped)


def test_a_span_from_one_edge_to_the_next_holds_no_period() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=HANOI)
    assert list(shipped().periods_between(noon, noon + timedelta(hours=1))) == []
