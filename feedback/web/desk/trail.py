"""The audit trail of one ticket, by its code."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from feedback.domain import codes
from feedback.domain.errors import NotFound
from feedback.domain.permissions import Action
from feedback.services import read, seal_trail
from feedback.store.queries import lists
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.language import gettext

blueprint = Blueprint("trail", __name__, url_prefix="/nhat-ky")


@blueprint.get("")
@requires(Action.VIEW_AUDIT)
def search() -> tuple[str, int]:
    """Looking is a reading of the ticket, and stands in the trail itself."""
    typed = request.args.get("code", "").strip()[:60]
    opened, problem = None, ""
    if typed:
        try:
            opened = read.open_ticket(app(), me(), codes.normalise(typed) or "")
        except NotFound:
            problem = gettext("Không có hồ sơ nào với mã này trong phạm vi được xem.")
    with app().store.reading() as session:
        wards = {ward.code: ward.name for ward in lists.wards(session)} if opened else {}
    page = render_template(
        "desk/trail.html",
        typed=typed,
        opened=opened,
        problem=problem,
        wards=wards,
        seals=seal_trail.standing(app().store),
    )
    return page, 404 if problem else 200
