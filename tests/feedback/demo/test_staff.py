"""The staff of the demo answer what the stream says, each officer in the own ward."""

from __future__ import annotations

from typing import Any

from feedback.demo import staff
from feedback.demo.play import stream
from feedback.domain.permissions import Role
from feedback.services.app import App
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.desk_town import NGHIA_DO, Town

ROWS: list[dict[str, Any]] = [
    {"text": "Đèn đường ngõ 40 không sáng", "answer": "Đèn đã sáng lại.", "stars": 5},
    {"text": "Khác"},
]


def test_officers_answer_their_own_tickets_once(app: App, settings: Settings) -> None:
    town = Town(app, create_app(settings, "desk", app))
    code, other = town.ticket(ROWS[0]["text"]), town.ticket("Khác")
    town.hire("lan", Role.WARD_OFFICER, NGHIA_DO)
    assert staff.answer_some(app, ROWS) == 1
    assert staff.answer_some(app, ROWS) == 0
    assert (town.look(code).state, town.look(code).rating) == ("answered", 5)
    assert town.look(other).state == "open"


def test_answers_of_the_stream_have_a_message_to_recognise() -> None:
    answered = [row for row in stream() if "answer" in row]
    assert len(answered) >= 3
    assert len({row["text"][: staff.SAME] for row in answered}) == len(answered)
    assert all(1 <= row.get("stars", 1) <= 5 for row in answered)
    assert all(row["channel"] != "zalo" for row in answered if "stars" in row)  # no phone: cannot rate
