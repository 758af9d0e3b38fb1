"""When a deadline may be moved, and how far: the bounds of pauses and of extensions, each refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedback.clock import in_hanoi
from feedback.domain.clocks import Clock
from feedback.domain.deadlines import due_by
from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.kinds import Level
from feedback.domain.reasons import Reason
from feedback.domain.terms import Matter, Term, Terms

FORWARDED = "admin_procedure"
"""The field whose answer term is the law's own for forwarding: nobody here may lengthen it."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a ticket owes at `now`, and what has been used up since it was last reopened.

    `paused_for`, `asked_for`: reasons that have served. `pause_runs`, `request_open`: one is under way.
    """

    matter: Matter
    due: datetime | None
    now: datetime
    clock: Clock
    paused_for: frozenset[str] = frozenset()
    pause_runs: bool = False
    asked_for: frozenset[str] = frozenset()
    request_open: bool = False


def check_pausable(owed: Owed) -> None:
    """Whether the clock may stand still at all. Raises IllegalChange."""
    _check_movable(owed)
    if owed.pause_runs:
        raise IllegalChange("Thời hạn đang tạm dừng.")


def pause_bound(terms: Terms, owed: Owed, reason_id: str) -> datetime:
    """The latest end of a pause for this reason that begins now. Raises OutsideCalendar."""
    return due_by(terms.pauses[reason_id].term, owed.now, owed.clock)


def pause_end(terms: Terms, owed: Owed, reason: Reason, wanted: datetime | None) -> datetime:
    """When a pause that begins now ends: as `wanted`, or at its bound. Raises IllegalChange, InvalidInput."""
    check_pausable(owed)
    if reason.id in owed.paused_for:
        raise InvalidInput("Đã tạm dừng một lần vì lý do này. Mỗi lý do chỉ dùng một lần.", field="reason")
    bound = pause_bound(terms, owed, reason.id)
    if wanted is None:
        return bound
    if wanted <= owed.now:
        raise InvalidInput("Thời gian tạm dừng phải kết thúc sau lúc này.", field="until")
    if wanted > bound:
        longest = terms.pauses[reason.id].term.title
        raise InvalidInput(
            f"Vì lý do này chỉ tạm dừng được {longest}, đến {in_hanoi(bound):%H:%M %d/%m/%Y}.", field="until"
        )
    return wanted


def check_extendable(owed: Owed) -> None:
    """Whether the deadline may be put off at all. Raises IllegalChange."""
    _check_movable(owed)
    if owed.matter.field == FORWARDED:
        raise IllegalChange(
            "Thời hạn chuyển phản ánh về thủ tục hành chính do luật định, không gia hạn được."
        )


def check_request(terms: Terms, owed: Owed, reason: Reason, term: Term) -> None:
    """Whether `term` may be asked for. Raises IllegalChange, InvalidInput, OutsideCalendar."""
    extended_to(terms, owed, term)
    if owed.request_open:
        raise IllegalChange("Đã có một đề nghị gia hạn đang chờ duyệt.")
    if reason.id in owed.asked_for:
        raise InvalidInput(
            "Đã đề nghị gia hạn một lần vì lý do này. Mỗi lý do chỉ dùng một lần.", field="reason"
        )


def extended_to(terms: Terms, owed: Owed, term: Term) -> datetime:
    """The deadline that an extension by `term` leads to. Raises IllegalChange, InvalidInput, OutsideCalendar."""
    check_extendable(owed)
    due = owed.due or owed.now
    longest = terms.extension.term
    target = due_by(term, due, owed.clock)
    if target > due_by(longest, due, owed.clock):
        raise InvalidInput(f"Mỗi lần gia hạn không quá {longest.title}.", field="term")
    return target


def check_later(
    was: datetime | None, due: datetime | None, now: datetime, reason_id: str, *, may_extend: bool
) -> None:
    """Whether another reading of a matter may move its deadline from `was` to `due`, at `now`.

    Raises InvalidInput where it comes later without a reason, IllegalChange where it had passed already and the actor is
    not one of those who decide on extensions (`may_extend`): it would make a late matter one in time.
    """
    if was is None or due is None or due <= was:
        return
    if now >= was and not may_extend:
        raise IllegalChange(
            "Hồ sơ đã quá hạn: thay đổi này làm hạn lùi lại, nên phải do lãnh đạo hoặc bộ phận điều phối thực hiện."
        )
    if not reason_id:
        raise InvalidInput(
            "Thay đổi này làm hạn trả lời lùi lại: hãy chọn lý do trong danh sách.", field="reason"
        )


def _check_movable(owed: Owed) -> None:
    if owed.matter.level is Level.URGENT:
        raise IllegalChange(
            "Hồ sơ khẩn phải xử lý trong 4 giờ làm việc (Quyết định 1207/QĐ-UBND), không tạm dừng, không gia hạn."
        )
    if owed.due is None:
        raise IllegalChange("Hồ sơ chưa có hạn trả lời.")
    if owed.now >= owed.due:
        raise IllegalChange("Hồ sơ đã quá hạn, không tạm dừng, không gia hạn được nữa.")
