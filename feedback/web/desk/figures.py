"""The auditor's page: figures of a period, on screen and as CSV."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext

from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Action
from feedback.services import report
from feedback.services.report import Period
from feedback.web.access import may_ever, me, requires
from feedback.web.current import app

blueprint = Blueprint("figures", __name__, url_prefix="/so-lieu")

PRESETS = {
    "week": lazy_gettext("Tuần này"),
    "month": lazy_gettext("Tháng này"),
    "last_month": lazy_gettext("Tháng trước"),
    "quarter": lazy_gettext("Quý này"),
    "year": lazy_gettext("Năm nay"),
}
DEFAULT = "month"


@blueprint.get("")
@requires(Action.VIEW_FIGURES)
def overview() -> str:
    preset, period = _period()
    found = report.overview(app(), me(), period)
    return render_template(
        "desk/figures.html",
        r=found,
        preset=preset,
        presets=PRESETS,
        hours=report.hours,
        percent=report.percent,
        may_export=may_ever(me(), Action.EXPORT_FIGURES),
    )


@blueprint.get("/csv")
@requires(Action.EXPORT_FIGURES)
def export() -> Response:
    _, period = _period()
    name = f"so-lieu-{period.start:%Y%m%d}-{period.end:%Y%m%d}.csv"
    return Response(
        report.export(app(), me(), period),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _period() -> tuple[str, Period]:
    """The chosen preset, or `from`–`to`. Raises InvalidInput."""
    presets = report.presets(report.today(app().store.now()))
    start, end = request.args.get("from", ""), request.args.get("to", "")
    if start or end:
        return "", Period(_day(start), _day(end))
    preset = request.args.get("period", DEFAULT)
    return (preset, presets[preset]) if preset in presets else (DEFAULT, presets[DEFAULT])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Ngày chưa đúng.", field="from") from None
