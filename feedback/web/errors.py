"""Every refusal becomes one clear page, or JSON where the client asks for it. Nothing of the inside is shown."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from feedback.domain.errors import (
    DomainError,
    IllegalChange,
    InvalidInput,
    NotAllowed,
    NotFound,
    SealedUnreadable,
    StaleVersion,
)
from feedback.store.faults import DATABASE_DOWN, IMPOSSIBLE_VALUE
from feedback.web.language import gettext

log = logging.getLogger("feedback.web")

RETRY_SECONDS = 10
STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    StaleVersion: 409,
    IllegalChange: 409,
    InvalidInput: 422,
    SealedUnreadable: 503,
}


@dataclass(frozen=True, slots=True)
class Words:
    """`title` heads the page, `hint` says what to do."""

    title: Any
    hint: Any


WORDS = {
    400: Words(lazy_gettext("Yêu cầu chưa hợp lệ"), lazy_gettext("Hãy quay lại và thử lại.")),
    401: Words(lazy_gettext("Cần đăng nhập"), lazy_gettext("Hãy đăng nhập rồi thử lại.")),
    403: Words(lazy_gettext("Không có quyền"), lazy_gettext("Anh/chị không có quyền thực hiện việc này.")),
    404: Words(
        lazy_gettext("Không tìm thấy"),
        lazy_gettext("Nội dung này không có, hoặc nằm ngoài phạm vi được xem."),
    ),
    405: Words(lazy_gettext("Yêu cầu chưa hợp lệ"), lazy_gettext("Hãy quay lại và thử lại.")),
    409: Words(lazy_gettext("Hồ sơ đã thay đổi"), lazy_gettext("Hãy xem nội dung mới trước khi làm tiếp.")),
    413: Words(
        lazy_gettext("Nội dung quá lớn"),
        lazy_gettext("Hãy bớt tệp đính kèm hoặc rút ngắn nội dung rồi gửi lại."),
    ),
    422: Words(lazy_gettext("Nội dung nhập chưa hợp lệ"), lazy_gettext("Hãy quay lại và sửa.")),
    429: Words(lazy_gettext("Quá nhiều yêu cầu"), lazy_gettext("Xin chờ một lát rồi thử lại.")),
    503: Words(
        lazy_gettext("Hệ thống tạm thời gián đoạn"),
        lazy_gettext("Dữ liệu không bị mất. Xin thử lại sau ít phút."),
    ),
    500: Words(
        lazy_gettext("Có lỗi trong hệ thống"),
        lazy_gettext("Lỗi đã được ghi lại. Xin thử lại sau ít phút."),
    ),
}


def install(flask_app: Flask) -> None:
    flask_app.register_error_handler(DomainError, _domain)
    flask_app.register_error_handler(CSRFError, _csrf)
    flask_app.register_error_handler(HTTPException, _http)
    for fault in DATABASE_DOWN:
        flask_app.register_error_handler(fault, _database_down)
    flask_app.register_error_handler(IMPOSSIBLE_VALUE, _impossible)
    flask_app.register_error_handler(Exception, _unforeseen)


def page(status: int, message: str | None = None, field: str | None = None) -> Response:
    """The error page of `status`; `message` replaces its hint."""
    words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    hint = message or str(words.hint)
    if wants_json():
        body = {"error": hint, "status": status, "request_id": g.get("request_id")}
        response = jsonify(body | {"field": field} if field else body)
    else:
        response = make_response(
            render_template("errors/error.html", status=status, title=words.title, hint=hint)
        )
    response.status_code = status
    return response


def wants_json() -> bool:
    """Whether the client prefers JSON to a page."""
    accepted = request.accept_mimetypes
    return request.is_json or accepted["application/json"] > accepted["text/html"]


def _domain(error: DomainError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return page(status, gettext(error.message_vi), getattr(error, "field", None))


def _csrf(error: CSRFError) -> Response:
    return page(400, gettext("Trang đã mở quá lâu. Hãy tải lại trang và gửi lại."))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = page(error.code)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _database_down(error: Exception) -> Response:
    log.error("database unavailable", extra={"request": g.get("request_id"), "fault": type(error).__name__})
    response = page(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _impossible(error: Exception) -> Response:
    # Addresses typed by hand only: whatever a form says is checked by its use case.
    log.warning("impossible value", exc_info=error, extra={"request": g.get("request_id")})
    return page(400)


def _unforeseen(error: Exception) -> Response:
    # The border of the process: whatever it is, the person gets a page and the log the traceback.
    log.error("unforeseen error", exc_info=error, extra={"request": g.get("request_id")})
    return page(500)
