"""The form of the terms, read into a document. What it holds is judged by `terms_document.parse`, not here."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from feedback.domain.calendar_files import WEEKDAYS
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Level
from feedback.domain.reasons import PAUSE

Form = MultiDict[str, str]
MOST_ROWS = 200
LAW = "law"
ASSUMED = "giả định"


def document(form: Form, base: Mapping[str, Any]) -> dict[str, Any]:
    """What `form` makes of the document `base`; parts without fields (the legal terms) stay. Raises InvalidInput."""
    made: dict[str, Any] = copy.deepcopy(dict(base))
    start = form.get("valid_from", "").strip()
    if not start:
        raise InvalidInput("Hãy chọn thời điểm có hiệu lực.", field="valid_from")
    made["valid_from"] = start
    made["version"] = start[:10]
    for name in ("receive", "forward", "hand_over", "extension"):
        made[name] = _rule(form, name)
    made["levels"] = {level.value: _rule(form, f"level-{level}") for level in Level}
    made["pauses"] = {reason.id: _rule(form, f"pause-{reason.id}") for reason in PAUSE}
    made["clock"] = {"wall": [level.value for level in Level if form.get(f"wall-{level}")]}
    made["steps"] = [_number(part) for part in form.get("steps", "").replace(",", " ").split()]
    made["overrides"] = [row for row in map(_override_of(form), _rows(form, "override")) if row]
    made["hours"] = [row for row in map(_hours_of(form), _rows(form, "hours")) if row]
    return made


def _rule(form: Form, name: str) -> dict[str, str]:
    number, unit = form.get(f"{name}-number", "").strip(), form.get(f"{name}-unit", "")
    return {
        "term": f"{number}{unit}",
        "basis": LAW if form.get(f"{name}-basis") == LAW else ASSUMED,
        "source": " ".join(form.get(f"{name}-source", "").split())[:500],
    }


def _rows(form: Form, name: str) -> Sequence[str]:
    try:
        number = min(MOST_ROWS, int(form.get(f"{name}-rows", "0")))
    except ValueError:
        raise InvalidInput("Biểu mẫu thiếu thông tin. Hãy tải lại trang.") from None
    return [f"{name}-{index}" for index in range(number)]


def _override_of(form: Form) -> Any:
    def read(row: str) -> dict[str, str] | None:
        """A row without a number is an empty row, or one to be removed."""
        if not form.get(f"{row}-number", "").strip():
            return None
        scope = {key: form.get(f"{row}-{key}", "") for key in ("ward", "field", "kind", "level")}
        part = form.get(f"{row}-part", "answer")
        return {"part": part, **_rule(form, row), **{key: value for key, value in scope.items() if value}}

    return read


def _hours_of(form: Form) -> Any:
    def read(row: str) -> dict[str, Any] | None:
        ward = form.get(f"{row}-ward", "")
        if not ward:
            return None
        days = (*WEEKDAYS, "make_up")
        return {"ward": ward, **{day: _periods(form.get(f"{row}-{day}", "")) for day in days}}

    return read


def _periods(text: str) -> list[str]:
    return [part.replace(" ", "") for part in text.replace(";", ",").split(",") if part.strip()]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidInput("Các mốc nhắc viết bằng số, ví dụ: 50 80 100 150.", field="steps")
    return int(text)
