"""When reminders may be mailed, and what the mail says: no personal data, and no word of a restricted matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from feedback.clock import in_hanoi
from feedback.domain.terms import Part
from feedback.domain.texts import hanoi_time
from feedback.domain.worktime import OutsideCalendar, WorkCalendar

SLOT = timedelta(minutes=30)
"""Ordinary reminders are mailed at most once in each half hour of working time."""
APART = timedelta(minutes=10)
"""Urgent ones at once, but no two mails to one person come closer together."""
MOST_LISTED = 50
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in a mail. `what` is its masked summary, `where` its desk; both None for a restricted matter."""

    code: str
    part: Part
    share: int
    due_at: datetime
    urgent: bool
    what: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str


def slot_of(now: datetime) -> datetime:
    """The half hour in which `now` lies."""
    local = in_hanoi(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (local - midnight) // SLOT * SLOT


def is_office_time(moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether offices work at `moment`. Beyond the calendar always: a mail at night is better than none."""
    try:
        return calendar.worked_between(moment, moment + _MOMENT) > timedelta()
    except OutsideCalendar:
        return True


def turn(
    now: datetime, oldest: datetime, last: datetime | None, calendar: WorkCalendar, *, urgent: bool
) -> datetime | None:
    """The slot of a mail to one person that may be made now, or None.

    `oldest`: when the first of the waiting reminders was written; `last`: when the person's last mail was made.
    """
    if last is not None and now - last < APART:
        return None
    if urgent:
        return now
    slot = slot_of(now)
    due = oldest < slot and (last is None or last < slot)
    return slot if due and is_office_time(slot, calendar) and is_office_time(now, calendar) else None


def compose(lines: Iterable[Line], desk_url: str) -> Mail:
    """What one person is told in one mail: the most pressing first, no more than `MOST_LISTED` one by one."""
    ordered = sorted(lines, key=_pressing)
    shown = ordered[:MOST_LISTED]
    paragraphs = ["Các hồ sơ sau cần anh/chị quan tâm:"]
    for heading, group in groupby(shown, key=_heading):
        paragraphs.append("\n".join([f"{heading}:", *(_said(line) for line in group)]))
    if len(ordered) > len(shown):
        paragraphs.append(f"… và {len(ordered) - len(shown)} hồ sơ nữa.")
    paragraphs.append(f"Xem và xử lý tại: {desk_url}/nhac-viec")
    paragraphs.append("Thư tự động, xin không trả lời.")
    return Mail(_subject(ordered), "\n\n".join(paragraphs))


def _pressing(line: Line) -> tuple[bool, bool, int, datetime, str]:
    return (not line.urgent, line.part is Part.RECEIVE, -line.share, line.due_at, line.code)


def _heading(line: Line) -> str:
    what = "thời hạn tiếp nhận" if line.part is Part.RECEIVE else "thời hạn trả lời"
    level = "KHẨN – " if line.urgent else ""
    if line.share < 100:
        return f"{level}Đã qua {line.share} % {what}"
    return f"{level}Hết {what}" if line.share == 100 else f"{level}Quá {what}: {line.share} %"


def _said(line: Line) -> str:
    parts = [line.code, line.what or "hồ sơ hạn chế", line.where, f"hạn {hanoi_time(line.due_at)}"]
    return "- " + " · ".join(part for part in parts if part)


def _subject(lines: Sequence[Line]) -> str:
    late = sum(line.share >= 100 for line in lines)
    urgent = "KHẨN: " if any(line.urgent for line in lines) else ""
    return f"{urgent}Nhắc việc: {len(lines)} hồ sơ" + (f", {late} đến hạn hoặc quá hạn" if late else "")
