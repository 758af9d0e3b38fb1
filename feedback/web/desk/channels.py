"""The state of the channels, what could not be read, and what could not be sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from channels.registry import ADAPTERS
from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.permissions import Action
from feedback.services import quarantine, resend
from feedback.store.queries import operations
from feedback.web.access import me, requires
from feedback.web.current import app, settings
from feedback.web.language import gettext

blueprint = Blueprint("channels", __name__)

SHOWN = 200


@blueprint.get("/kenh")
@requires(Action.MANAGE_CHANNELS)
def state() -> str:
    with app().store.reading() as session:
        rows = operations.channels(session, sorted(ADAPTERS))
        letters = operations.dead_letters(session)
    enabled = settings().channels.enabled()
    return render_template("desk/channels.html", rows=rows, letters=letters, enabled=enabled)


@blueprint.post("/kenh/gui-lai/<code>/<int:message_id>")
@requires(Action.RESEND)
def send_again(code: str, message_id: int) -> Response:
    try:
        resend.again(app(), me(), code, message_id)
        flash(gettext("Đang gửi lại."), "success")
    except IllegalChange as error:
        flash(error.message_vi, "error")
    return redirect(url_for("channels.state"))


@blueprint.get("/cach-ly")
@requires(Action.MANAGE_QUARANTINE)
def quarantined() -> str:
    rows = quarantine.waiting(app(), me(), SHOWN)
    return render_template("desk/quarantine.html", rows=rows, most=SHOWN)


@blueprint.post("/cach-ly/<int:raw_id>")
@requires(Action.MANAGE_QUARANTINE)
def replay(raw_id: int) -> Response:
    try:
        quarantine.replay(app(), me(), raw_id)
        flash(gettext("Đã đọc được và đưa vào xử lý."), "success")
    except InvalidInput as error:
        flash(error.message_vi, "error")
    return redirect(url_for("channels.quarantined"))
