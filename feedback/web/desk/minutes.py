"""Where a ticket's time went: every interval, every deadline with its rule, as a picture beside its table."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from feedback.domain.errors import IllegalChange
from feedback.domain.history import TrailIncomplete
from feedback.domain.permissions import Action
from feedback.services import explain
from feedback.services.rulebook import VersionUnknown
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import drawn_minutes, told_minutes
from feedback.web.language import gettext

blueprint = Blueprint("minutes", __name__)


@blueprint.get("/ho-so/<code>/thoi-gian")
@requires(Action.READ)
def show(code: str) -> Response:
    """Looking is a reading of the ticket, and stands in its trail."""
    try:
        found = explain.open_ticket(app(), me(), code)
    except (TrailIncomplete, VersionUnknown) as fault:
        raise IllegalChange(
            "Không giải thích được thời gian của hồ sơ: nhật ký thiếu, hoặc nêu phiên bản quy định không còn."
        ) from fault
    page = render_template(
        "desk/minutes.html",
        x=found,
        t=found.ticket,
        rounds=[told_minutes.of_round(found, told) for told in found.rounds],
        pictures=[drawn_minutes.picture(found, told) for told in found.rounds],
        span=told_minutes.span,
        title=gettext("Thời gian xử lý"),
    )
    return make_response(page)
