"""The working calendar as a wall calendar, and two small forms that count on it as `feedback clock` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from feedback.clock import in_hanoi
from feedback.domain import day_by_day
from feedback.domain.calendar import YEARS, office_hours, year_of
from feedback.domain.day_by_day import DayKind, Part, Step
from feedback.domain.deadlines import due_at
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.instants import read_instant
from feedback.domain.permissions import Action
from feedback.domain.terms import Term
from feedback.web import look
from feedback.web.access import requires
from feedback.web.current import app

blueprint = Blueprint("calendar", __name__, url_prefix="/lich")

MOST_STEPS = 62
"""Days shown of a reckoning: two months. What comes after them is summed up."""

KINDS = {
    DayKind.WORKING: lazy_gettext("Ngày làm việc"),
    DayKind.WEEKEND: lazy_gettext("Cuối tuần"),
    DayKind.OFF: lazy_gettext("Ngày nghỉ"),
    DayKind.MADE_UP: lazy_gettext("Ngày làm bù"),
}
PARTS = {
    Part.RECEIPT: lazy_gettext("Ngày nhận, không tính"),
    Part.CLOSED: lazy_gettext("Không tính"),
    Part.OUTSIDE: lazy_gettext("Ngoài giờ làm việc"),
    Part.PASSED: lazy_gettext("Ngày nghỉ: thời hạn kéo sang ngày làm việc tiếp theo"),
    Part.END: lazy_gettext("Hết hạn"),
}
WEEKDAYS = (
    *(lazy_gettext("T2"), lazy_gettext("T3"), lazy_gettext("T4"), lazy_gettext("T5")),
    *(lazy_gettext("T6"), lazy_gettext("T7"), lazy_gettext("CN")),
)
MONTHS = (
    *(lazy_gettext("Tháng 1"), lazy_gettext("Tháng 2"), lazy_gettext("Tháng 3"), lazy_gettext("Tháng 4")),
    *(lazy_gettext("Tháng 5"), lazy_gettext("Tháng 6"), lazy_gettext("Tháng 7"), lazy_gettext("Tháng 8")),
    *(lazy_gettext("Tháng 9"), lazy_gettext("Tháng 10"), lazy_gettext("Tháng 11"), lazy_gettext("Tháng 12")),
)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """An answer with its steps. `due` for a term, `worked` for a span; `assumed`: years to be careful about."""

    start: datetime
    end: datetime
    term: Term | None
    worked: timedelta
    assumed: Sequence[int]
    steps: Sequence[Step]
    more: bool


@blueprint.get("")
@requires(Action.VIEW_TERMS)
def year() -> str | tuple[str, int]:
    found, problem = None, None
    try:
        found = _reckoned()
    except InvalidInput as error:
        problem = error
    page = _page(found, problem)
    return (page, 422) if problem else page


def _page(found: Reckoning | None, problem: InvalidInput | None) -> str:
    today = in_hanoi(app().store.now()).date()
    number = _year(today.year)
    return render_template(
        "desk/calendar.html",
        year=year_of(number),
        number=number,
        years=YEARS,
        months=zip(MONTHS, day_by_day.months(number), strict=True),
        special=day_by_day.spells(number),
        today=today,
        calendar=app().calendar,
        office_hours=", ".join(f"{part.start:%H:%M}–{part.end:%H:%M}" for part in office_hours().week[0]),
        found=found,
        problem=problem,
        typed=request.args,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"weekdays": WEEKDAYS, "kinds": KINDS, "parts": PARTS, "units": look.UNITS}


def _year(today: int) -> int:
    """Raises NotFound outside the calendar."""
    text = request.args.get("year", str(today))
    number = next((year for year in YEARS if str(year) == text), None)
    if number is None:
        raise NotFound
    return number


def _reckoned() -> Reckoning | None:
    """What one of the two forms asks, None where neither was sent. Raises InvalidInput."""
    asked = request.args
    if "term_from" in asked:
        start = read_instant(asked["term_from"])
        term = Term.parse(asked.get("number", "") + asked.get("unit", ""))
        due = due_at(term, start, app().calendar)
        return _told(start, due, term)
    if "from" in asked:
        return _told(read_instant(asked["from"]), read_instant(asked.get("to", "")), None)
    return None


def _told(start: datetime, end: datetime, term: Term | None) -> Reckoning:
    calendar = app().calendar
    worked = calendar.worked_between(start, end)
    steps = (
        day_by_day.steps_of_term(term, start, end, calendar)
        if term
        else day_by_day.steps_between(start, end, calendar)
    )
    shown = list(islice(steps, MOST_STEPS + 1))
    assumed = calendar.assumed_years(start, end)
    return Reckoning(start, end, term, worked, assumed, shown[:MOST_STEPS], len(shown) > MOST_STEPS)
