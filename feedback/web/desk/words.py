"""Stored values in the words of the screen, and the tone (colour) each is shown in. Text always goes with colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext

from feedback.domain import fields, reasons, rights
from feedback.domain.clocks import Clock
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level
from feedback.domain.routing import Because
from feedback.domain.terms import Term
from feedback.domain.worktime import OutsideCalendar
from feedback.store.tables import AuditEvent, Erasure
from feedback.web.desk.badges import Badge
from feedback.web.language import chosen, gettext
from feedback.web.look import moment, term_length

WORKDAY = timedelta(hours=8)
SOON = timedelta(hours=8)

STATES: Mapping[str, Badge] = {
    "new": Badge(lazy_gettext("Mới nhận"), "info"),
    "review": Badge(lazy_gettext("Chờ duyệt"), "warn"),
    "open": Badge(lazy_gettext("Đang xử lý"), "info"),
    "answered": Badge(lazy_gettext("Đã trả lời"), "good"),
    "closed": Badge(lazy_gettext("Đã đóng"), ""),
    "rejected": Badge(lazy_gettext("Từ chối"), ""),
    "handed_over": Badge(lazy_gettext("Đã chuyển cơ quan có thẩm quyền"), ""),
}
LEVEL_TONES = {"urgent": "bad", "complex": "warn", "normal": ""}
QUEUES: Mapping[str, Any] = {
    "ward": lazy_gettext("Phường/xã"),
    "centre": lazy_gettext("Trung tâm"),
    "dispatcher": lazy_gettext("Điều phối"),
    "reception": lazy_gettext("Tiếp công dân (khiếu nại)"),
    "denunciation": lazy_gettext("Xử lý tố cáo"),
}
CHANNELS: Mapping[str, Any] = {
    "zalo": "Zalo",
    "email": "Email",
    "hotline": lazy_gettext("Tổng đài"),
    "ihanoi": "iHanoi",
    "web": lazy_gettext("Cổng thông tin"),
}
ROLES: Mapping[str, Any] = {
    "ward_officer": lazy_gettext("Cán bộ phường/xã"),
    "ward_lead": lazy_gettext("Lãnh đạo phường/xã"),
    "dispatcher": lazy_gettext("Điều phối viên"),
    "auditor": lazy_gettext("Kiểm tra viên"),
    "admin": lazy_gettext("Quản trị"),
    "denunciation_officer": lazy_gettext("Cán bộ tiếp dân, xử lý tố cáo"),
    "ward_chair": lazy_gettext("Chủ tịch UBND phường/xã"),
    "privacy_officer": lazy_gettext("Cán bộ bảo vệ dữ liệu cá nhân"),
}
DELIVERY: Mapping[str, Badge] = {
    "none": Badge("", ""),
    "waiting": Badge(lazy_gettext("Đang chờ gửi"), "info"),
    "sent": Badge(lazy_gettext("Đã gửi"), "good"),
    "callback": Badge(lazy_gettext("Cần gọi điện báo người dân"), "warn"),
    "failed": Badge(lazy_gettext("Không gửi được"), "bad"),
    "unknown": Badge(lazy_gettext("Chưa rõ đã gửi được chưa"), "bad"),
}
PURPOSES: Mapping[str, Any] = {
    "acknowledgement": lazy_gettext("Xác nhận đã nhận"),
    "answer": lazy_gettext("Trả lời"),
    "notice": lazy_gettext("Thông báo"),
    "reopen": lazy_gettext("Đề nghị xem lại"),
    "appeal": lazy_gettext("Đề nghị Trung tâm xem xét"),
}
EVENTS: Mapping[str, Any] = {
    "received": lazy_gettext("Tiếp nhận"),
    "joined": lazy_gettext("Nhận thêm tin"),
    "triaged": lazy_gettext("Phân loại tự động"),
    "triage_failed": lazy_gettext("Chưa phân loại được"),
    "routed": lazy_gettext("Điều phối"),
    "assigned": lazy_gettext("Nhận xử lý"),
    "transferred": lazy_gettext("Chuyển đơn vị"),
    "sent_back": lazy_gettext("Chuyển trả"),
    "reclassified": lazy_gettext("Phân loại lại"),
    "commented": lazy_gettext("Ghi chú"),
    "answered": lazy_gettext("Trả lời"),
    "closed": lazy_gettext("Đóng hồ sơ"),
    "rejected": lazy_gettext("Từ chối"),
    "reopened": lazy_gettext("Mở lại"),
    "rated": lazy_gettext("Người dân đánh giá"),
    "handed_over": lazy_gettext("Chuyển cơ quan có thẩm quyền"),
    "acknowledged": lazy_gettext("Đã báo tiếp nhận"),
    "reply_sent": lazy_gettext("Đã gửi tới người dân"),
    "reply_failed": lazy_gettext("Gửi không thành công"),
    "reply_resent": lazy_gettext("Gửi lại"),
    "ticket_read": lazy_gettext("Xem hồ sơ"),
    "contact_read": lazy_gettext("Xem hồ sơ và thông tin liên hệ"),
    "figures_exported": lazy_gettext("Xuất số liệu"),
    "paused": lazy_gettext("Tạm dừng thời hạn"),
    "resumed": lazy_gettext("Tiếp tục tính thời hạn"),
    "extension_asked": lazy_gettext("Đề nghị gia hạn"),
    "extension_approved": lazy_gettext("Duyệt gia hạn"),
    "extension_refused": lazy_gettext("Không duyệt gia hạn"),
    "escalated": lazy_gettext("Nhắc thời hạn"),
    "rejudged": lazy_gettext("Tính lại hạn theo quy định mới"),
    "appealed": lazy_gettext("Đề nghị Trung tâm xem xét"),
    "put_under_seal": lazy_gettext("Đưa vào kho hạn chế"),
    "taken_from_seal": lazy_gettext("Đưa ra khỏi kho hạn chế"),
    "read_refused": lazy_gettext("Tìm mở hồ sơ ngoài phạm vi được xem"),
    "terms_published": lazy_gettext("Ban hành thời hạn"),
    "trail_sealed": lazy_gettext("Niêm phong nhật ký"),
    "recomputed": lazy_gettext("Tính lại số liệu"),
    "letter_read": lazy_gettext("Xem văn bản chuyển"),
    "erased": lazy_gettext("Xóa dữ liệu cá nhân"),
    "held": lazy_gettext("Giữ lại theo yêu cầu pháp lý"),
    "hold_lifted": lazy_gettext("Thôi giữ lại"),
    "rights_asked": lazy_gettext("Yêu cầu về dữ liệu cá nhân"),
    "rights_settled": lazy_gettext("Giải quyết yêu cầu về dữ liệu cá nhân"),
    "contact_corrected": lazy_gettext("Sửa thông tin liên hệ"),
    "user_created": lazy_gettext("Tạo tài khoản"),
    "user_changed": lazy_gettext("Sửa tài khoản"),
    "logged_in": lazy_gettext("Đăng nhập"),
    "logged_out": lazy_gettext("Đăng xuất"),
    "login_failed": lazy_gettext("Đăng nhập sai"),
}
MACHINES: Mapping[str, Any] = {
    "intake": lazy_gettext("Hệ thống tiếp nhận"),
    "triage": lazy_gettext("Hệ thống phân loại"),
    "delivery": lazy_gettext("Hệ thống gửi trả lời"),
    "log-in": lazy_gettext("Trang đăng nhập"),
    "demo": lazy_gettext("Dữ liệu thử"),
    "rejudge": lazy_gettext("Hệ thống tính lại hạn"),
    "recompute": lazy_gettext("Hệ thống đối chiếu số liệu"),
    "command line": lazy_gettext("Quản trị viên máy chủ"),
    "retention": lazy_gettext("Hệ thống xóa theo thời hạn lưu"),
    "rights": lazy_gettext("Hệ thống thực hiện quyền dữ liệu"),
    "citizen": lazy_gettext("Người dân"),
}
"""Who is no officer, as the trail names them."""

PARTS: Mapping[str, Any] = {"receive": lazy_gettext("tiếp nhận"), "answer": lazy_gettext("trả lời")}
"""The terms a ticket is measured by."""

_SHOWN_CHANGES: Mapping[str, Any] = {
    "state": lazy_gettext("Trạng thái"),
    "queue": lazy_gettext("Nơi xử lý"),
    "ward_code": lazy_gettext("Phường/xã"),
    "field_id": lazy_gettext("Lĩnh vực"),
    "kind": lazy_gettext("Loại"),
    "level": lazy_gettext("Mức độ"),
    "part": lazy_gettext("Thời hạn"),
    "step": lazy_gettext("Mốc"),
    "told": lazy_gettext("Đã nhắc"),
    "paused_until": lazy_gettext("Tạm dừng đến"),
    "term": lazy_gettext("Thời gian gia hạn"),
    "answer_due_at": lazy_gettext("Hạn trả lời"),
}


def install(flask_app: Flask) -> None:
    flask_app.add_template_global(changes)
    for name, shown in (
        ("state_badge", STATES.get),
        ("delivery_badge", DELIVERY.get),
        ("level_badge", level_badge),
        ("kind_title", kind_title),
        ("field_title", field_title),
        ("reason_title", reason_title),
        ("because_title", because_title),
        ("actor_title", actor_title),
        ("doer_title", doer_title),
        ("term_title", term_title),
        ("queue_title", _lookup(QUEUES)),
        ("channel_title", _lookup(CHANNELS)),
        ("role_title", _lookup(ROLES)),
        ("purpose_title", _lookup(PURPOSES)),
        ("event_title", _lookup(EVENTS)),
    ):
        flask_app.add_template_filter(shown, name)


def field_title(field_id: str | None) -> str:
    if field_id is None:
        return gettext("Chưa rõ lĩnh vực")
    try:
        return _in_language(fields.field_of(field_id).title)
    except InvalidInput:
        return field_id


def kind_title(kind: str) -> str:
    return _in_language(fields.kind_title(Kind(kind)))


def level_badge(level: str) -> Badge:
    return Badge(_in_language(fields.level_title(Level(level))), LEVEL_TONES[level])


def reason_title(reason_id: str | None) -> str:
    """An id with an optional note behind a colon, as the trail keeps it."""
    if not reason_id:
        return ""
    name, _, note = reason_id.partition(": ")
    known = (*reasons.BY_ACTION.values(), reasons.RESUME, *rights.LISTS)
    titles = {item.id: item.title for rows in known for item in rows}
    return (
        f"{gettext(titles[name])}: {note}"
        if note and name in titles
        else gettext(titles.get(name, reason_id))
    )


def because_title(stored: str) -> str:
    """Why a ticket stands where it stands: an id of `Because`, or a sentence that was written at the time."""
    return gettext(Because(stored).title_vi) if stored in set(Because) else stored


def term_title(written: str) -> str:
    """ "3wd" as people say it."""
    return term_length(Term.parse(written))


def actor_title(event: AuditEvent) -> str:
    """An officer by name, a part of the service by what it does."""
    return event.actor if event.actor_id is not None else str(MACHINES.get(event.actor, event.actor))


def doer_title(line: Erasure) -> str:
    """Who erased, as the register of deletions says it."""
    return line.by if line.by_id is not None else str(MACHINES.get(line.by, line.by))


def changes(event: AuditEvent, wards: Mapping[str, str]) -> list[str]:
    """What an audit row says was changed: "Lĩnh vực: Khác → Cây xanh"."""
    shown: Mapping[str, Callable[[Any], str]] = {
        "state": lambda value: str(STATES[value].text),
        "queue": lambda value: str(QUEUES[value]),
        "ward_code": lambda value: wards.get(value, value),
        "field_id": field_title,
        "kind": kind_title,
        "level": lambda value: str(level_badge(value).text),
        "part": lambda value: str(PARTS.get(value, value)),
        "step": lambda value: f"{value} %",
        "told": lambda value: ", ".join(value) or gettext("không còn ai"),
        "paused_until": lambda value: moment(datetime.fromisoformat(value)),
        "term": term_title,
        "answer_due_at": lambda value: moment(datetime.fromisoformat(value)),
    }
    found = []
    for key, title in _SHOWN_CHANGES.items():
        old, new = event.before.get(key), event.after.get(key)
        if new is not None and new != old:
            before = f"{shown[key](old)} → " if old else ""
            found.append(f"{title}: {before}{shown[key](new)}")
    return found


def counting_from(paused_until: datetime | None, now: datetime) -> datetime:
    """From when on what is left is counted: while the clock stands still nothing is used up."""
    return max(now, paused_until) if paused_until else now


def due_badge(
    due: datetime | None, on_time: bool | None, now: datetime, clock: Clock, *, waits: bool
) -> Badge | None:
    """How the ticket stands to its deadline: in working time while it `waits`, afterwards as it was judged.

    None where nothing is due.
    """
    if due is None:
        return None
    if not waits:
        return _judged(on_time)
    try:
        left = clock.between(min(now, due), max(now, due))
    except OutsideCalendar:
        return None
    if now > due:
        return Badge(gettext("Quá hạn %(amount)s", amount=working(left)), "bad")
    tone = "warn" if left <= SOON else "info"
    return Badge(gettext("Còn %(amount)s", amount=working(left)), tone)


def _judged(on_time: bool | None) -> Badge | None:
    if on_time is None:
        return None
    return Badge(gettext("Đúng hạn"), "good") if on_time else Badge(gettext("Trễ hạn"), "bad")


def working(amount: timedelta) -> str:
    """Working time in the largest unit that says something: "2 ngày", "3 giờ", "20 phút"."""
    if amount >= WORKDAY:
        return gettext("%(number)s ngày", number=round(amount / WORKDAY))
    if amount >= timedelta(hours=1):
        return gettext("%(number)s giờ", number=round(amount / timedelta(hours=1)))
    return gettext("%(number)s phút", number=max(1, round(amount / timedelta(minutes=1))))


def _in_language(title: fields.Title) -> str:
    return title.en if chosen() == "en" else title.vi


def _lookup(table: Mapping[str, Any]) -> Any:
    return lambda value: str(table.get(value, value))
