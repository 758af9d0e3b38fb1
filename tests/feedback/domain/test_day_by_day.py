"""The calendar told day by day agrees with the calendar that counts."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain.calendar import YEARS, shipped
from feedback.domain.day_by_day import DayKind, Part, day_of, months, spells, steps_between, steps_of_term
from feedback.domain.deadlines import due_at
from feedback.domain.terms import Term

instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 10, 31), timezones=st.just(HANOI))  # noqa: DTZ001


@pytest.mark.parametrize("number", YEARS)
def test_every_day_told_as_worked_is_worked_and_no_other(number: int) -> None:
    told = [day for month in months(number) for week in month for day in week if day]
    assert [day.day for day in told] == [
        date(number, 1, 1) + timedelta(days=n) for n in range(date(number, 12, 31).timetuple().tm_yday)
    ]
    for day in told:
        works = day.kind in (DayKind.WORKING, DayKind.MADE_UP)
        assert shipped().is_working_day(day.day) == works, day


def test_a_day_that_differs_says_why() -> None:
    assert day_of(date(2026, 8, 22)).title == "Làm bù cho thứ Hai 31/08/2026"
    assert day_of(date(2026, 11, 24)).kind is DayKind.OFF
    assert day_of(date(2026, 3, 7)).kind is DayKind.WEEKEND
    assert all(day.title and day.source for number in YEARS for spell in spells(number) for day in spell)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_the_steps_of_a_span_add_up_to_what_was_worked(start: datetime, span: timedelta) -> None:
    steps = list(steps_between(start, start + span, shipped()))
    assert sum((step.worked for step in steps), timedelta(0)) == shipped().worked_between(start, start + span)
    assert [step.part is Part.COUNTED for step in steps] == [bool(step.periods) for step in steps]


@given(instants, st.integers(1, 30), st.sampled_from(["wd", "d"]))
def test_the_steps_of_a_term_count_up_to_its_number_and_end_with_it(
    start: datetime, number: int, unit: str
) -> None:
    term = Term.parse(f"{number}{unit}")
    due = due_at(term, start, shipped())
    steps = list(steps_of_term(term, start, due, shipped()))
    assert steps[0].part is Part.RECEIPT
    assert [step.number for step in steps if step.number] == list(range(1, number + 1))
    assert steps[-1].part in (Part.COUNTED, Part.END)
    assert steps[-1].day.day == due.date()
    closed = {step.day.kind for step in steps if step.part in (Part.CLOSED, Part.PASSED)}
    assert closed <= {DayKind.OFF, DayKind.WEEKEND}


def test_the_steps_of_a_term_in_hours_are_its_working_time() -> None:
    start = datetime(2026, 2, 13, 16, 30, tzinfo=HANOI)
    steps = list(
        steps_of_term(Term.parse("4wh"), start, due_at(Term.parse("4wh"), start, shipped()), shipped())
    )
    assert [step.worked for step in steps if step.periods] == [timedelta(minutes=30), timedelta(hours=3.5)]
    assert len(steps) == 11
