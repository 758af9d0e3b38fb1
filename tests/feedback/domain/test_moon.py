"""The oracle of the moon, against days that anybody remembers, where the Chinese calendar differs, and a leap month."""

from datetime import date

import pytest

from tests.feedback.domain.moon import lunar_day


@pytest.mark.parametrize(
    ("year", "tet", "why"),
    [
        (1985, date(1985, 1, 21), "a month before the Chinese new year"),
        (2007, date(2007, 2, 17), "a day before the Chinese new year"),
        (2024, date(2024, 2, 10), "Giáp Thìn"),
        (2025, date(2025, 1, 29), "Ất Tỵ"),
        (2026, date(2026, 2, 17), "Bính Ngọ"),
        (
            2030,
            date(2030, 2, 2),
            "a day before the Chinese new year: the moon is new an hour before midnight",
        ),
        (2034, date(2034, 2, 19), "after a leap eleventh month"),
    ],
)
def test_the_first_day_of_the_lunar_year(year: int, tet: date, why: str) -> None:
    assert lunar_day(year, 1, 1) == tet, why


def test_a_leap_month_after_the_second_delays_the_third() -> None:
    """2023 had a leap second month."""
    assert lunar_day(2023, 3, 10) == date(2023, 4, 29)
