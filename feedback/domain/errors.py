"""Refusals of the rules. Every text is Vietnamese and safe to show and log: it never quotes anybody."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """Base of every refusal. `message_vi` is what the person at the screen reads."""

    default_vi: ClassVar[str] = "Không thực hiện được yêu cầu này."

    def __init__(self, message_vi: str | None = None) -> None:
        self.message_vi = message_vi or self.default_vi
        super().__init__(self.message_vi)


class NotAllowed(DomainError):
    """The actor's roles do not cover the action on this subject."""

    default_vi = "Anh/chị không có quyền thực hiện việc này."


class NotFound(DomainError):
    """Nothing there, or nothing this actor may know about: the two are never told apart."""

    default_vi = "Không tìm thấy nội dung yêu cầu."


class IllegalChange(DomainError):
    """The ticket's state does not permit the action."""

    default_vi = "Trạng thái hiện tại của hồ sơ không cho phép việc này."


class StaleVersion(DomainError):
    """Somebody else changed the ticket after it was read (HTTP 409)."""

    default_vi = "Hồ sơ vừa được người khác cập nhật. Hãy xem nội dung mới trước khi gửi lại."


class InvalidInput(DomainError):
    """A value is missing, malformed or out of range. `field` names the form field, where there is one."""

    default_vi = "Nội dung nhập chưa hợp lệ."

    def __init__(self, message_vi: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message_vi)
        self.field = field


class SealedUnreadable(DomainError):
    """The restricted store cannot be opened with the keys at hand. Nothing in it is lost."""

    default_vi = (
        "Không mở được kho hạn chế: khóa FEEDBACK_DENUNCIATION_KEY không đúng. Dữ liệu vẫn còn nguyên."
    )
