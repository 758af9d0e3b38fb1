"""Pauses and extensions against cases counted by hand, and laws that hold for every case."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import HANOI
from feedback.domain.calendar import shipped
from feedback.domain.case import Case, Extension, Pause, answer_due, counted, judge_case, reached_at
from feedback.domain.clocks import Clock, OfficeClock, WallClock
from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level
from feedback.domain.terms import Matter, Term
from feedback.domain.terms_document import current

MATTER = Matter(Level.NORMAL, Kind.REPORT)
OFFICE, WALL = OfficeClock(shipped()), WallClock(shipped())
MONDAY = "2026-03-02T08:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def case(start: str, *events: Pause | Extension) -> Case:
    return Case(
        at(start),
        at(start),
        MATTER,
        tuple(event for event in events if isinstance(event, Pause)),
        tuple(event for event in events if isinstance(event, Extension)),
    )


def pause(start: str, end: str) -> Pause:
    return Pause(at(start), at(end), "waiting_citizen")


def granted(when: str, term: str) -> Extension:
    return Extension(at(when), Term.parse(term))


# Mondays are 2, 9 and 16 March 2026; no day off lies in these weeks.
BY_HAND = [
    ("nothing happened", "4wh", [], "2026-03-02T12:00"),
    ("an hour apart", "4wh", [pause("2026-03-02T09:00", "2026-03-02T10:00")], "2026-03-02T14:00"),
    ("over lunch only", "4wh", [pause("2026-03-02T12:00", "2026-03-02T13:00")], "2026-03-02T12:00"),
    ("over night only", "5wd", [pause("2026-03-02T17:00", "2026-03-03T08:00")], "2026-03-09T17:00"),
    ("one working day", "5wd", [pause("2026-03-03T10:00", "2026-03-04T10:00")], "2026-03-10T17:00"),
    ("two hours of a day term", "5wd", [pause("2026-03-03T10:00", "2026-03-03T12:00")], "2026-03-10T10:00"),
    ("over the weekend", "5wd", [pause("2026-03-06T16:00", "2026-03-09T09:00")], "2026-03-10T10:00"),
    (
        "two pauses",
        "5wd",
        [pause("2026-03-03T08:00", "2026-03-04T08:00"), pause("2026-03-05T08:00", "2026-03-06T08:00")],
        "2026-03-11T17:00",
    ),
    ("calendar days by days", "5d", [pause("2026-03-03T10:00", "2026-03-05T09:00")], "2026-03-09T17:00"),
    ("to a weekend, then on", "5d", [pause("2026-03-03T10:00", "2026-03-10T09:00")], "2026-03-16T17:00"),
    ("three days more", "5wd", [granted("2026-03-06T10:00", "3wd")], "2026-03-12T17:00"),
    ("two hours more", "4wh", [granted("2026-03-02T11:00", "2wh")], "2026-03-02T15:00"),
    (
        "paused, then granted",
        "5wd",
        [pause("2026-03-03T10:00", "2026-03-03T12:00"), granted("2026-03-09T10:00", "1wd")],
        "2026-03-11T17:00",
    ),
    (
        "granted, then paused",
        "5wd",
        [granted("2026-03-03T08:00", "1wd"), pause("2026-03-03T10:00", "2026-03-03T12:00")],
        "2026-03-11T10:00",
    ),
    ("beyond the term", "4wh", [pause("2026-03-03T10:00", "2026-03-03T12:00")], "2026-03-02T12:00"),
]


@pytest.mark.parametrize(("term", "events", "due"), [row[1:] for row in BY_HAND], ids=[r[0] for r in BY_HAND])
def test_deadlines_move_as_counted_by_hand(term: str, events: list[Pause | Extension], due: str) -> None:
    assert answer_due(case(MONDAY, *events), Term.parse(term), OFFICE) == at(due)


def test_on_the_wall_four_hours_are_four_hours() -> None:
    saturday_night = "2026-03-07T23:00"
    assert answer_due(case(saturday_night), Term.parse("4wh"), WALL) == at("2026-03-08T03:00")
    assert counted(case(saturday_night), at("2026-03-08T03:00"), WALL) == timedelta(hours=4)
    assert counted(case(saturday_night), at("2026-03-09T09:00"), OFFICE) == timedelta(hours=1)


def test_taking_in_is_never_paused() -> None:
    paused = case(MONDAY, pause("2026-03-02T09:00", "2026-03-03T09:00"))
    assert judge_case(paused, current(), OFFICE).receive_due_at == at("2026-03-02T17:00")


def test_what_counts_is_cut_to_seconds_before_it_is_measured() -> None:
    begun = Case(at("2026-03-02T08:00:00.900000"), at("2026-03-02T08:00:00.900000"), MATTER)
    assert counted(begun, at("2026-03-02T08:00:01.100000"), OFFICE) == timedelta(seconds=1)


def test_what_was_answered_before_it_began_counts_nothing() -> None:
    assert counted(case(MONDAY), at("2026-03-02T07:00"), OFFICE) == timedelta()


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput):
        pause("2026-03-03T10:00", "2026-03-03T09:59")


STEPS = [
    ("half of a week", [], 50, "2026-03-05T08:00"),
    ("four fifths of 48 hours", [], 80, "2026-03-06T15:24"),
    ("the term itself", [], 100, "2026-03-09T17:00"),
    ("half as long again", [], 150, "2026-03-12T17:00"),
    ("a day of pause before", [pause("2026-03-03T08:00", "2026-03-04T08:00")], 50, "2026-03-06T08:00"),
    ("a pause after it", [pause("2026-03-06T08:00", "2026-03-09T08:00")], 50, "2026-03-04T17:00"),
]


@pytest.mark.parametrize(("events", "share", "when"), [row[1:] for row in STEPS], ids=[r[0] for r in STEPS])
def test_shares_of_the_term_are_reached_when_that_much_has_been_counted(
    events: list[Pause | Extension], share: int, when: str
) -> None:
    given_case = case(MONDAY, *events)
    due = answer_due(given_case, Term.parse("5wd"), OFFICE)
    reached = reached_at(given_case, share, due, OFFICE)
    whole = counted(given_case, due, OFFICE)
    assert counted(given_case, reached, OFFICE) == whole * share / 100
    assert abs(OFFICE.between(min(reached, at(when)), max(reached, at(when)))) == timedelta()


instants = st.integers(0, 60 * 24 * 90).map(
    lambda minutes: at("2026-01-05T00:00") + timedelta(minutes=minutes)
)
terms = st.one_of(
    st.integers(1, 40).map(lambda n: Term.parse(f"{n}wh")),
    st.integers(1, 20).map(lambda n: Term.parse(f"{n}wd")),
    st.integers(1, 20).map(lambda n: Term.parse(f"{n}d")),
)
clocks = st.sampled_from([OFFICE, WALL])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(instants)
    cuts = sorted(draw(st.lists(st.integers(1, 60 * 24 * 30), max_size=6, unique=True)))
    moments = [start + timedelta(minutes=cut) for cut in cuts]
    pairs = zip(moments[::2], moments[1::2], strict=False)
    return Case(start, start, MATTER, tuple(Pause(a, b, "waiting_agency") for a, b in pairs))


@given(cases(), terms, clocks)
def test_a_pause_never_brings_a_deadline_nearer(given_case: Case, term: Term, clock: Clock) -> None:
    plain = Case(given_case.received_at, given_case.start, MATTER)
    assert answer_due(given_case, term, clock) >= answer_due(plain, term, clock)


@given(cases(), terms, clocks, st.sampled_from(["1wd", "3wd", "4wh"]))
def test_an_extension_never_brings_a_deadline_nearer(
    given_case: Case, term: Term, clock: Clock, more: str
) -> None:
    longer = Case(
        given_case.received_at,
        given_case.start,
        MATTER,
        given_case.pauses,
        (Extension(given_case.start + timedelta(days=40), Term.parse(more)),),
    )
    assert answer_due(longer, term, clock) >= answer_due(given_case, term, clock)


@given(cases(), instants, clocks)
def test_counted_and_paused_time_make_up_the_whole(given_case: Case, until: datetime, clock: Clock) -> None:
    end = max(until, given_case.start)
    paused = sum(
        (clock.between(min(p.start, end), min(p.end, end)) for p in given_case.pauses), start=timedelta()
    )
    assert counted(given_case, end, clock) + paused == clock.between(given_case.start, end)


@given(cases(), terms)
def test_working_hours_that_were_counted_by_the_deadline_are_the_term(given_case: Case, term: Term) -> None:
    due = answer_due(given_case, term, OFFICE)
    if str(term).endswith("wh"):
        assert counted(given_case, due, OFFICE) == timedelta(hours=term.number)


@given(cases(), terms, clocks)
def test_shares_come_one_after_the_other(given_case: Case, term: Term, clock: Clock) -> None:
    due = answer_due(given_case, term, clock)
    reached = [reached_at(given_case, share, due, clock) for share in (10, 50, 80, 100, 150)]
    assert reached == sorted(reached)
    assert reached[0] >= given_case.start
