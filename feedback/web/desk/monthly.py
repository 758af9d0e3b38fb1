"""The printable report of a month."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from feedback.domain.permissions import WARD_ROLES, Action, Role
from feedback.services import monthly as sheets
from feedback.services import periods
from feedback.services.report import CITY_WIDE
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import asked, pictures, plain

blueprint = Blueprint("monthly", __name__, url_prefix="/so-lieu")


@blueprint.get("/bao-cao")
@requires(Action.VIEW_FIGURES)
def report() -> str:
    month = asked.month()
    actor, now = me(), app().store.now()
    found = sheets.monthly(app(), actor, month, request.args.get("ward") or None)
    return render_template(
        "desk/monthly.html",
        m=found,
        r=found.report,
        month=month,
        unfinished=month.end >= periods.today(now),
        made_at=now,
        sentences=[*plain.of_report(found.report), *plain.of_standing(found.standing, found.wards)],
        year=pictures.months(found.year),
        histogram=pictures.histogram(found.spread),
        address=asked.in_address(month, found.report.scope),
        whole_city=bool(actor.roles & CITY_WIDE),
        sees_officers=Role.AUDITOR in actor.roles or bool(actor.roles & WARD_ROLES),
    )
