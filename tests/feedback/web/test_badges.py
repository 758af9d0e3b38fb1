"""How a deadline reads, while it runs and after it was judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from feedback.clock import HANOI
from feedback.domain import calendar
from feedback.domain.clocks import OfficeClock
from feedback.web import language
from feedback.web.desk import words

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    flask_app = Flask("badges")
    flask_app.extensions["feedback"] = None
    language.install(flask_app)
    with flask_app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("due", "text", "tone"),
    [
        (datetime(2026, 3, 2, 9, 20, tzinfo=HANOI), "Còn 20 phút", "warn"),
        (datetime(2026, 3, 2, 14, 0, tzinfo=HANOI), "Còn 4 giờ", "warn"),
        (datetime(2026, 3, 4, 9, 0, tzinfo=HANOI), "Còn 2 ngày", "info"),
        (datetime(2026, 2, 27, 16, 0, tzinfo=HANOI), "Quá hạn 2 giờ", "bad"),
        (datetime(2026, 2, 26, 9, 0, tzinfo=HANOI), "Quá hạn 2 ngày", "bad"),
    ],
)
def test_what_is_left_is_counted_in_working_time(due: datetime, text: str, tone: str) -> None:
    found = words.due_badge(due, None, MONDAY, OfficeClock(calendar.shipped()), waits=True)
    assert found is not None
    assert (found.text, found.tone) == (text, tone)


def test_a_reopened_matter_waits_again_whatever_was_judged_before() -> None:
    due = datetime(2026, 3, 4, 9, 0, tzinfo=HANOI)
    waiting = words.due_badge(due, False, MONDAY, OfficeClock(calendar.shipped()), waits=True)
    settled = words.due_badge(due, False, MONDAY, OfficeClock(calendar.shipped()), waits=False)
    assert waiting is not None
    assert waiting.text == "Còn 2 ngày"
    assert settled is not None
    assert settled.text == "Trễ hạn"


def test_nothing_is_said_where_nothing_is_due() -> None:
    shipped = OfficeClock(calendar.shipped())
    assert words.due_badge(None, None, MONDAY, shipped, waits=True) is None
    assert words.due_badge(MONDAY, None, MONDAY, shipped, waits=False) is None
