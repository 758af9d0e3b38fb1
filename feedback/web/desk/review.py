"""The dispatcher's queue: one ticket at a time, decided with one click."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from feedback.clock import in_hanoi
from feedback.domain.errors import IllegalChange, InvalidInput, StaleVersion
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Action
from feedback.domain.routing import LEGAL_ROADS
from feedback.services import placing, read
from feedback.store.queries import inbox
from feedback.store.queries.inbox import Tab
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import dossier, moves
from feedback.web.desk.dossier import Dossier
from feedback.web.language import gettext

blueprint = Blueprint("review", __name__, url_prefix="/duyet")

_MOST_SKIPPED = 200


@blueprint.get("")
@requires(Action.ROUTE)
def next_card() -> Response:
    """The ticket with the nearest deadline; `?skip=` leaves some for later."""
    return _card(request.args.get("code"), skipped(request.args.get("skip", "")), None)


@blueprint.post("/<code>")
@requires(Action.ROUTE)
def decide(code: str) -> Response | Redirect:
    """Correct kind, field and level, send the ticket on, and show the next one."""
    skip = skipped(request.form.get("skip", ""))
    try:
        _decide(code)
    except (InvalidInput, StaleVersion, IllegalChange) as error:
        return _card(code, skip, error)
    flash(gettext("Đã chuyển %(code)s.", code=code), "success")
    return redirect(url_for("review.next_card", skip=joined(skip) or None))


def _decide(code: str) -> None:
    version, chosen = moves.version(), moves.choice(Kind, "kind")
    kind = None if chosen.value == request.form.get("was_kind", chosen.value) else chosen
    why = (request.form.get("reason", "").strip(), request.form.get("note", "").strip())
    if kind in LEGAL_ROADS:
        field_id = request.form.get("field_pick") or request.form.get("field_id", "")
        level = moves.choice(Level, "level")
        placing.reclassify(
            app(),
            me(),
            code,
            version,
            kind=chosen,
            field_id=field_id,
            level=level,
            reason_id=why[0],
            note=why[1],
        )
    else:
        placing.route(app(), me(), code, version, moves.place(), kind, *why)


def _card(
    code: str | None, skip: tuple[int, ...], error: InvalidInput | StaleVersion | IllegalChange | None
) -> Response:
    actor, now = me(), app().store.now()
    with app().store.reading() as session:
        code = code or inbox.first(session, actor, Tab.REVIEW, now, skip)
        waiting = inbox.counts(session, actor, [Tab.REVIEW], now)[Tab.REVIEW]
    found: Dossier | None = None
    if code is not None:
        opened = read.open_ticket(app(), actor, code)
        found = dossier.assemble(app(), actor, opened, now, in_hanoi(now).date())
    response = make_response(
        render_template(
            "desk/review.html",
            d=found,
            t=found.ticket if found else None,
            waiting=waiting,
            skip=joined(skip),
            skip_this=joined((*skip, found.ticket.id)) if found else "",
            problem=error,
            kinds=[kind.value for kind in Kind],
            levels=[level.value for level in Level],
            reasons=dossier.reasons,
            typed=request.form,
        )
    )
    response.status_code = 200 if error is None else 422 if isinstance(error, InvalidInput) else 409
    return response


def skipped(text: str) -> tuple[int, ...]:
    """Ticket ids written with dots between them; anything else is ignored."""
    parts = (part for part in text.split(".")[-_MOST_SKIPPED:] if part.isascii() and part.isdigit())
    return tuple(int(part) for part in parts if len(part) < 16)


def joined(ids: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in ids)
