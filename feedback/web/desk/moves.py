"""Changes to a ticket: each view reads a form and calls one use case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.errors import IllegalChange, InvalidInput, NotFound, StaleVersion
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Action
from feedback.services import answer, assign, comment, ending, placing, read, resend
from feedback.services.placing import Place
from feedback.web.access import me, requires
from feedback.web.current import app
from feedback.web.desk import ticket
from feedback.web.language import gettext

Value = TypeVar("Value", Kind, Level)

blueprint = Blueprint("moves", __name__, url_prefix="/ho-so/<code>")


@blueprint.post("/tra-loi")
@requires(Action.ANSWER)
def submit_answer(code: str) -> Response:
    text = request.form.get("text", "")
    return move(
        code,
        "answer",
        gettext("Đã ghi nhận câu trả lời, đang gửi tới người dân."),
        lambda: answer.submit(app(), me(), code, version(), text),
    )


@blueprint.post("/chuyen")
@requires(Action.TRANSFER)
def transfer(code: str) -> Response:
    return move(
        code,
        "transfer",
        gettext("Đã chuyển hồ sơ."),
        lambda: placing.transfer(app(), me(), code, version(), place(), text("reason"), text("note")),
    )


@blueprint.post("/dieu-phoi")
@requires(Action.ROUTE)
def route(code: str) -> Response:
    return move(
        code,
        "route",
        gettext("Đã chuyển hồ sơ."),
        lambda: placing.route(app(), me(), code, version(), place()),
    )


@blueprint.post("/chuyen-tra")
@requires(Action.SEND_BACK)
def send_back(code: str) -> Response:
    return move(
        code,
        "send_back",
        gettext("Đã chuyển trả bộ phận điều phối."),
        lambda: placing.send_back(app(), me(), code, version(), text("reason"), text("note")),
    )


@blueprint.post("/phan-loai")
@requires(Action.RECLASSIFY)
def reclassify(code: str) -> Response:
    return move(
        code,
        "reclassify",
        gettext("Đã phân loại lại."),
        lambda: placing.reclassify(
            app(),
            me(),
            code,
            version(),
            kind=choice(Kind, "kind"),
            field_id=text("field_id"),
            level=choice(Level, "level"),
            reason_id=text("reason"),
            note=text("note"),
        ),
    )


@blueprint.post("/dong")
@requires(Action.CLOSE)
def close(code: str) -> Response:
    return move(
        code,
        "close",
        gettext("Đã đóng hồ sơ."),
        lambda: ending.close(app(), me(), code, version(), text("reason"), text("note")),
    )


@blueprint.post("/tu-choi")
@requires(Action.REJECT)
def reject(code: str) -> Response:
    return move(
        code,
        "reject",
        gettext("Đã từ chối và báo lý do cho người dân."),
        lambda: ending.reject(app(), me(), code, version(), text("reason"), text("note")),
    )


@blueprint.post("/ban-giao")
@requires(Action.HAND_OVER)
def hand_over(code: str) -> Response:
    return move(
        code,
        "hand_over",
        gettext("Đã chuyển cơ quan có thẩm quyền."),
        lambda: ending.hand_over(app(), me(), code, version(), text("text")),
    )


@blueprint.post("/ghi-chu")
@requires(Action.COMMENT)
def add_note(code: str) -> Response:
    return move(
        code,
        "comment",
        gettext("Đã ghi chú."),
        lambda: comment.add(app(), me(), code, version(), text("text")),
    )


@blueprint.post("/nhan")
@requires(Action.ASSIGN)
def take(code: str) -> Response:
    return move(
        code,
        "assign",
        gettext("Anh/chị đã nhận xử lý hồ sơ này."),
        lambda: assign.take(app(), me(), code, version()),
    )


@blueprint.post("/gui-lai/<int:message_id>")
@requires(Action.RESEND)
def send_again(code: str, message_id: int) -> Response:
    return move(
        code,
        "resend",
        gettext("Đang gửi lại."),
        lambda: resend.again(app(), me(), code, message_id),
    )


@blueprint.post("/da-goi/<int:message_id>")
@requires(Action.RESEND)
def telephoned(code: str, message_id: int) -> Response:
    return move(
        code,
        "resend",
        gettext("Đã ghi nhận: người dân đã được báo qua điện thoại."),
        lambda: resend.telephoned(app(), me(), code, message_id),
    )


def version() -> int:
    """The version the form was made from. Raises InvalidInput where it is missing."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("Biểu mẫu thiếu thông tin. Hãy tải lại trang.")
    return int(text)


def place() -> Place:
    """`ward:<code>` or `centre`, with an optional field and level. Raises InvalidInput."""
    where, _, ward_code = text("place").partition(":")
    # A ward chosen from the list counts only where no button named one.
    ward_code = ward_code or text("ward_code") if where != "centre" else ""
    field_id = text("field_pick") or text("field_id") or None
    level = choice(Level, "level") if text("level") else None
    if where == "centre":
        return Place(Queue.CENTRE, None, field_id, level)
    if not ward_code:
        raise InvalidInput("Chọn phường/xã hoặc Trung tâm.", field="place")
    return Place(Queue.WARD, ward_code, field_id, level)


def move(code: str, verb: str, done: str, change: Callable[[], object]) -> Response:
    """Do it and show the ticket, or the reason why not with everything that was typed."""
    try:
        change()
    except (InvalidInput, StaleVersion, IllegalChange) as error:
        return ticket.refused(code, verb, error)
    flash(done, "success")
    if _within_reach(code):
        return redirect(url_for("ticket.show", code=code))
    return redirect(url_for("inbox.home"))


def _within_reach(code: str) -> bool:
    """A ticket that was transferred is no longer one's own to look at."""
    try:
        read.check_reach(app(), me(), code)
    except NotFound:
        return False
    return True


def text(name: str) -> str:
    """A field of the form, without blanks round it; empty where it is missing."""
    return request.form.get(name, "").strip()


def choice(kind: type[Value], name: str) -> Value:
    try:
        return kind(text(name))
    except ValueError:
        raise InvalidInput("Hãy chọn trong danh sách.", field=name) from None
