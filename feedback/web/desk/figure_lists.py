"""Lists beside the figures: the tickets behind a number, what is overdue, and everything as a file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext

from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Action
from feedback.services import export, overdue, periods, report
from feedback.services.report import Scope
from feedback.store.queries.figures import Counted
from feedback.web import download
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import asked
from feedback.web.desk.figures import around
from feedback.web.desk.inbox import row

blueprint = Blueprint("figure_lists", __name__, url_prefix="/so-lieu")

ELSEWHERE = "-"
"""In the place of a ward's code: what no ward answers for."""
COUNTED = {
    Counted.RECEIVED: lazy_gettext("Tiếp nhận"),
    Counted.ANSWERED: lazy_gettext("Đã trả lời"),
    Counted.JUDGED: lazy_gettext("Đã đến lúc đánh giá"),
    Counted.ON_TIME: lazy_gettext("Trả lời đúng hạn"),
    Counted.LATE: lazy_gettext("Trả lời trễ hoặc quá hạn chưa trả lời"),
    Counted.TAKEN_JUDGED: lazy_gettext("Đã đến lúc đánh giá việc tiếp nhận"),
    Counted.TAKEN_ON_TIME: lazy_gettext("Tiếp nhận đúng hạn"),
    Counted.TAKEN_LATE: lazy_gettext("Tiếp nhận trễ"),
    Counted.OVERDUE: lazy_gettext("Đang quá hạn"),
    Counted.REOPENED: lazy_gettext("Đã mở lại"),
    Counted.REJECTED: lazy_gettext("Từ chối"),
    Counted.HANDED_OVER: lazy_gettext("Đã chuyển cơ quan có thẩm quyền"),
    Counted.RATED: lazy_gettext("Được người dân đánh giá"),
}


@blueprint.get("/ho-so")
@requires(Action.VIEW_FIGURES)
def tickets() -> str:
    preset, period = asked.period()
    scope = asked.scope()
    elsewhere = scope.ward_code == ELSEWHERE
    if elsewhere:
        scope = Scope(None, scope.field_id, scope.channel, scope.level, scope.kind)
    counted = _counted()
    page = report.tickets(app(), me(), period, scope, counted, elsewhere=elsewhere, after=_after())
    now = app().store.now()
    shown = around(me(), period, report.bound(me(), scope), preset)
    back = dict(shown["address"])
    if elsewhere:
        shown["address"]["ward"] = ELSEWHERE
    return render_template(
        "desk/behind.html",
        rows=[row(line, now) for line in page.lines],
        following=page.following,
        counted=counted,
        title=COUNTED[counted],
        back=back,
        **shown,
    )


@blueprint.get("/qua-han")
@requires(Action.VIEW_FIGURES)
def overdue_now() -> str:
    preset, period = asked.period()
    return render_template(
        "desk/overdue.html", found=overdue.overdue(app(), me()), **around(me(), period, Scope(), preset)
    )


@blueprint.get("/csv")
@requires(Action.EXPORT_FIGURES)
def figures_csv() -> Response:
    _, period = asked.period()
    return download.file(export.figures_csv(app(), me(), period), "text/csv", f"so-lieu-{_days(period)}.csv")


@blueprint.get("/json")
@requires(Action.EXPORT_FIGURES)
def figures_json() -> Response:
    _, period = asked.period()
    return download.file(
        export.figures_json(app(), me(), period), "application/json", f"so-lieu-{_days(period)}.json"
    )


@blueprint.get("/qua-han/csv")
@requires(Action.EXPORT_FIGURES)
def overdue_csv() -> Response:
    day = periods.today(app().store.now())
    return download.file(export.overdue_csv(app(), me()), "text/csv", f"qua-han-{day:%Y%m%d}.csv")


def _days(period: periods.Period) -> str:
    return f"{period.start:%Y%m%d}-{period.end:%Y%m%d}"


def _counted() -> Counted:
    chosen = request.args.get("counted", Counted.RECEIVED)
    if chosen not in set(Counted):
        raise InvalidInput("Bộ lọc chưa đúng.", field="counted")
    return Counted(chosen)


def _after() -> int | None:
    """Raises InvalidInput for what is no id."""
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdigit() and len(given) < 19):
        raise InvalidInput("Bộ lọc chưa đúng.", field="after")
    return int(given) if given else None
