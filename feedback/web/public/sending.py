"""From a checked form to the web channel: body sealed, received with its files like every delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from channels.message import RawDelivery
from channels.web.form import SEAL_HEADER, Form, body, seal
from feedback.clock import utc_now
from feedback.services import intake, upload
from feedback.web.current import app, settings
from feedback.web.language import gettext

ACCOUNT = "portal"
CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class Files:
    """The chosen files, or the sentence that says what is wrong with them."""

    files: tuple[upload.File, ...] = ()
    fault: str | None = None


def chosen_files() -> Files:
    """The files of this request, checked by their bytes."""
    given = [(item.filename, item.stream.read()) for item in request.files.getlist("files") if item.filename]
    try:
        return Files(upload.check(given))
    except upload.UploadRefused as refused:
        return Files(fault=_sentence(refused))


def _sentence(refused: upload.UploadRefused) -> str:
    match refused.refusal:
        case upload.Refusal.TOO_MANY:
            return gettext("Xin chọn nhiều nhất %(number)s tệp.", number=upload.MAX_FILES)
        case upload.Refusal.EMPTY:
            return gettext("Tệp “%(name)s” trống.", name=refused.name)
        case upload.Refusal.TOO_LARGE:
            return gettext("Tệp “%(name)s” lớn hơn 10 MB.", name=refused.name)
        case upload.Refusal.UNKNOWN_TYPE:
            return gettext("Tệp “%(name)s” không phải ảnh hoặc PDF.", name=refused.name)


def token_fault() -> str | None:
    """Why the form's token does not hold. The typed text is given back, so one more click sends it."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return gettext("Trang đã mở quá lâu nên chưa gửi được. Nội dung vẫn còn đây: xin bấm gửi lần nữa.")
    return None


def submit(form: Form, files: Sequence[upload.File] = ()) -> intake.Outcome:
    """Store the message with its files. Raises only what the database raises."""
    now = utc_now()
    written = body(replace(form, submitted_at=now.isoformat()))
    headers = {"content-type": "application/json", SEAL_HEADER: seal(written, settings().secret_key.encode())}
    delivery = RawDelivery(CHANNEL, ACCOUNT, written, headers, now)
    return intake.receive(app(), delivery, upload.parts(files))
