"""What a person may be told about a request on the own data, and why something is kept: closed lists, plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedback.domain.contacts import normalise_email, normalise_phone
from feedback.domain.errors import InvalidInput
from feedback.domain.reasons import Reason
from feedback.domain.retention import Request
from feedback.domain.texts import hanoi_time

MAX_NAME = 100
MAX_AUTHORITY = 200

AS_ASKED = Reason("as_asked", "Thực hiện đúng yêu cầu")
REFUSALS = (
    Reason("must_be_kept", "Có hồ sơ phải lưu giữ theo quy định của pháp luật"),
    Reason("running", "Có hồ sơ đang được giải quyết; đề nghị yêu cầu lại khi đã kết thúc"),
    Reason("not_proven", "Chưa chứng minh được là chủ của dữ liệu"),
    Reason("already_right", "Thông tin hiện có đã đúng"),
    Reason("other", "Lý do khác", needs_note=True),
)
HOLDS = (
    Reason("court", "Yêu cầu của tòa án"),
    Reason("investigation", "Yêu cầu của cơ quan điều tra"),
    Reason("inspection", "Yêu cầu của cơ quan thanh tra, kiểm tra"),
    Reason("dispute", "Đang có khiếu nại, tranh chấp về hồ sơ"),
)
LIFTS = (
    Reason("ended", "Việc phải giữ đã kết thúc"),
    Reason("by_mistake", "Giữ nhầm hồ sơ"),
)
LISTS = ((AS_ASKED,), REFUSALS, HOLDS, LIFTS)
TITLES = {
    Request.ACCESS: "Xem dữ liệu của tôi",
    Request.CORRECT: "Sửa thông tin liên hệ",
    Request.DELETE: "Xóa dữ liệu của tôi",
    Request.WITHDRAW: "Rút lại sự đồng ý",
}


class Obstacle(StrEnum):
    """Why data cannot be erased now. `KEPT` is one word for every such reason: it must not tell which."""

    RUNNING = "running"
    KEPT = "must_be_kept"


def reference(request_id: int) -> str:
    """What the person and the officer call a request: "YC-000012"."""
    return f"YC-{request_id:06d}"


@dataclass(frozen=True, slots=True)
class Correction:
    """The contact columns as the person wants them; None leaves one as it is."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    @classmethod
    def typed(cls, name: str, phone: str, email: str) -> Correction:
        """From the fields of a form. Raises InvalidInput: nothing filled in, or a number or address that is none."""
        name, phone, email = name.strip(), phone.strip(), email.strip()
        if not (name or phone or email):
            raise InvalidInput("Hãy ghi ít nhất một thông tin cần sửa.", field="name")
        if len(name) > MAX_NAME:
            raise InvalidInput("Họ tên quá dài.", field="name")
        number, address = normalise_phone(phone), normalise_email(email)
        if phone and number is None:
            raise InvalidInput("Số điện thoại chưa đúng.", field="phone")
        if email and address is None:
            raise InvalidInput("Địa chỉ email chưa đúng.", field="email")
        return cls(name or None, number, address)

    @property
    def columns(self) -> tuple[str, ...]:
        """Which columns change."""
        return tuple(column for column in ("name", "phone", "email") if getattr(self, column) is not None)


def chosen(reasons: Sequence[Reason], reason_id: str, note: str = "") -> Reason:
    """The reason with this id. Raises InvalidInput when it is not in the list or lacks its explanation."""
    for reason in reasons:
        if reason.id == reason_id:
            if reason.needs_note and not note.strip():
                raise InvalidInput("Hãy ghi rõ lý do.", field="note")
            return reason
    raise InvalidInput("Hãy chọn một lý do trong danh sách.", field="reason")


def received(ref: str, kind: Request, answer_by: datetime, done_by: datetime) -> str:
    """What the person reads when the request has been written down."""
    return (
        f"Đã ghi nhận yêu cầu {ref} ({TITLES[kind].lower()}). "
        f"Chúng tôi phản hồi trước {hanoi_time(answer_by)} và thực hiện trước {hanoi_time(done_by)}."
    )


def granted(ref: str, kind: Request) -> str:
    """The word sent when the request has been carried out; the last one after a deletion."""
    words = {
        Request.ACCESS: "Dữ liệu đã được cung cấp.",
        Request.CORRECT: "Thông tin liên hệ đã được sửa theo yêu cầu.",
        Request.DELETE: "Dữ liệu cá nhân của anh/chị đã được xóa. Đây là tin nhắn cuối cùng về các hồ sơ này.",
        Request.WITHDRAW: "Đã ngừng sử dụng và xóa thông tin liên hệ của anh/chị. Đây là tin nhắn cuối cùng.",
    }
    return f"Kính chào anh/chị,\nYêu cầu {ref} đã được thực hiện. {words[kind]}"


def refused(ref: str, reason: Reason, note: str) -> str:
    """A refusal always says why, and that it can be contested."""
    lines = (
        "Kính chào anh/chị,",
        f"Yêu cầu {ref} về dữ liệu cá nhân chưa thực hiện được. Lý do: {reason.title}.",
        note.strip(),
        "Nếu chưa đồng ý, anh/chị có thể liên hệ Trung tâm Phục vụ hành chính công hoặc khiếu nại theo quy định.",
    )
    return "\n".join(line for line in lines if line)
