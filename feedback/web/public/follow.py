"""Following a ticket: code and contact first, then its page for half an hour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from channels.text import clean, line
from feedback.domain import codes
from feedback.domain.errors import DomainError, NotFound
from feedback.domain.permissions import Action
from feedback.services import answer, citizen
from feedback.services import appeal as appeals
from feedback.services import letter as letters
from feedback.services.app import App
from feedback.store.faults import DATABASE_DOWN
from feedback.web import errors
from feedback.web.access import public_route
from feedback.web.current import app, settings
from feedback.web.language import gettext
from feedback.web.public import entry as entries
from feedback.web.public import passes, portal, sending, timeline
from feedback.web.public.entry import Entry
from feedback.web.public.gates import Rule, address, code_key, gates
from feedback.web.public.portal import Problem

blueprint = Blueprint("follow", __name__)
blueprint.register_error_handler(RequestEntityTooLarge, portal.too_large)

Answer = Response | Redirect
_SHOWN = (Action.RATE, Action.REOPEN, Action.APPEAL, Action.JOIN)
STARS = frozenset("12345")
CITY_HOTLINE = "1022"
"""The city's number, where this service has no hotline of its own."""


@blueprint.get("/tra-cuu")
@public_route
def lookup() -> Response:
    """Ask for code and contact."""
    return _lookup_page()


@blueprint.post("/tra-cuu")
@public_route
def prove() -> Answer:
    """Open the ticket's page, or say one same sentence whatever was wrong."""
    code, contact = line(request.form.get("code", ""), 60), line(request.form.get("contact", ""), 254)
    if stale := sending.token_fault():
        return _lookup_page(code, contact, Problem(400, stale))
    missing = _missing(code, contact)
    if missing:
        return _lookup_page(code, contact, missing)
    guessed = code_key(codes.normalise(code) or code)
    if not _may_try(guessed):
        return _lookup_page(code, contact, _too_often())
    try:
        passes.grant(citizen.prove(app(), code, contact))
    except NotFound:
        gates().count(Rule.WRONG_BY_ADDRESS, address())
        gates().count(Rule.WRONG_BY_CODE, guessed)
        return _lookup_page(code, contact, Problem(404, _nothing_found()))
    return redirect(url_for("follow.ticket"), 303)


def _proven(view: Callable[[str], Answer]) -> Callable[[], Answer]:
    """Only with a pass for the ticket that the page showed; what was typed is given back otherwise."""

    @wraps(view)
    def guarded() -> Answer:
        code = passes.current()
        if request.method != "POST":
            return view(code) if code else redirect(url_for("follow.lookup"))
        if code is None or request.form.get("code") != code:
            return _pass_ran_out()
        try:
            stale = sending.token_fault()
            return _ticket_page(code, Problem(400, stale)) if stale else view(code)
        except DATABASE_DOWN:
            return _lookup_page(problem=portal.unavailable(), unsent=clean(request.form.get("text", "")))

    return guarded


@blueprint.get("/ho-so")
@public_route
@_proven
def ticket(code: str) -> Answer:
    """The conversation, where it stands, what can be done."""
    return _ticket_page(code)


@blueprint.get("/ho-so/van-ban")
@public_route
@_proven
def letter(code: str) -> Answer:
    """The letter by which a complaint was handed over, whole and fit for printing."""
    try:
        found = letters.of_citizen(app(), code)
    except NotFound:
        return redirect(url_for("follow.ticket"))
    return make_response(render_template("public/letter.html", letter=found))


@blueprint.post("/ho-so/danh-gia")
@public_route
@_proven
def rate(code: str) -> Answer:
    """One to five stars."""
    stars = request.form.get("stars", "")
    if stars not in STARS:
        words = gettext("Hãy chọn từ 1 đến 5 sao.")
        return _ticket_page(code, Problem(422, words, {"stars": words}))
    try:
        citizen.rate(app(), code, int(stars))
    except DomainError as refusal:
        return _refused(code, refusal)
    flash(gettext("Cảm ơn anh/chị đã đánh giá."), "success")
    return redirect(url_for("follow.ticket"), 303)


@blueprint.post("/ho-so/mo-lai")
@public_route
@_proven
def reopen(code: str) -> Answer:
    """It is not settled: back to whoever had it."""
    done = gettext("Hồ sơ đã được mở lại. Chúng tôi sẽ xem và trả lời anh/chị.")
    return _contest(code, "reopen", citizen.reopen, done)


@blueprint.post("/ho-so/de-nghi")
@public_route
@_proven
def appeal(code: str) -> Answer:
    """The Centre is asked to look at the answer."""
    done = gettext("Trung tâm đã nhận đề nghị của anh/chị, sẽ xem xét và trả lời.")
    return _contest(code, "appeal", appeals.submit, done)


def _contest(code: str, field: str, change: Callable[[App, str, str], object], done: str) -> Answer:
    text = clean(request.form.get("text", ""))
    problem = _text_problem(field, text, answer.MAX_LENGTH) or portal.hindrance()
    if problem:
        return _ticket_page(code, problem)
    try:
        change(app(), code, text)
    except DomainError as refusal:
        return _refused(code, refusal)
    flash(done, "success")
    return redirect(url_for("follow.ticket"), 303)


@blueprint.post("/ho-so/bo-sung")
@public_route
@_proven
def add(code: str) -> Answer:
    """A further message, through the same door as every message."""
    entry, chosen = entries.read(request.form), sending.chosen_files()
    problem = _text_problem("add", entry.text, entries.MAX_TEXT) or _file_problem(chosen.fault)
    if problem := problem or portal.hindrance():
        return _ticket_page(code, problem)
    said = Entry(text=entry.text, submission=entry.submission)
    outcome = sending.submit(entries.to_form(said, chosen.files, code), chosen.files)
    if outcome.code not in (None, code):
        # Closed in the same moment: the words became a ticket of their own rather than being lost.
        passes.sent(str(outcome.code))
        return redirect(url_for("portal.thanks"), 303)
    flash(gettext("Đã nhận thông tin bổ sung của anh/chị."), "success")
    return redirect(url_for("follow.ticket"), 303)


@blueprint.get("/ho-so/danh-gia")
@blueprint.get("/ho-so/mo-lai")
@blueprint.get("/ho-so/de-nghi")
@blueprint.get("/ho-so/bo-sung")
@public_route
def back() -> Answer:
    """A page that answered a form, asked for again (reload, another language): the ticket's own page."""
    return redirect(url_for("follow.ticket"))


@blueprint.post("/ho-so/thoat")
@public_route
def leave() -> Answer:
    """End the pass, for shared telephones."""
    passes.end()
    return redirect(url_for("follow.lookup"), 303)


def _lookup_page(
    code: str = "", contact: str = "", problem: Problem | None = None, unsent: str = ""
) -> Response:
    page = render_template(
        "public/lookup.html",
        code=code,
        contact=contact,
        notice=problem.notice if problem else None,
        faults=problem.faults if problem else {},
        unsent=unsent,
        hotline=_hotline(),
    )
    return portal.answer(page, problem)


def _ticket_page(code: str, problem: Problem | None = None) -> Answer:
    try:
        followed = citizen.see(app(), code)
    except NotFound:
        passes.end()
        return redirect(url_for("follow.lookup"))
    page = render_template(
        "public/ticket.html",
        ticket=followed,
        steps=timeline.steps(followed),
        may={action: action in followed.may for action in _SHOWN},
        notice=problem.notice if problem else None,
        faults=problem.faults if problem else {},
        typed=clean(request.form.get("text", "")),
        submission=entries.new_submission(),
        max_text=entries.MAX_TEXT,
        max_reopen=answer.MAX_LENGTH,
        upload_bytes=settings().limits.upload_bytes,
    )
    return portal.answer(page, problem)


def _hotline() -> str:
    hotline = settings().channels.hotline
    return hotline.number if hotline else CITY_HOTLINE


def _pass_ran_out() -> Response:
    notice = gettext("Đã hết phiên xem hồ sơ. Xin nhập lại mã hồ sơ và số điện thoại hoặc email.")
    return _lookup_page(problem=Problem(403, notice), unsent=clean(request.form.get("text", "")))


def _missing(code: str, contact: str) -> Problem | None:
    found = {}
    if not code:
        found["code"] = gettext("Hãy nhập mã hồ sơ.")
    elif codes.normalise(code) is None:  # the check character tells a slip; it tells nothing of what exists
        found["code"] = gettext("Mã này viết chưa đúng. Xin xem lại từng chữ, từng số.")
    if not contact:
        found["contact"] = gettext("Hãy nhập số điện thoại hoặc email.")
    return Problem(422, gettext("Xin xem lại những ô được đánh dấu."), found) if found else None


def _may_try(guessed: str) -> bool:
    return gates().is_open(Rule.WRONG_BY_ADDRESS, address()) and gates().is_open(Rule.WRONG_BY_CODE, guessed)


def _too_often() -> Problem:
    return Problem(429, gettext("Đã thử quá nhiều lần. Xin chờ vài phút rồi thử lại."))


def _nothing_found() -> str:
    return gettext(
        "Không tìm thấy hồ sơ nào có mã và số điện thoại hoặc email này. Xin kiểm tra lại cả hai ô."
    )


def _text_problem(form: str, text: str, limit: int) -> Problem | None:
    fault = entries.text_fault(text, limit)
    return (
        Problem(422, gettext("Chưa gửi được. Xin xem lại ô được đánh dấu."), {form: fault}) if fault else None
    )


def _file_problem(fault: str | None) -> Problem | None:
    return (
        Problem(422, gettext("Chưa gửi được. Xin xem lại ô được đánh dấu."), {"files": fault})
        if fault
        else None
    )


def _refused(code: str, refusal: DomainError) -> Answer:
    return _ticket_page(code, Problem(errors.STATUS.get(type(refusal), 400), gettext(refusal.message_vi)))
