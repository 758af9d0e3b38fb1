"""What the service writes to citizens: Vietnamese, friendly, short enough for a chat message.

`follow_url` is None for whoever cannot look the ticket up, because neither phone nor email is known: they are
told to write again where they wrote.
"""

from __future__ import annotations

from datetime import datetime

from feedback.clock import in_hanoi
from feedback.domain.reasons import Reason

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_HELLO = "Kính chào anh/chị,"
_THANKS = "Trân trọng cảm ơn anh/chị."
_PAUSED = {
    "waiting_agency": "chúng tôi đang chờ ý kiến của cơ quan khác",
    "force_majeure": "có thiên tai hoặc sự cố bất khả kháng",
}


def hanoi_time(moment: datetime) -> str:
    """ "17:00 thứ Sáu, 27/02/2026" on a Hanoi clock."""
    local = in_hanoi(moment)
    return f"{local:%H:%M} {_WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"


def acknowledgement(
    code: str, due_at: datetime | None, follow_url: str | None, *, urgent: bool = False
) -> str:
    """Code, deadline and how to follow. Without a deadline yet, none is promised."""
    return _lines(
        _HELLO,
        f"Thành phố Hà Nội đã nhận được ý kiến của anh/chị. Mã hồ sơ: {code}",
        f"Hạn trả lời: {hanoi_time(due_at)}." if due_at else None,
        "Nếu đang có nguy hiểm đến tính mạng, xin gọi ngay 113, 114 hoặc 115." if urgent else None,
        f"Theo dõi tại {follow_url} bằng mã hồ sơ và số điện thoại hoặc email đã gửi."
        if follow_url
        else None,
        "Anh/chị có thể nhắn thêm thông tin tại đây, kèm mã hồ sơ. " + _THANKS,
    )


def neutral_acknowledgement(code: str) -> str:
    """For restricted tickets: whoever sees the citizen's screen learns neither kind nor content."""
    return _lines(
        _HELLO,
        f"Chúng tôi đã nhận được tin nhắn của anh/chị. Mã: {code}",
        "Người có trách nhiệm sẽ xem và liên hệ lại với anh/chị. Xin giữ kín mã này.",
        _THANKS,
    )


def answer(code: str, body: str, answered_by: str, follow_url: str | None) -> str:
    """Wraps what the officer wrote. `answered_by`: the office, never the officer's name."""
    return _lines(
        _HELLO,
        f"{answered_by} trả lời hồ sơ {code}:",
        "",
        body.strip(),
        "",
        f"Anh/chị chưa hài lòng{' hoặc muốn đánh giá' if follow_url else ''}? Xin {_where(code, follow_url)}",
        _THANKS,
    )


def rejection(code: str, reason: Reason, note: str, follow_url: str | None) -> str:
    """A rejection always says why."""
    return _lines(
        _HELLO,
        f"Hồ sơ {code} chưa thể được tiếp nhận xử lý. Lý do: {reason.title}.",
        note.strip() or None,
        f"Nếu chưa đồng ý, anh/chị có thể đề nghị xem lại: xin {_where(code, follow_url)}",
        _THANKS,
    )


def closing(code: str, reason: Reason, note: str, follow_url: str | None) -> str:
    """The ticket was closed without a separate answer."""
    return _lines(
        _HELLO,
        f"Hồ sơ {code} đã được đóng. Lý do: {reason.title}.",
        note.strip() or None,
        f"Nếu vấn đề vẫn còn, anh/chị có thể mở lại: xin {_where(code, follow_url)}",
        _THANKS,
    )


def question(
    code: str, body: str, asked_by: str, until: datetime, follow_url: str | None, *, neutral: bool = False
) -> str:
    """We need to know something, and wait. `neutral`: for restricted tickets, no office and no term is named."""
    opening = f"Hồ sơ {code}: xin" if neutral else f"{asked_by} đang xử lý hồ sơ {code} và xin"
    return _lines(
        _HELLO,
        f"{opening} anh/chị cho biết thêm:",
        "",
        body.strip(),
        "",
        None
        if neutral
        else f"Trong lúc chờ, thời hạn trả lời tạm dừng, chậm nhất đến {hanoi_time(until)}. "
        "Ngay khi anh/chị trả lời, thời hạn được tính tiếp.",
        f"Để trả lời, xin {_where(code, follow_url)}",
        _THANKS,
    )


def pausing(
    code: str, reason: Reason, note: str, until: datetime, due_at: datetime | None, *, neutral: bool = False
) -> str:
    """The answer takes longer, and why. `note`: the agency we wait for, or what has happened."""
    if neutral:
        return _lines(_HELLO, f"Việc trả lời hồ sơ {code} cần thêm thời gian.", _THANKS)
    why = f"{_PAUSED.get(reason.id, reason.title)}: {note.strip().rstrip('.')}"
    return _lines(
        _HELLO,
        f"Việc trả lời hồ sơ {code} cần thêm thời gian, vì {why}.",
        f"Thời hạn tạm dừng, chậm nhất đến {hanoi_time(until)}; sau đó được tính tiếp.",
        f"Hạn trả lời muộn nhất: {hanoi_time(due_at)}." if due_at else None,
        "Anh/chị không cần làm gì thêm. " + _THANKS,
    )


def extension(
    code: str, why: str, due_at: datetime | None, follow_url: str | None, *, neutral: bool = False
) -> str:
    """The answer will come later than was promised: until when, and why."""
    if neutral:
        return _lines(_HELLO, f"Việc trả lời hồ sơ {code} cần thêm thời gian.", _THANKS)
    return _lines(
        _HELLO,
        f"Chúng tôi cần thêm thời gian để trả lời hồ sơ {code}. Lý do: {why.strip().rstrip('.')}.",
        f"Hạn trả lời mới: {hanoi_time(due_at)}." if due_at else None,
        f"Nếu có điều cần nói thêm, anh/chị xin {_where(code, follow_url)}",
        _THANKS,
    )


def handing_over(code: str, note: str) -> str:
    """For a denunciation: neutral words only. A complaint gets a letter (see `letters`)."""
    return _lines(
        _HELLO, f"Hồ sơ {code} đã được chuyển đến người có thẩm quyền.", note.strip() or None, _THANKS
    )


def _where(code: str, follow_url: str | None) -> str:
    return f"vào {follow_url}" if follow_url else f"nhắn lại tại đây, kèm mã {code}"


def _lines(*lines: str | None) -> str:
    """One text. None is left out; an empty line is a gap."""
    return "\n".join(line for line in lines if line is not None)
