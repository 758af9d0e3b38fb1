"""What a report is asked for: the period, and what it is narrowed to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from flask import request
from flask_babel import lazy_gettext

from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level
from feedback.services import periods
from feedback.services.periods import Period
from feedback.services.report import Scope
from feedback.web.current import app
from feedback.web.desk import words

PRESETS = {
    "week": lazy_gettext("Tuần này"),
    "month": lazy_gettext("Tháng này"),
    "last_month": lazy_gettext("Tháng trước"),
    "quarter": lazy_gettext("Quý này"),
    "year": lazy_gettext("Năm nay"),
}
DEFAULT = "month"
_NAMES = {"ward_code": "ward", "field_id": "field", "channel": "channel", "level": "level", "kind": "kind"}


def period() -> tuple[str, Period]:
    """The chosen preset, or `from` and `to`. Raises InvalidInput."""
    presets = periods.presets(periods.today(app().store.now()))
    start, end = request.args.get("from", ""), request.args.get("to", "")
    if start or end:
        return "", Period(day(start), day(end))
    preset = request.args.get("period", DEFAULT)
    return (preset, presets[preset]) if preset in presets else (DEFAULT, presets[DEFAULT])


def month() -> Period:
    """`month=2026-10`, or the last whole month. Raises InvalidInput."""
    asked = request.args.get("month", "")
    if asked:
        return periods.month_of(day(f"{asked}-01"))
    return periods.presets(periods.today(app().store.now()))["last_month"]


def scope() -> Scope:
    """What is narrowed to. Raises InvalidInput where the service does not know the word."""
    args = request.args
    return Scope(
        ward_code=args.get("ward") or None,
        field_id=args.get("field") or None,
        channel=_known("channel", words.CHANNELS),
        level=_known("level", list(Level)),
        kind=_known("kind", list(Kind)),
    )


def in_address(of: Period, narrowed: Scope) -> dict[str, str]:
    """The same period and scope as parts of an address."""
    given = {_NAMES[name]: value for name, value in asdict(narrowed).items() if value is not None}
    return {"from": of.start.isoformat(), "to": of.end.isoformat(), **given}


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Ngày chưa đúng.", field="from") from None


def _known(name: str, values: object) -> str | None:
    value = request.args.get(name)
    if value and value not in values:  # type: ignore[operator]
        raise InvalidInput("Bộ lọc chưa đúng.", field=name)
    return value or None
