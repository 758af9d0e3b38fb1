"""The ticket page, also as the answer to a change that came too late or lacked something."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from feedback.clock import in_hanoi
from feedback.domain import rights
from feedback.domain.errors import DomainError, InvalidInput, StaleVersion
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Action, allowed
from feedback.services import read
from feedback.services.change import facts
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import dossier
from feedback.web.desk.phrases import PHRASES

blueprint = Blueprint("ticket", __name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a change was refused; `verb` tells which form it came from."""

    verb: str
    text: str
    field: str | None
    stale: bool


@blueprint.get("/ho-so/<code>")
@requires(Action.READ)
def show(code: str) -> Response:
    """The whole ticket; opening it is written into its trail."""
    return page(code, None, 200)


def refused(code: str, verb: str, error: DomainError) -> Response:
    """The page again, with the reason, what happened meanwhile, and everything that was typed."""
    field = error.field if isinstance(error, InvalidInput) else None
    problem = Problem(verb, error.message_vi, field, isinstance(error, StaleVersion))
    return page(code, problem, 422 if isinstance(error, InvalidInput) else 409)


def page(code: str, problem: Problem | None, status: int) -> Response:
    actor, now = me(), app().store.now()
    opened = read.open_ticket(app(), actor, code)
    found = dossier.assemble(app(), actor, opened, now, in_hanoi(now).date())
    seen = (_number("seen_message"), _number("seen_event"))
    response = make_response(
        render_template(
            "desk/ticket.html",
            d=found,
            t=found.ticket,
            problem=problem,
            since=found.since(*seen) if problem and problem.stale else None,
            typed=request.form if problem else {},
            phrases=PHRASES,
            reasons=dossier.reasons,
            reads=dossier.READS,
            kinds=[kind.value for kind in Kind],
            levels=[level.value for level in Level],
            me=actor,
            holds=opened.holds,
            hold_reasons=rights.HOLDS,
            lift_reasons=rights.LIFTS,
            may_hold=allowed(actor, Action.HOLD, facts(found.ticket)),
        )
    )
    response.status_code = status
    return response


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
