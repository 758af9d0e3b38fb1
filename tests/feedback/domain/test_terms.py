"""The terms: what the law bounds, what is assumed, which exception wins, and which documents are refused."""

from __future__ import annotations

import copy
from importlib.resources import files
from typing import Any

import pytest

from feedback.domain import terms_document
from feedback.domain.kinds import Kind, Level
from feedback.domain.terms import Matter
from feedback.domain.terms_document import TermsInvalid, current, from_file, named, parse

FILES = ("2026-01.toml", "2026-02.toml")
REPORT = Matter(Level.NORMAL, Kind.REPORT, "waste", "00160")


def text_of(name: str) -> str:
    return (files("feedback.data.terms") / name).read_text(encoding="utf-8")


def document() -> dict[str, Any]:
    return copy.deepcopy(dict(terms_document.shipped()[-1][1]))


def override(term: str, part: str = "answer", **scope: str) -> dict[str, str]:
    return {"part": part, "term": term, "basis": "giả định", "source": "thử", **scope}


def test_what_the_law_does_not_publish_is_marked_as_assumed() -> None:
    assert {level: (str(rule.term), rule.assumed) for level, rule in current().levels.items()} == {
        Level.URGENT: ("4wh", False),
        Level.COMPLEX: ("15wd", True),
        Level.NORMAL: ("5wd", True),
    }
    assert (str(current().receive.term), current().receive.assumed) == ("8wh", False)


def test_a_complaint_is_measured_by_its_handing_over_and_tells_the_legal_terms() -> None:
    complex_complaint = Matter(Level.COMPLEX, Kind.COMPLAINT)
    assert current().answer_rule(complex_complaint) is current().hand_over
    assert [str(legal.term) for legal in current().legal_terms(Kind.COMPLAINT)] == ["10d", "30d", "45d"]
    assert current().legal_terms(Kind.REPORT) == ()


def test_feedback_on_procedures_is_forwarded_in_five_working_days_however_complex() -> None:
    procedure = Matter(Level.COMPLEX, Kind.REPORT, "admin_procedure")
    assert str(current().answer_rule(procedure).term) == "5wd"
    assert not current().answer_rule(procedure).assumed


def test_the_first_shipped_table_can_still_be_read_as_it_was() -> None:
    first, newest = (terms for terms, _ in terms_document.shipped())
    assert first.version.startswith("2026-01-")
    assert newest is current()
    assert first.overrides == ()
    assert set(first.pauses) == set(newest.pauses)


def test_an_edited_table_is_another_version() -> None:
    text = text_of(FILES[1])
    assert from_file(text.replace('"15wd"', '"16wd"'))[0].version != current().version
    changed = document()
    assert named(changed) != named({**changed, "steps": [40, 100]})


def test_the_narrowest_exception_wins() -> None:
    raw = document()
    raw["overrides"] = [
        override("9wd", field="waste"),
        override("8wd", ward="00160"),
        override("7wd", ward="00160", field="waste"),
        override("6wd", ward="00004", field="waste"),
        override("3wd", kind="question"),
    ]
    terms = parse(raw, "v")
    assert str(terms.answer_rule(REPORT).term) == "7wd"
    assert str(terms.answer_rule(Matter(Level.NORMAL, Kind.REPORT, "waste", "00070")).term) == "9wd"
    assert str(terms.answer_rule(Matter(Level.NORMAL, Kind.REPORT, "trees", "00160")).term) == "8wd"
    assert str(terms.answer_rule(Matter(Level.NORMAL, Kind.QUESTION, "trees")).term) == "3wd"
    assert str(terms.answer_rule(Matter(Level.NORMAL, Kind.REPORT, "trees")).term) == "5wd"


def test_a_broad_exception_never_lengthens_what_is_urgent() -> None:
    raw = document()
    raw["overrides"] = [override("9wd", field="waste"), override("2wh", field="waste", level="urgent")]
    urgent = Matter(Level.URGENT, Kind.REPORT, "waste")
    assert str(parse(raw, "v").answer_rule(urgent).term) == "2wh"
    raw["overrides"].pop()
    assert str(parse(raw, "v").answer_rule(urgent).term) == "4wh"


def test_a_ward_may_keep_hours_of_its_own() -> None:
    day = ["08:00-12:00", "13:00-17:00"]
    raw = document()
    raw["hours"] = [
        {"ward": "00160", **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), day)}
        | {"saturday": ["08:00-12:00"], "make_up": day}
    ]
    hours = parse(raw, "v").hours["00160"]
    assert len(hours.week[5]) == 1
    assert hours.week[6] == ()


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("lớn hơn 0", {"receive": {"term": "0wh", "basis": "law", "source": "x"}}),
    ("dạng 4wh", {"receive": {"term": "8 hours", "basis": "law", "source": "x"}}),
    ("không quá 8 giờ", {"receive": {"term": "9wh", "basis": "law", "source": "x"}}),
    ("không quá 8 giờ", {"receive": {"term": "1wd", "basis": "law", "source": "x"}}),
    ("không quá 8 giờ", {"overrides": [override("9wh", part="receive", field="waste")]}),
    ("không quá 4 giờ", {"overrides": [override("5wh", level="urgent", field="waste")]}),
    ("không quá 5 ngày", {"overrides": [override("6wd", field="admin_procedure")]}),
    ("không quá 5 ngày", {"forward": {"term": "6wd", "basis": "law", "source": "x"}}),
    ("cùng phạm vi", {"overrides": [override("6wd", field="waste"), override("7wd", field="waste")]}),
    ("Ngoại lệ phải nêu", {"overrides": [override("6wd")]}),
    ("Mỗi lý do tạm dừng", {"pauses": {}}),
    ("mốc nhắc", {"steps": [50, 50]}),
    ("mốc nhắc", {"steps": []}),
    ("mốc nhắc", {"steps": [0, 100]}),
    ("thiếu hoặc sai mục", {"levels": {}}),
    ("thiếu hoặc sai mục", {"overrides": [override("6wd", kind="rumour")]}),
    ("thiếu hoặc sai mục", {"clock": {"wall": ["sometimes"]}}),
    ("thiếu hoặc sai mục", {"valid_from": "khi nào đó"}),
    ("thiếu hoặc sai mục", {"hours": [{"ward": "00160", "make_up": ["12:00-08:00"]}]}),
    ("thiếu hoặc sai mục", {"hours": [{"ward": "00160", "make_up": ["08:00-12:00", "11:00-17:00"]}]}),
]


@pytest.mark.parametrize(("said", "edit"), WRONG, ids=[f"{n}-{said}" for n, (said, _) in enumerate(WRONG)])
def test_a_document_that_cannot_be_is_refused_with_a_sentence(said: str, edit: dict[str, Any]) -> None:
    with pytest.raises(TermsInvalid) as refused:
        parse({**document(), **edit}, "v")
    assert said in refused.value.message_vi


def test_a_file_that_is_no_table_is_refused() -> None:
    for text in ("", "version = ", "x = 1"):
        with pytest.raises(TermsInvalid):
            from_file(text)
