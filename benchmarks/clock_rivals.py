"""Other ways of reckoning with working time, measured beside ours.

`DayByDay` is what one writes first: walk the days and the periods of each. `Package` is the published library
`businesstimedelta` (MIT), which knows neither made-up days nor terms in days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from feedback.clock import HANOI
from feedback.domain.calendar import YEARS, year_of

OPENING = ((time(8), time(12)), (time(13), time(17)))
CLOSING = time(17)
DAY = timedelta(days=1)
LISTED = [year_of(number) for number in YEARS]
OFF = frozenset(special.day for year in LISTED for special in year.days_off)
MADE_UP = frozenset(special.day for year in LISTED for special in year.make_up)


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


class DayByDay:
    """A plain loop over days, right but slow in long terms."""

    name = "a plain loop over days"

    def working_hours(self, start: datetime, number: int) -> datetime:
        start = start.astimezone(HANOI)
        left, day = timedelta(hours=number), start.date()
        while True:
            for opens, closes in OPENING if works(day) else ():
                begin = max(start, datetime.combine(day, opens, HANOI))
                end = datetime.combine(day, closes, HANOI)
                if begin < end:
                    if end - begin >= left:
                        return begin + left
                    left -= end - begin
            day += DAY

    def working_days(self, start: datetime, number: int) -> datetime:
        day = start.astimezone(HANOI).date()
        while number:
            day += DAY
            number -= works(day)
        return datetime.combine(day, CLOSING, HANOI)

    def calendar_days(self, start: datetime, number: int) -> datetime:
        day = start.astimezone(HANOI).date() + timedelta(days=number)
        while not works(day):
            day += DAY
        return datetime.combine(day, CLOSING, HANOI)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        start, end = start.astimezone(HANOI), end.astimezone(HANOI)
        total, day = timedelta(), start.date()
        while day <= end.date():
            for opens, closes in OPENING if works(day) else ():
                begin = max(start, datetime.combine(day, opens, HANOI))
                finish = min(end, datetime.combine(day, closes, HANOI))
                total += max(finish - begin, timedelta())
            day += DAY
        return total


class Package:
    """`businesstimedelta` with the same hours and days off; no made-up days, so that its answers differ near them."""

    name = "businesstimedelta"

    def __init__(self) -> None:
        import businesstimedelta as library
        import pytz

        zone = pytz.timezone(HANOI.key)
        day = library.WorkDayRule(start_time=OPENING[0][0], end_time=OPENING[1][1], tz=zone)
        lunch = library.LunchTimeRule(start_time=OPENING[0][1], end_time=OPENING[1][0], tz=zone)
        self._library = library
        self._rules = library.Rules([day, lunch, library.HolidayRule(OFF, tz=zone)])

    def working_hours(self, start: datetime, number: int) -> datetime:
        found: datetime = start + self._library.BusinessTimeDelta(self._rules, hours=number)
        return found

    def worked(self, start: datetime, end: datetime) -> timedelta:
        found: timedelta = self._rules.difference(start, end).timedelta
        return found
