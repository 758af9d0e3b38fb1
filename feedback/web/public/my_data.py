"""“My data”: what is held with the proven ticket, to read, take along, have corrected or erased."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from channels.text import line
from feedback.domain import fields
from feedback.domain import rights as words_of
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.retention import Request, shipped
from feedback.domain.rights import Correction
from feedback.domain.texts import hanoi_time
from feedback.services import my_data, rights
from feedback.web import download
from feedback.web.access import public_route
from feedback.web.current import app
from feedback.web.language import chosen, gettext
from feedback.web.public import passes, portal, sending
from feedback.web.public.portal import Problem

blueprint = Blueprint("my_data", __name__, url_prefix="/ho-so/du-lieu")

Answer = Response | Redirect
ASKABLE = (Request.CORRECT, Request.DELETE, Request.WITHDRAW)


@blueprint.get("")
@public_route
def show() -> Answer:
    """Everything on one page, with what can be asked."""
    code = passes.current()
    return _page(code) if code else redirect(url_for("follow.lookup"))


@blueprint.post("/tai-ve")
@public_route
def take() -> Answer:
    """The same as a JSON file."""
    code = _proven()
    if code is None:
        return redirect(url_for("follow.lookup"), 303)
    if stale := sending.token_fault():
        return _page(code, Problem(400, stale))
    try:
        found = my_data.take(app(), code)
    except NotFound:
        return _gone()
    return download.json_file(found.as_json(), f"du-lieu-{code}.json")


@blueprint.post("")
@public_route
def ask() -> Answer:
    """Write a request down; an officer decides it."""
    code = _proven()
    if code is None:
        return redirect(url_for("follow.lookup"), 303)
    if stale := sending.token_fault():
        return _page(code, Problem(400, stale))
    try:
        kind = _kind(request.form.get("kind", ""))
        asked = rights.ask(app(), code, kind, _correction() if kind is Request.CORRECT else None)
    except NotFound:
        return _gone()
    except InvalidInput as fault:
        text = gettext(fault.message_vi)
        return _page(code, Problem(422, text, {fault.field: text} if fault.field else {}))
    flash(
        gettext(
            "Đã ghi nhận yêu cầu %(ref)s. Chúng tôi phản hồi trước %(answer)s và thực hiện trước %(done)s.",
            ref=asked.ref,
            answer=hanoi_time(asked.answer_due_at),
            done=hanoi_time(asked.due_at),
        ),
        "success",
    )
    return redirect(url_for("my_data.show"), 303)


@blueprint.get("/tai-ve")
@public_route
def back() -> Answer:
    """A page that answered a form, asked for again."""
    return redirect(url_for("my_data.show"))


def _proven() -> str | None:
    """The code of the pass, where the form is that of the same ticket."""
    code = passes.current()
    return code if code is not None and request.form.get("code") == code else None


def _page(code: str, problem: Problem | None = None) -> Answer:
    try:
        found = my_data.see(app(), code)
    except NotFound:
        return _gone()
    page = render_template(
        "public/my_data.html",
        code=code,
        data=found,
        plan=shipped(),
        kept=_kept(),
        titles=words_of.TITLES,
        asked={row.kind for row in found.requests if row.state in ("asked", "granted")},
        notice=problem.notice if problem else None,
        faults=problem.faults if problem else {},
        typed=request.form if problem else {},
    )
    response = portal.answer(page, problem)
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept() -> list[tuple[str, int, bool]]:
    """Title of the kind, years, and whether they are assumed."""
    return [
        (title.en if chosen() == "en" else title.vi, rule.years, rule.assumed)
        for rule in shipped().rules
        if rule.kind is not None and rule.outcome is None
        for title in (fields.kind_title(rule.kind),)
    ]


def _gone() -> Redirect:
    """Erased meanwhile: the same as for a ticket that never was."""
    passes.end()
    return redirect(url_for("follow.lookup"), 303)


def _kind(text: str) -> Request:
    for kind in ASKABLE:
        if kind.value == text:
            return kind
    raise InvalidInput("Hãy chọn loại yêu cầu.", field="kind")


def _correction() -> Correction:
    form = request.form
    return Correction.typed(
        line(form.get("name", "")), line(form.get("phone", "")), line(form.get("email", ""))
    )
