"""Requests of persons about their data, legal holds, the register of deletions: the privacy officer's screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as Redirect

from feedback.domain import rights as words_of
from feedback.domain.errors import DomainError, IllegalChange, InvalidInput, NotFound
from feedback.domain.permissions import Action
from feedback.domain.retention import Outcome, Request, Rule, Subject, shipped
from feedback.domain.rights import Correction
from feedback.services import hold, my_data, periods, rights, rights_desk
from feedback.services.periods import Period
from feedback.services.rights import Decision
from feedback.store.tables import Erasure
from feedback.web import download
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import words
from feedback.web.desk.badges import Badge
from feedback.web.language import gettext

blueprint = Blueprint("rights", __name__)

WAYS: dict[str, Any] = {
    "portal": lazy_gettext("Cổng thông tin"),
    "channel": lazy_gettext("Kênh tiếp nhận báo"),
    "counter": lazy_gettext("Tại quầy"),
}
STATES = {
    "asked": Badge(lazy_gettext("Chờ giải quyết"), "warn"),
    "granted": Badge(lazy_gettext("Đang báo người dân"), "info"),
    "done": Badge(lazy_gettext("Đã thực hiện"), "good"),
    "refused": Badge(lazy_gettext("Từ chối"), ""),
}
ERASED: dict[str, Any] = {
    "ticket": lazy_gettext("Nội dung hồ sơ"),
    "writer": lazy_gettext("Liên hệ giữa hồ sơ và người gửi"),
    "contact": lazy_gettext("Thông tin liên hệ"),
    "upload": lazy_gettext("Tệp gửi kèm"),
    "raw": lazy_gettext("Bản gốc"),
    "file": lazy_gettext("Tệp không còn nơi dùng"),
}
COUNTED: dict[str, Any] = {
    "messages": lazy_gettext("tin nhắn"),
    "attachments": lazy_gettext("tệp"),
    "raw": lazy_gettext("bản gốc"),
    "predictions": lazy_gettext("kết quả phân loại"),
    "sealed": lazy_gettext("mục trong kho hạn chế"),
}
SUBJECTS: dict[str, Any] = {
    "ticket": lazy_gettext("Hồ sơ"),
    "contact": lazy_gettext("Người gửi"),
    "raw_event": lazy_gettext("Bản gốc"),
    "blob": lazy_gettext("Tệp"),
}
RULES: dict[Subject, Any] = {
    Subject.QUARANTINED: lazy_gettext("Tin cách ly"),
    Subject.IGNORED: lazy_gettext("Sự kiện không phải tin nhắn"),
    Subject.RAW_BODY: lazy_gettext("Bản gốc của tin nhắn"),
    Subject.UPLOAD: lazy_gettext("Tệp gửi kèm"),
    Subject.LOGIN: lazy_gettext("Đăng nhập của cán bộ"),
}
OUTCOMES: dict[Outcome, Any] = {
    Outcome.SETTLED: lazy_gettext("đã giải quyết"),
    Outcome.REJECTED: lazy_gettext("bị từ chối"),
    Outcome.HANDED_OVER: lazy_gettext("đã chuyển"),
    Outcome.SPAM: lazy_gettext("tin rác"),
}


@blueprint.get("/quyen-du-lieu")
@requires(Action.MANAGE_RIGHTS)
def board() -> Response:
    return _board(None, 200)


@blueprint.post("/quyen-du-lieu")
@requires(Action.MANAGE_RIGHTS)
def ask() -> Response | Redirect:
    """A person came to the counter."""
    form = request.form
    try:
        kind = _kind(form.get("kind", ""))
        new = _correction() if kind is Request.CORRECT else None
        asked = rights.ask_at_counter(app(), me(), form.get("code", ""), kind, new)
    except NotFound:
        return _board(InvalidInput(_no_such_code(), field="code"), 404)
    except InvalidInput as error:
        return _board(error, 422)
    flash(gettext("Đã ghi nhận yêu cầu %(ref)s.", ref=asked.ref), "success")
    return redirect(url_for("rights.show", request_id=asked.id))


@blueprint.get("/quyen-du-lieu/<int:request_id>")
@requires(Action.MANAGE_RIGHTS)
def show(request_id: int) -> Response:
    return _request_page(request_id, None, 200)


@blueprint.post("/quyen-du-lieu/<int:request_id>")
@requires(Action.MANAGE_RIGHTS)
def decide(request_id: int) -> Response | Redirect:
    form = request.form
    decision = Decision(form.get("decision") == "grant", form.get("reason", ""), form.get("note", "")[:1000])
    try:
        if decision.grant and form.get("sure") != "1":
            raise InvalidInput("Hãy xác nhận đã kiểm tra người yêu cầu.", field="sure")
        settled = rights.settle(app(), me(), request_id, decision)
    except IllegalChange as error:
        return _request_page(request_id, error, 409)
    except InvalidInput as error:
        return _request_page(request_id, error, 422)
    flash(gettext("Đã giải quyết yêu cầu %(ref)s.", ref=settled.ref), "success")
    return redirect(url_for("rights.show", request_id=request_id))


@blueprint.get("/quyen-du-lieu/<int:request_id>/du-lieu.json")
@requires(Action.MANAGE_RIGHTS)
def hand_over(request_id: int) -> Response:
    """The file for a person who asked at the counter."""
    found = my_data.hand_over(app(), me(), request_id)
    return download.json_file(found.as_json(), f"du-lieu-{request_id}.json")


@blueprint.post("/quyen-du-lieu/giu")
@requires(Action.MANAGE_RIGHTS)
def put_hold() -> Response | Redirect:
    """Hold a ticket by its code, or everything of whoever wrote it."""
    form = request.form
    everything = form.get("everything") == "1"
    try:
        code, reason = form.get("code", ""), form.get("reason", "")
        hold.put(app(), me(), code, reason, form.get("authority", ""), everything=everything)
    except NotFound:
        return _board(InvalidInput(_no_such_code(), field="hold"), 404)
    except (InvalidInput, IllegalChange) as error:
        return _board(error, 422)
    flash(gettext("Đã ghi lệnh giữ hồ sơ."), "success")
    return redirect(url_for("rights.board"))


@blueprint.post("/ho-so/<code>/giu")
@requires(Action.HOLD)
def hold_ticket(code: str) -> Redirect:
    """From the ticket's own page."""
    reason, authority = request.form.get("reason", ""), request.form.get("authority", "")
    return _on_ticket(
        code, gettext("Đã ghi lệnh giữ hồ sơ."), lambda: hold.put(app(), me(), code, reason, authority)
    )


@blueprint.post("/giu/<int:hold_id>/go")
@requires(Action.HOLD)
def lift_hold(hold_id: int) -> Redirect:
    reason, code = request.form.get("reason", ""), request.form.get("code", "")
    return _on_ticket(code, gettext("Đã gỡ lệnh giữ hồ sơ."), lambda: hold.lift(app(), me(), hold_id, reason))


@blueprint.get("/so-xoa")
@requires(Action.MANAGE_RIGHTS)
def register() -> str:
    period = _period()
    found = rights_desk.register(app(), me(), period)
    return render_template(
        "desk/erasures.html",
        rows=found,
        period=period,
        most=rights_desk.MOST_LINES,
        subject=_subject,
        cause_of=rights_desk.cause_of,
        rule_title=_rule_title,
        rules={rule.id: rule for rule in shipped().rules},
        counted=COUNTED,
        erased=ERASED,
        plan=shipped(),
    )


@blueprint.get("/so-xoa/csv")
@requires(Action.MANAGE_RIGHTS)
def export() -> Response:
    period = _period()
    name = f"so-xoa-{period.start:%Y%m%d}-{period.end:%Y%m%d}.csv"
    return download.file(rights_desk.export(app(), me(), period), "text/csv", name)


def _board(problem: DomainError | None, status: int) -> Response:
    found = rights_desk.board(app(), me())
    page = render_template(
        "desk/rights.html",
        b=found,
        now=app().store.now(),
        problem=problem,
        typed=request.form if problem else {},
        titles=words_of.TITLES,
        ways=WAYS,
        states=STATES,
        hold_reasons=words_of.HOLDS,
        lift_reasons=words_of.LIFTS,
        reason_titles={reason.id: reason.title for reason in words_of.HOLDS},
        plan=shipped(),
    )
    return make_response(page, status)


def _request_page(request_id: int, problem: DomainError | None, status: int) -> Response:
    opened = rights_desk.open_request(app(), me(), request_id)
    page = render_template(
        "desk/rights_request.html",
        o=opened,
        r=opened.request,
        now=app().store.now(),
        problem=problem,
        typed=request.form if problem else {},
        titles=words_of.TITLES,
        ways=WAYS,
        states=STATES,
        refusals=words_of.REFUSALS,
        reason_titles={row.id: row.title for row in (*words_of.REFUSALS, words_of.AS_ASKED)},
        plan=shipped(),
    )
    return make_response(page, status)


def _on_ticket(code: str, done: str, change: Callable[[], object]) -> Redirect:
    """Back to where the form stood: the ticket's page, or the officer's own."""
    try:
        change()
        flash(done, "success")
    except (InvalidInput, IllegalChange) as error:
        flash(gettext(error.message_vi), "error")
    return redirect(url_for("ticket.show", code=code) if code else url_for("rights.board"))


def _subject(line: Erasure) -> str:
    """ "Hồ sơ 12": by its number, for the code may tell an insider more than the register should."""
    name, _, number = rights_desk.subject_of(line).partition(" ")
    return f"{SUBJECTS[name]} {number}"


def _rule_title(rule: Rule) -> str:
    if rule.kind is None:
        return str(RULES[rule.subject])
    title = words.kind_title(rule.kind)
    return f"{title}, {OUTCOMES[rule.outcome]}" if rule.outcome is not None else title


def _kind(text: str) -> Request:
    try:
        return Request(text)
    except ValueError:
        raise InvalidInput("Hãy chọn loại yêu cầu.", field="kind") from None


def _correction() -> Correction:
    form = request.form
    return Correction.typed(form.get("name", ""), form.get("phone", ""), form.get("email", ""))


def _no_such_code() -> str:
    return "Không có hồ sơ nào với mã này trong phạm vi được xem."


def _period() -> Period:
    """`from`–`to`, or this year. Raises InvalidInput."""
    start, end = request.args.get("from", ""), request.args.get("to", "")
    if not (start or end):
        return periods.presets(periods.today(app().store.now()))["year"]
    try:
        return Period(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        raise InvalidInput("Ngày chưa đúng.", field="from") from None
