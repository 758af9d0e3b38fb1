"""The hand-over letter of a complaint: the draft before it is sent, and the sent one to print."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from channels.text import clean
from feedback.domain.permissions import Action
from feedback.services import letter
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import moves

blueprint = Blueprint("letter", __name__, url_prefix="/ho-so/<code>/van-ban")


@blueprint.post("")
@requires(Action.HAND_OVER)
def preview(code: str) -> str:
    """The whole letter as the citizen will get it, with the button that sends it."""
    note, version = clean(request.form.get("text", "")), moves.version()
    draft = letter.draft(app(), me(), code, note)
    return render_template("desk/letter.html", code=code, letter=draft, note=note, version=version)


@blueprint.get("")
@requires(Action.READ)
def sent(code: str) -> str:
    """The letter as it was sent, for printing."""
    found = letter.sent(app(), me(), code)
    return render_template("desk/letter.html", code=code, letter=found, note="", version=None)
