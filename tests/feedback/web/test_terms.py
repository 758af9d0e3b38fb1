"""The page of the terms: edit, preview, decide, and what bad forms are told."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from feedback.clock import in_hanoi
from feedback.domain.permissions import Role
from feedback.services import rejudge
from feedback.services.app import App
from tests.feedback.web.desk_town import Town, Visitor


@pytest.fixture
def quan(town: Town) -> Visitor:
    return town.log_in(town.hire("quan", Role.ADMIN))


def form(visitor: Visitor, **edit: str) -> dict[str, str]:
    """The fields of the page as a browser would send them, with edits."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        inside = False
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            at = {name: value or "" for name, value in attrs}
            if tag == "form":
                self.inside = at.get("action", "").endswith("/xem-truoc") and "lich" not in at["action"]
            if not self.inside:
                return
            if tag == "input" and at.get("name") and (at.get("type") != "checkbox" or "checked" in at):
                found[at["name"]] = at.get("value", "")
            if tag == "select":
                self.select = at.get("name", "")
            if tag == "option" and ("selected" in at or self.select not in found):
                found[self.select] = at.get("value", "")

    Reader().feed(visitor.get("/thoi-han").get_data(as_text=True))
    return {**found, **edit}


def hidden(page: TestResponse, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))
    assert match is not None
    return html.unescape(match[1])


def publish(visitor: Visitor, page: TestResponse, running: str, note: str = "QĐ thử") -> TestResponse:
    values = {"document": hidden(page, "document"), "base": hidden(page, "base"), "note": note}
    return visitor.post("/thoi-han/ban-hanh", {**values, **({"running": running} if running else {})})


def test_an_unchanged_form_is_the_document_it_was_made_from(quan: Visitor, app: App) -> None:
    from feedback.services import legislate
    from tests.feedback.services.test_legislate import QUAN

    page = quan.post("/thoi-han/xem-truoc", form(quan))
    assert page.status_code == 200
    made, kept = json.loads(hidden(page, "document")), dict(legislate.book(app, QUAN).document)
    same = set(kept) - {"version", "valid_from"}
    assert {name: made[name] for name in same} == {name: kept[name] for name in same}


def test_edit_preview_publish_and_move(quan: Visitor, town: Town, app: App) -> None:
    code = town.ticket()
    before = town.look(code)
    page = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-normal-number": "9"}))
    shown = page.get_data(as_text=True)
    assert code in shown
    assert "Hạn muộn hơn" in shown
    assert town.look(code).answer_due_at == before.answer_due_at
    assert publish(quan, page, "move").status_code == 302
    rejudge.run(app)
    after = town.look(code)
    assert before.answer_due_at is not None
    assert after.answer_due_at is not None
    assert after.answer_due_at - before.answer_due_at >= timedelta(days=4)
    again = quan.get("/thoi-han").get_data(as_text=True)
    assert "QĐ thử" in again
    assert after.rule_version is not None
    assert quan.get(f"/thoi-han/{after.rule_version}").status_code == 200


def test_an_override_for_one_ward_and_field(quan: Visitor, town: Town, app: App) -> None:
    mine, other = town.ticket(), town.ticket(field_id="waste")
    due = town.look(other).answer_due_at
    row = "override-1"
    page = quan.post(
        "/thoi-han/xem-truoc",
        form(
            quan,
            **{f"{row}-number": "2", f"{row}-unit": "wd", f"{row}-ward": "00160", f"{row}-field": "drainage"},
        ),
    )
    publish(quan, page, "move")
    rejudge.run(app)
    moved = town.look(mine).answer_due_at
    assert moved is not None
    assert due is not None
    assert moved < due
    assert town.look(other).answer_due_at == due


def test_a_ward_that_opens_on_saturday_mornings(quan: Visitor, town: Town, app: App) -> None:
    page = quan.post(
        "/thoi-han/xem-truoc", form(quan, **{"hours-0-ward": "00160", "hours-0-saturday": "08:00-12:00"})
    )
    publish(quan, page, "keep")
    with app.store.reading() as session:
        terms = app.rules.in_force(session, app.store.now() + timedelta(days=2))
    assert len(terms.hours["00160"].week[5]) == 1


def test_without_a_decision_about_running_tickets_nothing_is_published(quan: Visitor) -> None:
    page = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-normal-number": "6"}))
    answer = publish(quan, page, "")
    assert answer.status_code == 422
    assert "Hãy chọn: hồ sơ đang xử lý" in answer.get_data(as_text=True)
    assert publish(quan, answer, "keep", note=" ").status_code == 422
    assert publish(quan, answer, "keep").status_code == 302


def test_who_publishes_second_is_told(quan: Visitor, town: Town) -> None:
    first = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-normal-number": "6"}))
    second = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-normal-number": "7"}))
    assert publish(quan, first, "keep").status_code == 302
    refused = publish(quan, second, "keep")
    assert refused.status_code == 409
    assert "Có người vừa ban hành" in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"receive-number": "0"}, "lớn hơn 0"),
        ({"receive-number": "-1"}, "dạng 4wh"),
        ({"receive-number": "9"}, "không quá 8 giờ"),
        ({"level-urgent-unit": "wd"}, "không quá 4 giờ"),
        ({"level-normal-unit": "năm"}, "dạng 4wh"),
        ({"steps": "50 abc"}, "viết bằng số"),
        ({"steps": "80 50"}, "tăng dần"),
        ({"valid_from": ""}, "thời điểm có hiệu lực"),
        ({"valid_from": "hôm nay"}, "thiếu hoặc sai mục"),
        ({"valid_from": "2020-01-01T00:00"}, "không được lùi"),
        ({"override-rows": "x"}, "thiếu thông tin"),
        ({"override-1-number": "3"}, "phải nêu"),
        ({"hours-0-ward": "00160", "hours-0-monday": "12:00-08:00"}, "00160"),
        ({"hours-0-ward": "00160", "hours-0-monday": "08:00-12:00, 11:00-17:00"}, "00160"),
        ({"hours-0-ward": "00160", "hours-0-monday": "sáng"}, "00160"),
        ({"hours-0-ward": "00160", "hours-0-monday": "%(x)s %d"}, "00160"),
        ({"override-1-number": "3", "override-1-kind": "%s"}, "sai mục"),
    ],
)
def test_a_bad_form_is_told_what_is_wrong_and_keeps_what_was_typed(
    quan: Visitor, edit: dict[str, str], said: str
) -> None:
    answer = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-complex-number": "17"}) | edit)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="17"' in page


@pytest.mark.parametrize("document", ["", "[]", "nein", "{" * 5000, '{"version": "x"}'])
def test_a_forged_document_is_refused(quan: Visitor, document: str) -> None:
    values = {"document": document, "base": "x", "note": "x", "running": "keep"}
    assert quan.post("/thoi-han/ban-hanh", values).status_code in (409, 422)


@pytest.mark.parametrize(
    "edit",
    [
        {"more": "\ud800"},
        {"\ud800": 1},
        {"more": "a\0b"},
        {"more": float("nan")},
        {"version": "a/b"},
        {"more": json.loads("[" * 500 + "]" * 500)},
        {"version": "x" * 41},
    ],
)
def test_a_document_that_cannot_be_kept_is_refused(quan: Visitor, app: App, edit: dict[str, object]) -> None:
    from feedback.services import legislate
    from tests.feedback.services.test_legislate import QUAN, document

    values = {"base": legislate.book(app, QUAN).latest.version, "note": "x", "running": "keep"}
    forged = json.dumps({**document(app), **edit})
    assert quan.post("/thoi-han/ban-hanh", {**values, "document": forged}).status_code in (400, 422)


def test_the_auditor_sees_and_cannot_edit(town: Town) -> None:
    auditor = town.log_in(town.hire("an", Role.AUDITOR))
    page = auditor.get("/thoi-han").get_data(as_text=True)
    assert "giả định" in page
    assert "Soạn phiên bản mới" not in page
    assert auditor.post("/thoi-han/xem-truoc", {}).status_code == 403
    assert auditor.post("/thoi-han/ban-hanh", {}).status_code == 403
    assert auditor.post("/thoi-han/lich/chuyen", {}).status_code == 403


def test_a_version_nobody_published_is_not_found(quan: Visitor) -> None:
    assert quan.get("/thoi-han/2099-99").status_code == 404


def test_a_move_under_way_shows_how_far_it_is(quan: Visitor, town: Town, app: App) -> None:
    town.ticket()
    page = quan.post("/thoi-han/xem-truoc", form(quan, **{"level-normal-number": "6"}))
    publish(quan, page, "move")
    shown = quan.get("/thoi-han").get_data(as_text=True)
    assert "<progress" in shown
    rejudge.run(app)
    assert "<progress" not in quan.get("/thoi-han").get_data(as_text=True)


def test_effect_begins_tomorrow_unless_said_otherwise(quan: Visitor, app: App) -> None:
    tomorrow = in_hanoi(app.store.now()).date() + timedelta(days=1)
    assert form(quan)["valid_from"] == f"{tomorrow.isoformat()}T00:00"
