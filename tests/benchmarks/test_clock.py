"""The clock's benchmark compares like with like: the rival loop gives the answers that were worked out by hand."""

from datetime import timedelta

import pytest

from benchmarks import clock
from benchmarks.clock_rivals import DayByDay
from feedback.domain.instants import read_instant
from feedback.domain.terms import Term, Unit
from tests.feedback.domain.test_working_time_cases import TABLE


@pytest.mark.parametrize("case", TABLE["due"])
def test_the_loop_is_right_about_terms(case: dict[str, str]) -> None:
    loop, term, start = DayByDay(), Term.parse(case["term"]), read_instant(case["from"])
    ask = {
        Unit.WORKING_HOURS: loop.working_hours,
        Unit.WORKING_DAYS: loop.working_days,
        Unit.CALENDAR_DAYS: loop.calendar_days,
    }[term.unit]
    assert ask(start, term.number) == read_instant(case["due"])


@pytest.mark.parametrize("case", TABLE["worked"])
def test_the_loop_is_right_about_spans(case: dict[str, str]) -> None:
    found = DayByDay().worked(read_instant(case["from"]), read_instant(case["to"]))
    assert found == timedelta(seconds=int(case["seconds"]))


def test_every_question_is_measured_and_ours_agrees_with_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ROUNDS", 1)
    asked = clock.spans()[:300]
    lines = [clock.measure(asked, question) for question in clock.questions()]
    assert [line.wrong for line in lines] == [0] * 5
    assert all(line.ours > 0 and line.loop > 0 for line in lines)
    assert clock.markdown(lines, 0.0).count("| 0 of ") == 5
