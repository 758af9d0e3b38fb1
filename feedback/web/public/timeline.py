"""Where a matter stands, in three steps anybody understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedback.domain.workflow import WAITING, State
from feedback.services.citizen import Followed
from feedback.web.language import gettext


@dataclass(frozen=True, slots=True)
class Step:
    """`now`: the matter stands here; `done`: it has passed here."""

    title: str
    at: datetime | None
    done: bool
    now: bool


def steps(ticket: Followed) -> tuple[Step, ...]:
    """Received, in work, answered. A neutral ticket shows the same whatever happens to it."""
    waiting = ticket.state in WAITING
    fresh = ticket.state is State.NEW
    return (
        Step(gettext("Đã nhận"), ticket.received_at, done=True, now=fresh),
        Step(gettext("Đang xử lý"), ticket.accepted_at, done=not fresh, now=waiting and not fresh),
        Step(
            _ending(ticket.state), None if waiting else ticket.answered_at, done=not waiting, now=not waiting
        ),
    )


def _ending(state: State) -> str:
    if state is State.CLOSED:
        return gettext("Đã kết thúc")
    return gettext("Không tiếp nhận") if state is State.REJECTED else gettext("Đã trả lời")
