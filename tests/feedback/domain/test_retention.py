"""The table of retention: complete, checked, and counted on a Hanoi calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain import retention
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind
from feedback.domain.retention import Outcome, Request, Subject, cutoff
from feedback.domain.terms import Term

SHIPPED = (files("feedback.data") / "retention.toml").read_text(encoding="utf-8")


def rules(kind: Kind, outcome: Outcome) -> list[str]:
    """Ids of the rules that a ticket of this kind falls under when it ends so."""
    plan = retention.shipped()
    return [rule.id for rule in plan.rules if rule.kind is kind and outcome in plan.outcomes_of(rule)]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_kind_and_outcome_has_one_rule(kind: Kind, outcome: Outcome) -> None:
    assert len(rules(kind, outcome)) == 1


def test_a_rejected_report_goes_by_a_rule_of_its_own() -> None:
    assert rules(Kind.REPORT, Outcome.REJECTED) == ["ticket.report.rejected"]
    assert rules(Kind.REPORT, Outcome.SETTLED) == ["ticket.report"]
    assert rules(Kind.PROPOSAL, Outcome.REJECTED) == ["ticket.proposal"]


def test_requests_are_answered_in_two_working_days_and_withdrawals_done_in_fifteen_days() -> None:
    plan = retention.shipped()
    assert plan.answer.term == Term.parse("2wd")
    assert plan.carry_out[Request.WITHDRAW].term == Term.parse("15d")
    assert not plan.answer.assumed
    assert not plan.carry_out[Request.WITHDRAW].assumed


def test_an_edit_changes_the_version() -> None:
    edited = SHIPPED.replace("years = 5", "years = 6", 1)
    assert retention.parse(edited).version != retention.shipped().version


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("years = 5", "years = 0", "số năm lưu"),
        ("years = 5", "years = -3", "số năm lưu"),
        ("years = 5", "years = 2.5", "số năm lưu"),
        ("years = 5", "years = true", "số năm lưu"),
        ("years = 5", 'years = "5"', "số năm lưu"),
        ("years = 5", "years = 1000", "số năm lưu"),
        ("years = 5", "months = 5", "không biết mục months"),
        ('kind = "thanks"', 'kind = "gossip"', "không biết “gossip”"),
        ('kind = "thanks"', 'kind = "spam"', "hai lần: ticket.spam"),
        ('outcome = "rejected"', 'outcome = "lost"', "không biết “lost”"),
        ('subject = "login"', 'subject = "cookies"', "không biết “cookies”"),
        ('subject = "login"', 'subject = "ticket"', "mục tickets"),
        ('subject = "login"', 'subject = "upload"', "hai lần: upload"),
        ('basis = "law"', 'basis = "hearsay"', "basis"),
        ('term = "15d"', 'term = "0d"', "lớn hơn 0"),
        ('term = "15d"', 'term = "soon"', "Thời hạn viết dạng"),
        ("[carry_out.delete]", "[carry_out.forget]", "carry_out.delete"),
        ("[answer]", "[reply]", "không biết mục reply"),
        ("[[tickets]]", "[[tickets", "không đọc được"),
    ],
)
def test_a_faulty_table_is_refused_and_the_fault_named(was: str, becomes: str, words: str) -> None:
    assert was in SHIPPED
    with pytest.raises(InvalidInput, match=words):
        retention.parse(SHIPPED.replace(was, becomes, 1))


def test_a_kind_without_a_rule_is_refused() -> None:
    start = SHIPPED.index('[[tickets]]\nkind = "thanks"')
    without = SHIPPED[:start] + SHIPPED[SHIPPED.index("[[tickets]]", start + 5) :]
    with pytest.raises(InvalidInput, match=r"ticket\.thanks"):
        retention.parse(without)


def test_years_go_back_on_a_hanoi_calendar() -> None:
    now = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)  # 01:00 on the 22nd in Hanoi
    assert cutoff(5, now) == datetime(2021, 11, 22, 1, 0, tzinfo=HANOI)


def test_a_leap_day_keeps_rather_a_day_too_long() -> None:
    assert cutoff(1, datetime(2028, 2, 29, 9, 0, tzinfo=HANOI)) == datetime(2027, 2, 28, 9, 0, tzinfo=HANOI)
    assert cutoff(4, datetime(2028, 2, 29, 9, 0, tzinfo=HANOI)) == datetime(2024, 2, 29, 9, 0, tzinfo=HANOI)


@given(
    st.integers(0, 60 * 366 * 24).map(
        lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    ),
    st.integers(1, 50),
    st.integers(1, 50),
)
def test_more_years_never_end_sooner(now: datetime, few: int, more: int) -> None:
    first, second = sorted((few, few + more))
    assert cutoff(second, now) < cutoff(first, now) < now


def test_every_subject_is_ruled() -> None:
    assert {rule.subject for rule in retention.shipped().rules} == set(Subject)
