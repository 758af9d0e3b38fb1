"""Pausing, resuming, asking for more time; and the list of those who decide."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from feedback.clock import HANOI
from feedback.domain.deadlines import CLOSING
from feedback.domain.errors import DomainError, IllegalChange, InvalidInput, NotAllowed, StaleVersion
from feedback.domain.permissions import Action
from feedback.services import extending, pausing
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import moves
from feedback.web.errors import STATUS
from feedback.web.language import gettext

blueprint = Blueprint("extensions", __name__)


@blueprint.post("/ho-so/<code>/tam-dung")
@requires(Action.PAUSE)
def pause(code: str) -> Redirect:
    return moves.move(
        code,
        "pause",
        gettext("Thời hạn đã tạm dừng, người dân được báo."),
        lambda: pausing.pause(
            app(), me(), code, moves.version(), moves.text("reason"), moves.text("note"), _end_of("until")
        ),
    )


@blueprint.post("/ho-so/<code>/tiep-tuc")
@requires(Action.RESUME)
def resume(code: str) -> Redirect:
    return moves.move(
        code,
        "resume",
        gettext("Thời hạn được tính tiếp."),
        lambda: pausing.resume(app(), me(), code, moves.version()),
    )


@blueprint.post("/ho-so/<code>/de-nghi-gia-han")
@requires(Action.ASK_EXTENSION)
def ask(code: str) -> Redirect:
    term = f"{moves.text('number')}{moves.text('unit')}"
    return moves.move(
        code,
        "ask_extension",
        gettext("Đã gửi đề nghị gia hạn. Khi chưa được duyệt, hạn trả lời giữ nguyên."),
        lambda: extending.ask(
            app(), me(), code, moves.version(), moves.text("reason"), term, moves.text("note")
        ),
    )


@blueprint.post("/ho-so/<code>/duyet-gia-han")
@requires(Action.DECIDE_EXTENSION)
def decide(code: str) -> Redirect:
    return moves.move(code, "decide_extension", _decided(), lambda: _decide(code))


@blueprint.get("/gia-han")
@requires(Action.DECIDE_EXTENSION)
def listing() -> Response:
    """Every request that waits within one's reach, the nearest deadline first."""
    return _page(None, None)


@blueprint.post("/gia-han/<code>")
@requires(Action.DECIDE_EXTENSION)
def decide_in_list(code: str) -> Response | Redirect:
    """One click to approve; a refusal says why."""
    try:
        _decide(code)
    except (InvalidInput, StaleVersion, IllegalChange, NotAllowed) as refusal:
        return _page(code, refusal)
    flash(f"{code}: {_decided()}", "success")
    return redirect(url_for("extensions.listing"))


def _decide(code: str) -> None:
    approve = moves.text("decision") == extending.APPROVED
    extending.decide(app(), me(), code, moves.version(), approve=approve, note=moves.text("note"))


def _decided() -> str:
    if moves.text("decision") == extending.APPROVED:
        return gettext("Đã duyệt gia hạn và báo hạn mới cho người dân.")
    return gettext("Đã ghi nhận: không duyệt gia hạn.")


def _page(code: str | None, refusal: DomainError | None) -> Response:
    page = render_template(
        "desk/extensions.html",
        rows=extending.waiting(app(), me()),
        refused=code,
        problem=refusal,
        typed=moves.text("note") if refusal else "",
    )
    response = make_response(page)
    if refusal is not None:
        response.status_code = next(code for kind, code in STATUS.items() if isinstance(refusal, kind))
    return response


def _end_of(name: str) -> datetime | None:
    """The closing of the offices on the day that was chosen; None where none was. Raises InvalidInput."""
    text = moves.text(name)
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), CLOSING, HANOI)
    except ValueError:
        raise InvalidInput("Ngày viết chưa đúng.", field=name) from None
