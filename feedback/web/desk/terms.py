"""The terms: what is due when, in which version, and what another version would change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from feedback.clock import in_hanoi, midnight
from feedback.domain.errors import InvalidInput, NotFound, StaleVersion
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Action
from feedback.domain.reasons import PAUSE
from feedback.domain.terms import Unit
from feedback.services import legislate, rejudge
from feedback.services.rejudge import Target
from feedback.store.queries import lists
from feedback.web.access import may_ever, me, requires
from feedback.web.current import app
from feedback.web.desk import terms_form
from feedback.web.language import gettext

blueprint = Blueprint("terms", __name__, url_prefix="/thoi-han")

BLANK_ROWS = 3
_LONGEST_DOCUMENT = 200_000


@blueprint.get("")
@requires(Action.VIEW_TERMS)
def overview() -> Response:
    return _page(None, 200)


@blueprint.get("/<version>")
@requires(Action.VIEW_TERMS)
def show(version: str) -> str:
    """One version as it was published."""
    book = legislate.book(app(), me())
    row = next((row for row in book.versions if row.version == version), None)
    if row is None:
        raise NotFound
    with app().store.reading() as session:
        terms = app().rules.terms(session, version)
    return render_template("desk/terms_version.html", book=book, row=row, terms=terms, **_choices())


@blueprint.post("/xem-truoc")
@requires(Action.MANAGE_TERMS)
def preview() -> Response:
    """What the edited terms would do to the running tickets. Nothing is changed yet."""
    try:
        book = legislate.book(app(), me())
        document = terms_form.document(request.form, book.document)
        terms = legislate.drafted(app(), me(), document)
        found = rejudge.effect(app(), me(), Target(terms=terms))
    except InvalidInput as problem:
        return _page(problem, 422)
    return _preview(terms=terms, document=document, base=request.form.get("base", ""), effect=found)


@blueprint.post("/ban-hanh")
@requires(Action.MANAGE_TERMS)
def publish() -> Response | Redirect:
    document = _document()
    base, note = request.form.get("base", ""), request.form.get("note", "")
    move = {"move": True, "keep": False}.get(request.form.get("running", ""))
    try:
        terms = legislate.publish(app(), me(), document, base=base, note=note, move=move)
    except StaleVersion:
        message = gettext("Có người vừa ban hành phiên bản khác. Hãy xem phiên bản mới rồi sửa lại.")
        return _page(InvalidInput(message), 409)
    except InvalidInput as problem:
        try:
            terms = legislate.drafted(app(), me(), document)
        except InvalidInput as worse:
            return _page(worse, 422)
        found = rejudge.effect(app(), me(), Target(terms=terms))
        return _preview(422, terms=terms, document=document, base=base, effect=found, problem=problem)
    flash(gettext("Đã ban hành %(version)s.", version=terms.version), "success")
    return redirect(url_for("terms.overview"))


@blueprint.post("/lich/xem-truoc")
@requires(Action.MANAGE_TERMS)
def preview_calendar() -> Response:
    """What the shipped calendar would do to tickets that are judged by an older one."""
    version = legislate.book(app(), me()).calendar_version
    found = rejudge.effect(app(), me(), Target(calendar_version=version))
    return _preview(calendar_version=version, effect=found)


@blueprint.post("/lich/chuyen")
@requires(Action.MANAGE_TERMS)
def move_calendar() -> Response | Redirect:
    version = legislate.book(app(), me()).calendar_version
    try:
        rejudge.ask(app(), me(), Target(calendar_version=version), request.form.get("note", ""))
    except InvalidInput as problem:
        return _page(problem, 422)
    flash(gettext("Đang chuyển các hồ sơ sang lịch mới."), "success")
    return redirect(url_for("terms.overview"))


def _page(problem: InvalidInput | None, status: int) -> Response:
    book = legislate.book(app(), me())
    page = render_template(
        "desk/terms.html",
        book=book,
        problem=problem,
        typed=request.form if request.method == "POST" else {},
        editable=may_ever(me(), Action.MANAGE_TERMS),
        blank=BLANK_ROWS,
        tomorrow=_tomorrow(book.now),
        **_choices(),
    )
    return _answer(page, status)


def _preview(status: int = 200, **values: Any) -> Response:
    page = render_template(
        "desk/terms_preview.html", **{"problem": None, "terms": None, **values}, **_choices()
    )
    return _answer(page, status)


def _answer(page: str, status: int) -> Response:
    response = make_response(page)
    response.status_code = status
    return response


def _document() -> Mapping[str, Any]:
    """The document of the preview, which the browser brings back. Raises InvalidInput."""
    text = request.form.get("document", "")
    try:
        found = json.loads(text) if len(text) <= _LONGEST_DOCUMENT else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("Biểu mẫu thiếu thông tin. Hãy tải lại trang.")
    return found


def _choices() -> dict[str, Any]:
    with app().store.reading() as session:
        wards = lists.wards(session)
        fields = lists.fields(session, in_hanoi(app().store.now()).date())
    return {
        "wards": wards,
        "ward_names": {ward.code: ward.name for ward in wards},
        "fields": fields,
        "kinds": list(Kind),
        "levels": list(Level),
        "pause_reasons": PAUSE,
        "units": list(Unit),
    }


def _tomorrow(now: datetime) -> str:
    """The start of the next Hanoi day, as a date-time field writes it."""
    day = in_hanoi(now).date() + timedelta(days=1)
    return f"{midnight(day):%Y-%m-%dT%H:%M}"
