"""What one was told of running terms: the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from feedback.domain.clocks import OfficeClock
from feedback.domain.permissions import Action
from feedback.domain.terms import Part
from feedback.services import see_reminders
from feedback.store.faults import DATABASE_DOWN
from feedback.store.reminders import MOST_COUNTED, Told
from feedback.web.access import may_ever, me, requires
from feedback.web.current import app
from feedback.web.desk import words
from feedback.web.desk.badges import Badge
from feedback.web.language import gettext

blueprint = Blueprint("reminders", __name__, url_prefix="/nhac-viec")

LENGTH_OF_IDS = 19
"""Shorter numbers fit into an id."""


@dataclass(frozen=True, slots=True)
class Row:
    told: Told
    due: Badge | None


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that reached the same step of the same term."""

    title: str
    late: bool
    rows: Sequence[Row]


@blueprint.get("")
@requires(Action.READ)
def listing() -> str:
    found = see_reminders.told(app(), me())
    fresh = sum(row.reminder.seen_at is None for row in found)
    newest = max((row.reminder.id for row in found), default=0)
    groups = _groups(found, app().store.now())
    return render_template("desk/reminders.html", groups=groups, fresh=fresh, newest=newest)


@blueprint.post("")
@requires(Action.READ)
def seen() -> Response:
    """Everything that stood on the page has been seen; what came meanwhile has not."""
    typed = request.form.get("up_to", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < LENGTH_OF_IDS):
        abort(400)
    see_reminders.mark(app(), me(), int(typed))
    return redirect(url_for("reminders.listing"))


def bell() -> str:
    """The number beside the bell of every page; empty where there is nothing new, or nobody to ask."""
    if not current_user.is_authenticated or not may_ever(me(), Action.READ):
        return ""
    try:
        count = see_reminders.unseen(app(), me())
    except DATABASE_DOWN:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")


def _groups(found: Sequence[Told], now: datetime) -> list[Group]:
    ordered = sorted(found, key=_pressing)
    return [
        Group(step_title(part, share), share >= 100, [Row(told, _due(told, now)) for told in rows])
        for (part, share), rows in groupby(ordered, key=lambda told: (told.step.part, told.step.step))
    ]


def _pressing(told: Told) -> tuple[bool, int, bool, datetime, int]:
    step = told.step
    return (step.part == Part.RECEIVE, -step.step, told.ticket.level != "urgent", step.due_at, step.id)


def step_title(part: str, share: int) -> str:
    """How far a term has run."""
    if part == Part.RECEIVE:
        return (
            gettext("Hết thời hạn tiếp nhận")
            if share >= 100
            else gettext("Đã qua %(share)s %% thời hạn tiếp nhận", share=share)
        )
    if share < 100:
        return gettext("Đã qua %(share)s %% thời hạn trả lời", share=share)
    if share == 100:
        return gettext("Hết thời hạn trả lời")
    return gettext("Quá thời hạn trả lời: %(share)s %%", share=share)


def _due(told: Told, now: datetime) -> Badge | None:
    ticket = told.ticket
    due = ticket.receive_due_at if told.step.part == Part.RECEIVE else ticket.answer_due_at
    return words.due_badge(due, None, now, OfficeClock(app().calendar), waits=True)
