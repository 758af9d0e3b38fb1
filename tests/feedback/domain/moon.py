"""The Vietnamese lunar calendar from the sky: an oracle for Tết and Giỗ Tổ that shares nothing with any table of holidays.

New moons and the sun's longitude by the series of J. Meeus, Astronomical Algorithms (chapters 25 and 49), good to a
minute or two; days begin at midnight of UTC+7. The month with the winter solstice is the eleventh; where thirteen moons
lie between two of them, the first one during which the sun enters no sign is the leap month.
"""

from __future__ import annotations

from datetime import date
from math import floor, sin
from math import radians as rad

SYNODIC = 29.530588861
FIRST_MOON = 2451550.09766
"""Julian day of the first new moon of 2000, before corrections."""
EPOCH = 2451544.5
"""Julian day of 2000-01-01 00:00 UT."""
ZONE = 7 / 24
DYNAMICAL = 70 / 86400
"""Dynamical time runs about this much ahead of universal time in our years, in days."""


def new_moon(k: int) -> date:
    """The Hanoi day of the `k`-th new moon since 2000."""
    t = k / 1236.85
    julian = FIRST_MOON + SYNODIC * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t
    sun = rad(2.5534 + 29.10535670 * k)
    moon = rad(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    node = rad(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    julian += (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node)
        - 0.00057 * sin(moon + 2 * node)
        + 0.00056 * e * sin(2 * moon + sun)
    )
    return _day(julian - DYNAMICAL)


def sign_at(day: date) -> int:
    """Which of twelve equal parts of its way the sun is in when the Hanoi day begins; 9 begins at the winter solstice."""
    t = (_julian(day) + DYNAMICAL - 2451545.0) / 36525
    mean = rad(357.52911 + 35999.05029 * t)
    longitude = 280.46646 + 36000.76983 * t + 1.914602 * sin(mean) + 0.019993 * sin(2 * mean)
    longitude += 0.000289 * sin(3 * mean) - 0.00569 - 0.00478 * sin(rad(125.04 - 1934.136 * t))
    return floor(longitude % 360 / 30)


def lunar_day(year: int, month: int, day: int) -> date:
    """The day of the sun's calendar for a day of a lunar year (month 1 to 10, never a leap one)."""
    before, after = _eleventh(year - 1), _eleventh(year)
    leap = next((k for k in range(before + 1, after) if _no_sign(k)), None) if after - before == 13 else None
    k = before + month + 1
    if leap is not None and leap <= k:
        k += 1
    return date.fromordinal(new_moon(k).toordinal() + day - 1)


def _eleventh(year: int) -> int:
    """The moon during whose month the winter solstice of `year` falls."""
    k = round((_julian(date(year, 12, 31)) - FIRST_MOON) / SYNODIC)
    while new_moon(k) > date(year, 12, 31) or sign_at(new_moon(k)) >= 9:
        k -= 1
    return k


def _no_sign(k: int) -> bool:
    return sign_at(new_moon(k)) == sign_at(new_moon(k + 1))


def _day(julian: float) -> date:
    return date.fromordinal(date(2000, 1, 1).toordinal() + floor(julian - EPOCH + ZONE))


def _julian(day: date) -> float:
    """The Julian day on which `day` begins in Hanoi."""
    return EPOCH + day.toordinal() - date(2000, 1, 1).toordinal() - ZONE
