"""Deadlines against cases counted by hand on a wall calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain.calendar import shipped
from feedback.domain.deadlines import CLOSING, due_at
from feedback.domain.errors import InvalidInput
from feedback.domain.terms import Term, Unit
from feedback.domain.worktime import OutsideCalendar

BY_HAND = """
plain week         2026-03-02T08:00     4wh   2026-03-02T12:00
plain week         2026-03-02T08:00     8wh   2026-03-02T17:00
plain week         2026-03-02T08:00     40wh  2026-03-06T17:00
before opening     2026-03-02T07:00     4wh   2026-03-02T12:00
at closing         2026-03-02T17:00     4wh   2026-03-03T12:00
evening            2026-03-02T21:15     8wh   2026-03-03T17:00
start of lunch     2026-03-02T12:00     4wh   2026-03-02T17:00
in the lunch       2026-03-02T12:30     1wh   2026-03-02T14:00
over lunch         2026-03-02T11:30     1wh   2026-03-02T13:30
after lunch        2026-03-02T13:00     4wh   2026-03-02T17:00
over night         2026-03-02T16:30     1wh   2026-03-03T08:30
last second        2026-03-06T16:59:59  1wh   2026-03-09T08:59:59
over the weekend   2026-03-06T16:00     4wh   2026-03-09T11:00
Saturday night     2026-03-07T23:00     4wh   2026-03-09T12:00
Sunday             2026-03-08T00:00     8wh   2026-03-09T17:00
midnight           2026-03-03T00:00     8wh   2026-03-03T17:00
just before        2026-03-02T23:59:59  8wh   2026-03-03T17:00
day not counted    2026-03-02T00:00     1wd   2026-03-03T17:00
day not counted    2026-03-02T23:59:59  1wd   2026-03-03T17:00
from a Saturday    2026-03-07T09:00     1wd   2026-03-09T17:00
from a Sunday      2026-03-08T23:00     5wd   2026-03-13T17:00
three weeks        2026-03-02T10:00     15wd  2026-03-23T17:00
ends on Saturday   2026-03-02T10:00     5d    2026-03-09T17:00
ends on Sunday     2026-03-01T10:00     7d    2026-03-09T17:00
ends on Monday     2026-03-02T10:00     7d    2026-03-09T17:00
thirty days        2026-03-02T10:00     30d   2026-04-01T17:00
Tết 2024           2024-02-07T16:00     4wh   2024-02-15T11:00
Tết 2024           2024-02-07T16:00     2wd   2024-02-16T17:00
swap 2024          2024-04-26T16:00     4wh   2024-05-02T11:00
swap 2024          2024-05-03T16:00     4wh   2024-05-04T11:00
Tết 2025           2025-01-24T16:00     4wh   2025-02-03T11:00
Tết 2025           2025-01-24T16:00     5wd   2025-02-07T17:00
Tết 2025           2025-01-24T16:00     7d    2025-02-03T17:00
Tết 2025 first day 2025-01-29T10:00     8wh   2025-02-03T17:00
Tết 2025           2025-01-20T10:00     15wd  2025-02-17T17:00
Giỗ Tổ 2025        2025-04-04T16:30     1wh   2025-04-08T08:30
make-up Saturday   2025-04-25T16:00     4wh   2025-04-26T11:00
make-up Saturday   2025-04-25T16:00     1wd   2025-04-26T17:00
make-up, lunch     2025-04-26T12:30     4wh   2025-04-26T17:00
ends on a make-up  2025-04-19T10:00     7d    2025-04-26T17:00
30/4 2025          2025-04-29T16:00     2wh   2025-05-05T09:00
30/4 2025          2025-04-29T16:00     1wd   2025-05-05T17:00
30/4 2025          2025-04-25T09:00     5wd   2025-05-06T17:00
swapped day off    2025-04-25T09:00     7d    2025-05-05T17:00
2/9 2025           2025-08-29T16:00     4wh   2025-09-03T11:00
2/9 2025           2025-08-29T16:00     5wd   2025-09-09T17:00
New Year 2026      2025-12-31T16:00     4wh   2026-01-05T11:00
New Year 2026      2025-12-31T16:00     1wd   2026-01-05T17:00
New Year 2026      2025-12-31T16:00     10wd  2026-01-15T17:00
2 Jan 2026 is off  2026-01-02T09:00     1wh   2026-01-05T09:00
made up 10 Jan     2026-01-09T16:00     4wh   2026-01-10T11:00
made up 10 Jan     2026-01-09T16:00     1wd   2026-01-10T17:00
made up 10 Jan     2026-01-03T16:00     7d    2026-01-10T17:00
after the make-up  2026-01-10T16:00     4wh   2026-01-12T11:00
Tết 2026           2026-02-13T16:30     4wh   2026-02-23T11:30
Tết 2026           2026-02-13T17:00     8wh   2026-02-23T17:00
Tết 2026 first day 2026-02-17T09:00     4wh   2026-02-23T12:00
Tết 2026           2026-02-13T08:00     1wd   2026-02-23T17:00
Tết 2026           2026-02-13T08:00     5wd   2026-02-27T17:00
Tết 2026           2026-02-13T08:00     3d    2026-02-23T17:00
Tết 2026           2026-02-13T08:00     30d   2026-03-16T17:00
Tết 2026 last day  2026-02-22T23:59     1wd   2026-02-23T17:00
after Tết 2026     2026-02-23T00:00     1wd   2026-02-24T17:00
Giỗ Tổ 2026 moved  2026-04-24T16:00     4wh   2026-04-28T11:00
Giỗ Tổ 2026 moved  2026-04-24T16:00     3d    2026-04-28T17:00
Giỗ Tổ and 30/4    2026-04-24T16:00     5wd   2026-05-06T17:00
30/4 2026          2026-04-29T17:00     8wh   2026-05-04T17:00
made up 22 Aug     2026-08-21T15:00     4wh   2026-08-22T10:00
made up 22 Aug     2026-08-21T15:00     5wd   2026-08-27T17:00
2/9 2026           2026-08-28T16:00     4wh   2026-09-03T11:00
2/9 2026           2026-08-28T16:00     5wd   2026-09-09T17:00
24/11 2026         2026-11-23T16:00     4wh   2026-11-25T11:00
24/11 2026         2026-11-22T10:17     8wh   2026-11-23T17:00
24/11 2026         2026-11-22T10:17     5wd   2026-11-30T17:00
New Year 2027      2026-12-31T16:00     4wh   2027-01-04T11:00
Tết 2027           2027-02-03T16:00     4wh   2027-02-11T11:00
1/5 2027 moved     2027-04-29T16:00     4wh   2027-05-04T11:00
2/9 2027           2027-09-01T09:00     1wd   2027-09-06T17:00
"""
CASES = [line.rsplit(maxsplit=3) for line in BY_HAND.strip().splitlines()]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("start", "term", "end"), [c[1:] for c in CASES], ids=[f"{c[0]} {c[1]} {c[2]}" for c in CASES]
)
def test_due_as_counted_by_hand(start: str, term: str, end: str) -> None:
    assert due_at(Term.parse(term), at(start), shipped()) == at(end)


def test_an_instant_in_utc_is_judged_by_the_hanoi_day() -> None:
    half_past_midnight_in_hanoi = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    due = due_at(Term.parse("1wd"), half_past_midnight_in_hanoi, shipped())
    assert due.isoformat() == "2026-03-04T17:00:00+07:00"


@pytest.mark.parametrize("text", ["0wh", "-4wh", "0d", "4", "wh", "4h", "4.5wh", "4wh5", "", "12345d", "٤wh"])
def test_a_term_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Term.parse(text)


@pytest.mark.parametrize(
    "start", ["0001-01-01T00:00", "2014-12-31T23:59:59", "2041-01-01T00:00", "9999-12-31T23:59"]
)
@pytest.mark.parametrize("term", ["1wh", "1wd", "1d"])
def test_outside_the_calendar_is_a_clear_error(start: str, term: str) -> None:
    with pytest.raises(OutsideCalendar):
        due_at(Term.parse(term), at(start), shipped())


@pytest.mark.parametrize("term", ["9999wh", "9999wd", "9999d"])
def test_a_term_that_runs_out_of_the_calendar_is_a_clear_error(term: str) -> None:
    with pytest.raises(OutsideCalendar):
        due_at(Term.parse(term), at("2038-01-01T00:00"), shipped())


def test_a_naive_instant_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="naive"):
        due_at(Term.parse("1d"), datetime(2026, 3, 2), shipped())  # noqa: DTZ001


instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(HANOI))  # noqa: DTZ001
day_terms = st.builds(Term, st.integers(1, 60), st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]))


@given(instants, instants, day_terms)
def test_who_comes_later_is_never_due_earlier(one: datetime, other: datetime, term: Term) -> None:
    first, second = sorted((one, other))
    assert due_at(term, first, shipped()) <= due_at(term, second, shipped())


@given(instants, day_terms)
def test_a_term_in_days_ends_at_closing_time_of_a_working_day(start: datetime, term: Term) -> None:
    due = due_at(term, start, shipped())
    assert due.time() == CLOSING
    assert shipped().is_working_day(due.date())
    assert due - start >= timedelta(days=term.number - 1)
