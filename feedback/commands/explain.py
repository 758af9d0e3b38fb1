"""`feedback audit explain`: every minute of one ticket, in plain Vietnamese sentences or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from feedback import bootstrap
from feedback.clock import in_hanoi
from feedback.commands.explained_json import document
from feedback.domain import codes
from feedback.domain.counting import Cause, Step
from feedback.domain.errors import DomainError
from feedback.domain.explanation import Deadline, RoundTold
from feedback.domain.history import TrailIncomplete
from feedback.domain.permissions import Actor
from feedback.domain.reasons import PAUSE
from feedback.domain.terms import Part, Unit
from feedback.domain.timeline import Holder, How, Interval, Off
from feedback.services import explain
from feedback.services.explain import Explanation
from feedback.services.rulebook import VersionUnknown
from feedback.settings import Settings

OPERATOR = Actor.system("command line")
_DESKS = {
    "ward": "UBND phường/xã",
    "centre": "Trung tâm",
    "dispatcher": "Điều phối",
    "reception": "Tiếp công dân",
    "denunciation": "Xử lý tố cáo",
}
_OFF = {Off.NIGHT: "đêm", Off.LUNCH: "nghỉ trưa", Off.WEEKEND: "cuối tuần", Off.HOLIDAY: "nghỉ lễ"}
_HOW = {How.COUNTED: "tính", How.PAUSED: "tạm dừng"}
_WAITS = {"citizen": "người dân", "agency": "cơ quan khác"}
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_PARTS = {Part.RECEIVE: "Hạn tiếp nhận", Part.ANSWER: "Hạn trả lời"}
_PAUSES = {reason.id: reason.title for reason in PAUSE}


def run(settings: Settings, code: str, *, as_json: bool) -> int:
    """Exit code 1 where there is no such ticket, it is restricted, or a stored figure is not what the trail says."""
    app = bootstrap.build(settings, pool_size=2)
    try:
        found = explain.open_ticket(app, OPERATOR, codes.normalise(code) or "")
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    except (TrailIncomplete, VersionUnknown) as fault:
        print(f"Không giải thích được: {fault}", file=sys.stderr)
        return 1
    print(json.dumps(document(found), ensure_ascii=False) if as_json else "\n".join(lines(found)))
    return 1 if found.disagreements else 0


def lines(found: Explanation) -> Iterator[str]:
    """The whole explanation."""
    yield f"Hồ sơ {found.ticket.code}, nhận lúc {_moment(found.history.received_at)}"
    if found.old:
        yield "Nhật ký cũ không ghi phiên bản quy định: phần dưới chỉ là cách tính theo quy định đang áp dụng."
    for told in found.rounds:
        yield ""
        yield from _round(found, told)
    yield ""
    yield from _verdict(found)


def _verdict(found: Explanation) -> Iterator[str]:
    first = found.rounds[0]
    counted = first.timeline.counted
    if not first.answered:
        yield f"Chưa trả lời. Đã tính đến {_moment(found.now)}: {_span(counted)} ({counted} giây)."
    elif found.reported is not None:
        same = "khớp" if counted == found.reported else "KHÔNG KHỚP"
        yield f"Tổng các khoảng được tính: {counted} giây. Số liệu báo cáo: {found.reported} giây. {same}."
    for name, (stored, again) in found.disagreements.items():
        yield f"KHÔNG KHỚP nhật ký: {name} đang lưu {stored}, tính lại {again}"


def _round(found: Explanation, told: RoundTold) -> Iterator[str]:
    title = "Từ lúc nhận" if told.number == 0 else f"Mở lại lần {told.number}"
    end = f"trả lời lúc {_moment(told.until)} ({told.by})" if told.answered else f"đến {_moment(told.until)}"
    yield f"== {title}: {_moment(told.start)}, {end} =="
    if told.basis.day_and_night:
        yield "Đồng hồ chạy cả ngày lẫn đêm."
    yield from _days(found, told.timeline.intervals)
    line = told.timeline
    sums = f"tạm dừng {_span(line.paused)}, ngoài giờ {_span(line.off)}"
    yield f"Được tính {_span(line.counted)} ({line.counted} giây), {sums}."
    for (queue, ward), seconds in line.held().items():
        yield f"  {_desk(found, queue, ward)} giữ {_span(seconds)} làm việc."
    for deadline in told.deadlines:
        yield from _deadline(told, deadline)


def _days(found: Explanation, parts: Sequence[Interval]) -> Iterator[str]:
    """A line for each interval that counts or stands still; closed hours folded, and days without any into one line."""
    idle: list[tuple[date, list[Interval]]] = []
    for day, group in groupby(parts, lambda part: part.day):
        of_day = list(group)
        if all(part.how is How.OFF for part in of_day):
            idle.append((day, of_day))
            continue
        yield from _idle(idle)
        idle = []
        yield _date(day)
        for part in of_day:
            if part.how is not How.OFF:
                clock = f"{part.start:%H:%M:%S}–{part.end:%H:%M:%S}"
                yield f"  {clock}  {_what(part):<10} {_span(part.seconds):<22} {_held_by(found, part)}"
        closed = [part for part in of_day if part.how is How.OFF]
        if closed:
            yield f"  không tính: {_closed(closed)}"
    yield from _idle(idle)


def _idle(days: Sequence[tuple[date, list[Interval]]]) -> Iterator[str]:
    if days:
        span = _date(days[0][0]) if len(days) == 1 else f"{_date(days[0][0])} – {_date(days[-1][0])}"
        yield f"{span}: không tính: {_closed([part for _, parts in days for part in parts])}"


def _closed(parts: Sequence[Interval]) -> str:
    sums: dict[str, int] = {}
    for part in parts:
        name = part.title or _OFF[Off(part.why or Off.NIGHT)]
        sums[name] = sums.get(name, 0) + part.seconds
    return ", ".join(f"{name} {_span(seconds)}" for name, seconds in sums.items())


def _what(part: Interval) -> str:
    return _HOW[part.how] + (f" ({_PAUSES.get(part.why or '', part.why)})" if part.how is How.PAUSED else "")


def _deadline(told: RoundTold, deadline: Deadline) -> Iterator[str]:
    rule = deadline.rule
    basis = "giả định" if rule.assumed else "văn bản"
    yield f"{_PARTS[deadline.part]}: {_moment(deadline.due)} – {_outcome(deadline)}"
    yield f"  Quy định: {rule.term.title} ({basis}: {rule.source})"
    yield f"  Phiên bản thời hạn {told.basis.terms.version}, lịch {told.basis.calendar_version}"
    for step in deadline.steps:
        yield f"  {_step(step)}"


def _outcome(deadline: Deadline) -> str:
    if deadline.on_time is None:
        return "còn trong hạn"
    if deadline.done_at is None:
        return "quá hạn, chưa xong"
    return f"{'đúng hạn' if deadline.on_time else 'TRỄ HẠN'} (xong lúc {_moment(deadline.done_at)})"


def _step(step: Step) -> str:
    if step.cause is Cause.PAUSE:
        moved = (
            f"{step.moved.days} ngày"
            if step.term.unit is Unit.CALENDAR_DAYS
            else _span(int(step.moved.total_seconds()))
        )
        end = _moment(step.end) if step.end else ""
        return f"Tạm dừng {_moment(step.start)} – {end}: hạn lùi {moved}, thành {_moment(step.due)}"
    head = "Gia hạn" if step.cause is Cause.EXTENSION else "Tính"
    if step.term.unit is Unit.WORKING_HOURS:
        parts = "; ".join(f"{first:%d/%m %H:%M:%S}–{last:%H:%M:%S}" for first, last in step.stretches)
        return f"{head} {step.term.title} từ {_moment(step.start)}: {parts}"
    days = ", ".join(f"{day:%d/%m}" for day in step.days)
    return f"{head} {step.term.title}, ngày {in_hanoi(step.start):%d/%m} không tính: {days}; hết lúc {_moment(step.due)}"


def _held_by(found: Explanation, part: Interval) -> str:
    desk, waits_for = _holder(found, part.holder), _WAITS.get(part.waits_for or "")
    return f"{waits_for} (hồ sơ ở {desk})" if waits_for else desk


def _holder(found: Explanation, holder: Holder) -> str:
    desk = _desk(found, holder.queue, holder.ward_code)
    if holder.assigned_to is None:
        return desk
    return f"{desk}, {found.names.get(holder.assigned_to, f'cán bộ số {holder.assigned_to}')}"


def _desk(found: Explanation, queue: str, ward: str | None) -> str:
    if ward is not None:
        return f"UBND {found.wards.get(ward, ward)}"
    return _DESKS.get(queue, queue)


def _span(seconds: int) -> str:
    """As in "9 giờ 12 phút": only the units there are."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = (
        [f"{hours} giờ"] * bool(hours) + [f"{minutes} phút"] * bool(minutes) + [f"{left} giây"] * bool(left)
    )
    return " ".join(parts) or "0 giây"


def _moment(moment: datetime) -> str:
    return f"{in_hanoi(moment):%H:%M:%S %d/%m/%Y}"


def _date(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"
