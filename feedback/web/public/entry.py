"""What a citizen typed into the portal's forms, kept as typed, checked field by field."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from channels.message import Position
from channels.place import phone as domestic
from channels.place import position
from channels.text import clean, line
from channels.web.form import Form, Upload
from feedback.domain import contacts
from feedback.services.upload import File
from feedback.web.language import gettext

MAX_TEXT = 20_000
MAX_NAME = 100
MAX_ADDRESS = 300
_PLAIN_ADDRESS = re.compile(r"[!-~]+@[a-z0-9.-]+")
_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_submission() -> str:
    """An id nobody can guess, for one showing of a form."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Entry:
    """`submission` was made when the page was shown: the same content sent twice with it is one message."""

    text: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    lat: str = ""
    lon: str = ""
    trap: str = field(default="", repr=False)
    submission: str = field(default_factory=new_submission)


def read(form: Mapping[str, str]) -> Entry:
    """The posted fields, cleaned at the border (NFC, no control characters), not yet judged."""
    given = form.get("submission", "")
    return Entry(
        text=clean(form.get("text", "")),
        name=line(form.get("name", "")),
        phone=line(form.get("phone", "")),
        email=line(form.get("email", "")),
        address=line(form.get("address", "")),
        lat=line(form.get("lat", "")),
        lon=line(form.get("lon", "")),
        trap=line(form.get("website", "")),
        submission=given if _SUBMISSION.fullmatch(given) else new_submission(),
    )


def faults(entry: Entry) -> dict[str, str]:
    """What is wrong, by field, in the citizen's language; empty where the form can be sent."""
    found = {
        "text": text_fault(entry.text),
        "name": _too_long(entry.name, MAX_NAME),
        "phone": _phone_fault(entry.phone),
        "email": _email_fault(entry.email),
        "address": _too_long(entry.address, MAX_ADDRESS) or _position_fault(entry),
        "website": gettext("Hãy để trống ô này. Ô này chỉ để nhận ra máy gửi tự động.")
        if entry.trap
        else None,
    }
    if not entry.phone and not entry.email:
        found["phone"] = gettext("Hãy cho biết số điện thoại hoặc email để anh/chị tra cứu được hồ sơ.")
    return {name: fault for name, fault in found.items() if fault}


def text_fault(text: str, limit: int = MAX_TEXT) -> str | None:
    """Why this cannot be sent as a message, or None."""
    if not text:
        return gettext("Hãy viết nội dung phản ánh.")
    if len(text) > limit:
        return gettext(
            "Nội dung dài %(length)s ký tự; xin rút gọn còn tối đa %(limit)s ký tự.",
            length=f"{len(text):,}".replace(",", "."),
            limit=f"{limit:,}".replace(",", "."),
        )
    return None


def to_form(entry: Entry, files: tuple[File, ...] = (), ticket_code: str = "") -> Form:
    """The form as the web channel takes it: normal forms of phone and email, the key of this content."""
    form = Form(
        submission_id=entry.submission,
        text=entry.text,
        name=entry.name,
        phone=contacts.normalise_phone(entry.phone) or "",
        email=contacts.normalise_email(entry.email) or "",
        address=entry.address,
        position=_position(entry),
        uploads=tuple(Upload(file.name, file.content_type, len(file.data), file.sha256) for file in files),
        ticket_code=ticket_code,
    )
    # A page sent again after "back" and an edit says something new: it must not pass for a second click.
    content = hashlib.sha256(repr(form).encode("utf-8", "replace")).hexdigest()[:16]
    return replace(form, submission_id=f"{entry.submission}.{content}")


def _too_long(text: str, limit: int) -> str | None:
    if len(text) <= limit:
        return None
    return gettext("Xin viết ngắn hơn %(limit)s ký tự.", limit=limit)


def _phone_fault(text: str) -> str | None:
    if not text or domestic(contacts.normalise_phone(text)):
        return None
    return gettext("Số điện thoại chưa đúng. Ví dụ: 0900 000 000.")


def _email_fault(text: str) -> str | None:
    address = contacts.normalise_email(text)
    if not text or (address and _PLAIN_ADDRESS.fullmatch(address)):
        return None
    return gettext("Địa chỉ email chưa đúng. Ví dụ: ten@example.com.")


def _position_fault(entry: Entry) -> str | None:
    if not (entry.lat or entry.lon) or _position(entry):
        return None
    return gettext("Vị trí nhận được không đọc được. Hãy lấy lại vị trí hoặc ghi địa chỉ.")


def _position(entry: Entry) -> Position | None:
    return position(_degrees(entry.lat), _degrees(entry.lon))


def _degrees(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
