"""The auditor's pages: figures of a period, the table of wards, how answers spread, officers of one ward."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from feedback.domain import proportions
from feedback.domain.permissions import WARD_ROLES, Action, Actor, Role
from feedback.domain.proportions import Count
from feedback.services import league as leagues
from feedback.services import recompute, report
from feedback.services.periods import Period
from feedback.services.report import CITY_WIDE, Scope
from feedback.store.queries.figures import By
from feedback.web.access import may_ever, me, requires
from feedback.web.current import app
from feedback.web.desk import asked, pictures, plain

blueprint = Blueprint("figures", __name__, url_prefix="/so-lieu")

BREAKDOWNS = {
    By.WARD: lazy_gettext("Theo phường/xã"),
    By.FIELD: lazy_gettext("Theo lĩnh vực"),
    By.CHANNEL: lazy_gettext("Theo kênh"),
    By.LEVEL: lazy_gettext("Theo mức độ"),
    By.KIND: lazy_gettext("Theo loại"),
}


@blueprint.get("")
@requires(Action.VIEW_FIGURES)
def overview() -> str:
    preset, period = asked.period()
    actor, scope = me(), asked.scope()
    by = _by(report.bound(actor, scope))
    found = report.overview(app(), actor, period, scope, [by])
    return render_template(
        "desk/figures.html",
        r=found,
        by=by,
        breakdowns=BREAKDOWNS,
        groups=found.groups[by],
        whole=proportions.wilson(Count(found.total.on_time, found.total.judged)),
        sentences=plain.of_report(found),
        over_time=pictures.over_time(found),
        compared=recompute.last_run(app()) if may_ever(actor, Action.VIEW_AUDIT) else None,
        alarm=recompute.alarm(app()) if may_ever(actor, Action.VIEW_AUDIT) else None,
        **around(actor, period, found.scope, preset),
    )


@blueprint.get("/bang-xep-hang")
@requires(Action.VIEW_FIGURES)
def league() -> str:
    preset, period = asked.period()
    found = leagues.league(app(), me(), period)
    return render_template(
        "desk/league.html",
        league=found,
        enough=leagues.ENOUGH,
        pictures=pictures.league(found),
        **around(me(), period, Scope(), preset),
    )


@blueprint.get("/phan-bo")
@requires(Action.VIEW_FIGURES)
def spread() -> str:
    preset, period = asked.period()
    found = report.spreads(app(), me(), period, asked.scope())
    return render_template(
        "desk/spread.html",
        s=found,
        days=pictures.DAYS,
        histogram=pictures.histogram(found),
        heat=pictures.heat(found),
        **around(me(), period, found.scope, preset),
    )


@blueprint.get("/can-bo")
@requires(Action.VIEW_FIGURES)
def officers() -> str:
    preset, period = asked.period()
    found = report.officers(app(), me(), period, request.args.get("ward") or None)
    return render_template(
        "desk/officers.html",
        o=found,
        enough=leagues.ENOUGH,
        **around(me(), period, Scope(ward_code=found.ward_code), preset),
    )


def around(actor: Actor, period: Period, scope: Scope, preset: str) -> dict[str, Any]:
    """What every page of figures has: navigation, the period, who may do what."""
    return {
        "period": period,
        "scope": scope,
        "preset": preset,
        "presets": asked.PRESETS,
        "address": asked.in_address(period, scope),
        "may_export": may_ever(actor, Action.EXPORT_FIGURES),
        "sees_officers": Role.AUDITOR in actor.roles or bool(actor.roles & WARD_ROLES),
        "whole_city": bool(actor.roles & CITY_WIDE),
    }


def _by(scope: Scope) -> By:
    """The chosen breakdown; by field where there is but one ward."""
    fallback = By.FIELD if scope.ward_code else By.WARD
    chosen = request.args.get("by", "")
    return By(chosen) if chosen in set(By) else fallback
