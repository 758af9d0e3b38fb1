"""The inbox: work by deadline, narrowed by tab, filter and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from feedback.clock import in_hanoi
from feedback.domain import codes
from feedback.domain.clocks import OfficeClock
from feedback.domain.kinds import Level
from feedback.domain.permissions import Action, Actor, Role
from feedback.store.queries import inbox, lists
from feedback.store.queries.inbox import Cursor, Filter, Tab, TicketLine
from feedback.web.access import may_ever, me, signed_in
from feedback.web.current import app
from feedback.web.desk import chrome, words
from feedback.web.desk.badges import Badge
from feedback.web.language import gettext
from feedback.web.look import moment

blueprint = Blueprint("inbox", __name__)

TITLES: dict[Tab, Any] = {
    Tab.REVIEW: lazy_gettext("Chờ duyệt"),
    Tab.OPEN: lazy_gettext("Đang xử lý"),
    Tab.MINE: lazy_gettext("Của tôi"),
    Tab.CENTRE: lazy_gettext("Tại Trung tâm"),
    Tab.OVERDUE: lazy_gettext("Quá hạn"),
    Tab.FRESH: lazy_gettext("Có tin mới"),
    Tab.ANSWERED: lazy_gettext("Đã trả lời"),
    Tab.ENDED: lazy_gettext("Kết thúc"),
    Tab.ALL: lazy_gettext("Tất cả"),
}
_WARD = (Tab.OPEN, Tab.MINE, Tab.OVERDUE, Tab.FRESH, Tab.ANSWERED, Tab.ENDED)
_CENTRE = (Tab.REVIEW, Tab.CENTRE, Tab.OPEN, Tab.OVERDUE, Tab.FRESH, Tab.ANSWERED, Tab.ENDED)
_RESTRICTED = (Tab.REVIEW, Tab.OPEN, Tab.MINE, Tab.OVERDUE, Tab.FRESH, Tab.ANSWERED, Tab.ENDED)
_READER = (Tab.OPEN, Tab.OVERDUE, Tab.ANSWERED, Tab.ENDED, Tab.ALL)
_UNCOUNTED = frozenset({Tab.ENDED, Tab.ALL, Tab.ANSWERED})


@dataclass(frozen=True, slots=True)
class Row:
    line: TicketLine
    due: Badge | None
    paused: Badge | None


@blueprint.get("/")
@signed_in
def home() -> Response | str:
    """The list of whoever is logged in; those without tickets go to their first screen."""
    actor = me()
    if not may_ever(actor, Action.READ):
        first = "people.listing" if may_ever(actor, Action.MANAGE_USERS) else chrome.links()[0].endpoint
        return redirect(url_for(first))
    typed = request.args.get("q", "").strip()[:200]
    if code := codes.normalise(typed):
        return redirect(url_for("ticket.show", code=code))
    tabs = tabs_of(actor)
    wanted = _filter(tabs, typed)
    now = app().store.now()
    with app().store.reading() as session:
        page = inbox.page(session, actor, wanted, now)
        counts = inbox.counts(session, actor, [tab for tab in tabs if tab not in _UNCOUNTED], now)
        wards = lists.wards(session) if _sees_all_wards(actor) else []
        fields = lists.fields(session, in_hanoi(now).date())
        taken_over = lists.taken_over(session, actor.ward_code) if actor.ward_code else []
    return render_template(
        "desk/inbox.html",
        rows=[row(line, now) for line in page.lines],
        following=page.following,
        wanted=wanted,
        narrowed=wanted != Filter(wanted.tab),
        tabs=tabs,
        titles=TITLES,
        counts=counts,
        taken_over=taken_over,
        most=inbox.COUNTED,
        wards=wards,
        fields=fields,
        channels=words.CHANNELS,
        states=words.STATES,
        levels=[level.value for level in Level],
    )


def row(line: TicketLine, now: datetime) -> Row:
    """One line of a list with its badges."""
    return Row(line, _due(line, now), _paused(line, now))


def tabs_of(actor: Actor) -> tuple[Tab, ...]:
    """The lists of a role, in the order of work."""
    if Role.DISPATCHER in actor.roles:
        return _CENTRE
    if Role.DENUNCIATION_OFFICER in actor.roles:
        return _RESTRICTED
    if Role.AUDITOR in actor.roles:
        return _READER
    return _WARD


def _filter(tabs: tuple[Tab, ...], typed: str) -> Filter:
    args = request.args
    known = {tab.value: tab for tab in tabs}
    # Words are looked for everywhere within reach, unless a list is chosen.
    fallback = Tab.ALL if typed else tabs[0]
    return Filter(
        tab=known.get(args.get("tab", ""), fallback),
        state=_one_of(args.get("state"), words.STATES),
        field_id=args.get("field") or None,
        ward_code=args.get("ward") or None,
        channel=_one_of(args.get("channel"), words.CHANNELS),
        level=_one_of(args.get("level"), words.LEVEL_TONES),
        overdue=args.get("overdue") == "1",
        fresh=args.get("fresh") == "1",
        words=typed,
        after=Cursor.parse(args.get("after", "")) if args.get("after") else None,
    )


def _one_of(value: str | None, known: object) -> str | None:
    return value if value and value in known else None  # type: ignore[operator]


def _due(line: TicketLine, now: datetime) -> Badge | None:
    waits = line.state in ("new", "review", "open")
    return words.due_badge(
        line.answer_due_at,
        line.answered_on_time,
        words.counting_from(line.paused_until, now),
        OfficeClock(app().calendar),
        waits=waits,
    )


def _paused(line: TicketLine, now: datetime) -> Badge | None:
    if line.paused_until is None or line.paused_until <= now:
        return None
    return Badge(gettext("Tạm dừng đến %(until)s", until=moment(line.paused_until)), "info")


def _sees_all_wards(actor: Actor) -> bool:
    return bool(actor.roles & {Role.DISPATCHER, Role.AUDITOR, Role.DENUNCIATION_OFFICER})
