"""The citizens' start page: write, send, and get a code to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from feedback.services import intake
from feedback.store.faults import DATABASE_DOWN
from feedback.web import errors
from feedback.web.access import public_route
from feedback.web.current import app, settings
from feedback.web.language import gettext
from feedback.web.public import entry as entries
from feedback.web.public import passes, sending
from feedback.web.public.entry import Entry
from feedback.web.public.gates import Rule, address, gates

blueprint = Blueprint("portal", __name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was sent: `notice` stands above the form, `faults` beside the fields."""

    status: int
    notice: str
    faults: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/")
@public_route
def start() -> Response:
    """The form, empty."""
    return form_page(Entry())


@blueprint.post("/")
@public_route
def send() -> Response | Redirect:
    """Send the form; everything typed is kept where something is wrong."""
    entry, chosen = entries.read(request.form), sending.chosen_files()
    problem = _wrong_fields(entry, chosen.fault) or hindrance()
    if problem:
        return form_page(entry, problem, files_lost=bool(chosen.files))
    try:
        outcome = sending.submit(entries.to_form(entry, chosen.files), chosen.files)
    except DATABASE_DOWN:
        return form_page(entry, unavailable(), files_lost=bool(chosen.files))
    if outcome.code is None:
        return form_page(entry, Problem(422, gettext("Hệ thống chưa đọc được nội dung. Xin kiểm tra lại.")))
    passes.sent(outcome.code)
    return redirect(url_for("portal.thanks"), 303)


@blueprint.get("/da-gui")
@public_route
def thanks() -> str | Redirect:
    """The code, large, and what happens next. Its address tells nothing."""
    code = passes.last_sent()
    if code is None:
        return redirect(url_for("portal.start"))
    with app().store.reading() as session:
        terms = app().rules.in_force(session, app().store.now())
    return render_template("public/thanks.html", code=code, terms=terms)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Counted, and said with the limit. The body was not read, so the browser's "back" still has the text."""
    try:
        intake.refuse(app(), sending.CHANNEL, "too_large")
    except DATABASE_DOWN:
        return errors.page(413)
    megabytes = settings().limits.upload_bytes // 2**20
    return errors.page(
        413,
        gettext(
            "Tất cả tệp cùng nội dung chỉ được tối đa %(size)s MB. "
            "Bấm “Quay lại” trên trình duyệt để bớt tệp; nội dung đã viết vẫn còn.",
            size=megabytes,
        ),
    )


def form_page(entry: Entry, problem: Problem | None = None, *, files_lost: bool = False) -> Response:
    """The form with what was typed and what is wrong with it."""
    page = render_template(
        "public/start.html",
        entry=entry,
        faults=problem.faults if problem else {},
        notice=problem.notice if problem else None,
        files_lost=files_lost and problem is not None,
        max_text=entries.MAX_TEXT,
        upload_bytes=settings().limits.upload_bytes,
    )
    return answer(page, problem)


def answer(page: str, problem: Problem | None) -> Response:
    """The page with the status of what went wrong, and when to come back where that helps."""
    response = make_response(page, problem.status if problem else 200)
    if problem and problem.status == 503:
        response.headers["Retry-After"] = str(errors.RETRY_SECONDS)
    return response


def hindrance() -> Problem | None:
    """What keeps a correct form from being sent now: an old page, or too many messages from one address."""
    stale = sending.token_fault()
    if stale:
        return Problem(400, stale)
    if gates().count(Rule.SEND, address()):
        return None
    return Problem(
        429, gettext("Có quá nhiều lượt gửi từ mạng này. Xin chờ một phút rồi gửi lại; nội dung vẫn còn đây.")
    )


def unavailable() -> Problem:
    return Problem(
        503,
        gettext("Hệ thống đang gián đoạn nên chưa gửi được. Nội dung vẫn còn đây: xin gửi lại sau ít phút."),
    )


def _wrong_fields(entry: Entry, file_fault: str | None) -> Problem | None:
    found = entries.faults(entry)
    if file_fault:
        found["files"] = file_fault
    if "website" in found:
        _count_robot()
    if not found:
        return None
    return Problem(422, gettext("Chưa gửi được. Xin xem lại những ô được đánh dấu."), found)


def _count_robot() -> None:
    try:
        intake.refuse(app(), sending.CHANNEL, "honeypot")
    except DATABASE_DOWN:
        return  # a robot's try need not be counted while nothing can be stored
