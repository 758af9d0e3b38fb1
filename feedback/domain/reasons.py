"""Why a ticket was moved, closed or rejected: closed lists, so that they can be counted. Ids are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Action

_BARE_ID = re.compile(r"[a-z][a-z_]{2,40}")


@dataclass(frozen=True, slots=True)
class Reason:
    """`needs_note`: the reason says little without a sentence of explanation."""

    id: str
    title: str
    needs_note: bool = False


TRANSFER = (
    Reason("wrong_ward", "Không thuộc địa bàn phường/xã này"),
    Reason("wrong_field", "Thuộc thẩm quyền của cơ quan khác"),
    Reason("several_wards", "Liên quan nhiều phường/xã"),
    Reason("above_authority", "Vượt thẩm quyền của phường/xã"),
    Reason("about_us", "Nội dung phản ánh về cán bộ của đơn vị"),
    Reason("other", "Lý do khác", needs_note=True),
)
CLOSE = (
    Reason("done", "Đã xử lý xong"),
    Reason("duplicate", "Trùng với phản ánh khác", needs_note=True),
    Reason("thanks", "Lời cảm ơn, không cần xử lý"),
    Reason("spam", "Tin rác, quảng cáo, thử nghiệm"),
    Reason("withdrawn", "Người dân rút phản ánh"),
    Reason("no_response", "Người dân không bổ sung thông tin"),
    Reason("other", "Lý do khác", needs_note=True),
)
REJECT = (
    Reason("out_of_scope", "Ngoài phạm vi tiếp nhận của hệ thống"),
    Reason("outside_hanoi", "Không thuộc địa bàn Hà Nội"),
    Reason("not_enough", "Không đủ thông tin để xử lý"),
    Reason("already_settled", "Đã được giải quyết và trả lời trước đó", needs_note=True),
    Reason("in_court", "Đang được tòa án hoặc cơ quan điều tra thụ lý"),
    Reason("offensive", "Nội dung xúc phạm, vu khống"),
    Reason("other", "Lý do khác", needs_note=True),
)
PAUSE = (
    Reason("waiting_citizen", "Chờ người dân bổ sung thông tin", needs_note=True),
    Reason("waiting_agency", "Chờ ý kiến cơ quan khác", needs_note=True),
    Reason("force_majeure", "Thiên tai, sự cố bất khả kháng", needs_note=True),
)
"""While a ticket waits for the citizen the note is the question that is sent."""
RESUME = (
    Reason("by_hand", "Cán bộ cho tính tiếp"),
    Reason("citizen", "Người dân đã trả lời"),
    Reason("bound", "Hết thời gian tạm dừng"),
)
"""How a pause ended: nobody chooses, the trail tells."""
EXTENSION = (
    Reason("complex_matter", "Vụ việc phức tạp, cần thêm thời gian xác minh", needs_note=True),
    Reason("several_agencies", "Cần phối hợp nhiều cơ quan", needs_note=True),
    Reason("works_under_way", "Đang thi công, khắc phục tại hiện trường", needs_note=True),
    Reason("other", "Lý do khác", needs_note=True),
)
RECLASSIFY = (
    Reason("objects_to_decision", "Không đồng ý với quyết định hoặc hành vi hành chính: khiếu nại"),
    Reason("accuses_violation", "Báo về hành vi vi phạm pháp luật của tổ chức, cá nhân: tố cáo"),
    Reason("no_decision_meant", "Không yêu cầu xem lại quyết định nào: không phải khiếu nại"),
    Reason("no_one_accused", "Không báo về hành vi vi phạm của ai: không phải tố cáo"),
    Reason("citizen_decided", "Người dân đã xác nhận muốn đi theo trình tự nào", needs_note=True),
    Reason("misread", "Hệ thống đọc nhầm"),
    Reason("other", "Lý do khác", needs_note=True),
)
"""Why a matter enters a legal road (complaint, denunciation), leaves it, or changes from one to the other."""
BY_ACTION: dict[Action, tuple[Reason, ...]] = {
    Action.TRANSFER: TRANSFER,
    Action.SEND_BACK: TRANSFER,
    Action.CLOSE: CLOSE,
    Action.REJECT: REJECT,
    Action.RECLASSIFY: RECLASSIFY,
    Action.PAUSE: PAUSE,
    Action.ASK_EXTENSION: EXTENSION,
}


def reasons_for(action: Action) -> tuple[Reason, ...]:
    """The list to choose from; empty for an action that needs no reason."""
    return BY_ACTION.get(action, ())


def reason(action: Action, reason_id: str, note: str = "") -> Reason:
    """The chosen reason. Raises InvalidInput when it is not in the list or lacks its explanation."""
    for candidate in reasons_for(action):
        if candidate.id == reason_id:
            if candidate.needs_note and not note.strip():
                raise InvalidInput("Hãy ghi rõ lý do.", field="note")
            return candidate
    raise InvalidInput("Hãy chọn một lý do trong danh sách.", field="reason")


def with_note(reason_id: str, note: str) -> str:
    """What the audit trail keeps: the id of the reason, and the sentence where somebody wrote one."""
    return f"{reason_id}: {note.strip()}" if note.strip() else reason_id


def parted(written: str | None) -> tuple[str | None, str]:
    """Id and sentence of what `with_note` joined. Text without an id of ours is a sentence, unless it is one bare word."""
    reason_id, _, note = (written or "").partition(": ")
    known = {item.id for rows in BY_ACTION.values() for item in rows}
    if reason_id in known or (not note and _BARE_ID.fullmatch(reason_id)):
        return reason_id, note
    return None, written or ""
