"""The printed contract of `feedback clock`."""

import pytest

from feedback.cli_clock import due, warnings, worked
from feedback.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("start", "term", "printed"),
    [
        ("2026-02-13T16:30+07:00", "4wh", "2026-02-23T11:30:00+07:00"),
        ("2026-02-13T16:30", "4wh", "2026-02-23T11:30:00+07:00"),
        ("2026-02-13T09:30Z", "4wh", "2026-02-23T11:30:00+07:00"),
        ("2026-02-13T09:30:00+00:00", "5wd", "2026-02-27T17:00:00+07:00"),
        ("2026-03-02", "1d", "2026-03-03T17:00:00+07:00"),
    ],
)
def test_due(start: str, term: str, printed: str) -> None:
    assert due(start, term) == printed


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-02-13T16:30+07:00", "2026-02-23T11:30+07:00", 4 * 3600),
        ("2026-03-02T00:00", "2026-03-03T00:00", 8 * 3600),
        ("2026-03-02T12:00", "2026-03-02T13:00", 0),
        ("2026-03-02T08:00", "2026-03-02T08:00", 0),
        ("2026-03-02T08:00:00.900", "2026-03-02T08:00:02.800", 1),
    ],
)
def test_worked(start: str, end: str, seconds: int) -> None:
    assert worked(start, end) == seconds


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "16:30", "2026-02-30T10:00"])
def test_an_instant_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        due(text, "4wh")


def test_from_after_to_is_refused() -> None:
    with pytest.raises(InvalidInput):
        worked("2026-03-02T08:00:01", "2026-03-02T08:00")


def test_an_assumed_year_is_said_once() -> None:
    assert warnings("2026-03-02", "2026-05-02") == []
    assert len(warnings("2027-03-02", "2027-05-02", "2026-01-01")) == 1


def test_a_year_between_the_two_instants_is_warned_of_as_well() -> None:
    assert [line.split()[3] for line in warnings("2026-12-01", "2028-01-05")] == ["2027", "2028"]
    assert [line.split()[3] for line in warnings("2023-12-31", "2026-01-05")] == ["2023"]
