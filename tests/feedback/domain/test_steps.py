"""Steps of a term by hand, and the rung that each of them stands on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedback.clock import HANOI
from feedback.domain import digests, ladder, steps
from feedback.domain.calendar import shipped
from feedback.domain.case import Case, Pause
from feedback.domain.clocks import OfficeClock
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.ladder import Person, Rung
from feedback.domain.permissions import Role, TicketFacts
from feedback.domain.terms import Matter, Part
from tests.feedback.people import NGHIA_DO, THANH_LIET

CLOCK = OfficeClock(shipped())
MATTER = Matter(Level.URGENT, Kind.REPORT)
SHARES = (50, 80, 100, 150)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def plain(start: str, *pauses: Pause) -> Case:
    return Case(at(start), at(start), MATTER, pauses)


MONDAY = "2026-03-02T08:00"


def test_four_hours_from_monday_morning() -> None:
    found = list(steps.answer_steps(plain(MONDAY), at("2026-03-02T12:00"), SHARES, CLOCK))
    assert [(step.share, f"{step.at:%H:%M}") for step in found] == [
        (50, "10:00"),
        (80, "11:12"),
        (100, "12:00"),
        (150, "15:00"),
    ]


def test_a_pause_moves_the_steps_behind_it() -> None:
    case = plain(MONDAY, Pause(at("2026-03-02T10:30"), at("2026-03-02T11:30"), "waiting_citizen"))
    found = list(steps.answer_steps(case, at("2026-03-02T14:00"), SHARES, CLOCK))
    assert [f"{step.at:%H:%M}" for step in found] == ["10:00", "13:12", "14:00", "16:00"]


def test_only_what_lies_beyond_the_last_step_comes() -> None:
    found = steps.answer_steps(plain(MONDAY), at("2026-03-02T12:00"), SHARES, CLOCK, beyond=80)
    assert [step.share for step in found] == [100, 150]


def test_taking_in_is_counted_from_receipt_whatever_paused_the_answer() -> None:
    case = plain(MONDAY, Pause(at("2026-03-02T09:00"), at("2026-03-03T09:00"), "waiting_citizen"))
    found = list(steps.receive_steps(case, at("2026-03-02T17:00"), CLOCK))
    assert [(step.share, f"{step.at:%d %H:%M}") for step in found] == [(80, "02 15:24"), (100, "02 17:00")]


def test_the_steps_end_where_the_calendar_ends() -> None:
    start = f"{shipped().last - timedelta(days=10):%Y-%m-%d}T08:00"
    due = CLOCK.add(at(start), timedelta(hours=14))
    found = list(steps.answer_steps(plain(start), due, (50, 100, 900), CLOCK))
    assert [step.share for step in found] == [50, 100]


def test_tracks_are_divided_at_this_moment() -> None:
    case = plain(MONDAY)
    tracks = [
        steps.answer_steps(case, at("2026-03-02T17:00"), SHARES, CLOCK),
        steps.receive_steps(case, at("2026-03-02T17:00"), CLOCK),
    ]
    reached, coming = steps.divide(tracks, at("2026-03-02T16:00"))
    assert [(step.part, step.share) for step in reached] == [
        (Part.ANSWER, 50),
        (Part.ANSWER, 80),
        (Part.RECEIVE, 80),
    ]
    assert coming == at("2026-03-02T17:00")


def test_no_step_no_timer() -> None:
    assert steps.divide([], at(MONDAY)) == ([], None)
    assert steps.first_at([]) is None


@pytest.mark.parametrize(
    ("shares", "rungs"),
    [
        ((50, 80, 100, 150), [Rung.OFFICER, Rung.LEAD, Rung.CHAIR, Rung.CENTRE]),
        ((30,), [Rung.OFFICER]),
        ((10, 20, 30, 40, 50, 60), [Rung.OFFICER, Rung.LEAD, Rung.CHAIR, *[Rung.CENTRE] * 3]),
    ],
)
def test_a_step_stands_on_the_rung_of_its_place(shares: tuple[int, ...], rungs: list[Rung]) -> None:
    assert [ladder.rung_of(share, shares) for share in shares] == rungs


OFFICER = Person(1, "Lan", frozenset({Role.WARD_OFFICER}), THANH_LIET)
LEAD = Person(2, "Phương", frozenset({Role.WARD_LEAD, Role.WARD_OFFICER}), THANH_LIET)
ELSEWHERE = Person(3, "Mai", frozenset({Role.WARD_OFFICER, Role.WARD_LEAD}), NGHIA_DO)
CENTRE = Person(4, "Dũng", frozenset({Role.DISPATCHER}), None)
SECOND = Person(5, "Đức", frozenset({Role.DISPATCHER}), None)
RESTRICTED = Person(6, "Thu", frozenset({Role.DENUNCIATION_OFFICER}), None)
AUDITOR = Person(7, "An", frozenset({Role.AUDITOR}), None)
EVERYBODY = (AUDITOR, RESTRICTED, SECOND, CENTRE, ELSEWHERE, LEAD, OFFICER)


def ids(subject: TicketFacts, rung: Rung) -> list[int]:
    return [person.id for person in ladder.told(subject, rung, EVERYBODY)]


def at_desk(queue: Queue, *, kind: Kind = Kind.REPORT, owner: int | None = None) -> TicketFacts:
    restricted = queue in (Queue.RECEPTION, Queue.DENUNCIATION)
    return TicketFacts(queue, THANH_LIET, restricted, kind, "waste", owner)


def test_one_person_on_two_rungs_is_named_once() -> None:
    assert ids(at_desk(Queue.WARD), Rung.OFFICER) == [1, 2]


def test_the_rung_of_a_ward_without_a_chair_is_the_centre() -> None:
    assert ids(at_desk(Queue.WARD), Rung.CHAIR) == [4, 5]


def test_at_the_centre_the_owner_hears_of_every_step_and_without_one_all_dispatchers() -> None:
    for rung in Rung:
        assert ids(at_desk(Queue.CENTRE, owner=5), rung) == [5]
        assert ids(at_desk(Queue.DISPATCHER), rung) == [4, 5]


@pytest.mark.parametrize("queue", [Queue.RECEPTION, Queue.DENUNCIATION])
def test_a_restricted_ticket_has_one_desk_on_every_rung(queue: Queue) -> None:
    for rung in Rung:
        assert ids(at_desk(queue), rung) == [6]


def test_a_denunciation_that_stands_at_a_ward_by_mistake_is_not_told_there() -> None:
    assert ids(at_desk(Queue.WARD, kind=Kind.DENUNCIATION, owner=1), Rung.OFFICER) == [6]


def test_nobody_is_told_where_nobody_is_left() -> None:
    assert ladder.told(at_desk(Queue.DENUNCIATION), Rung.OFFICER, [OFFICER, CENTRE, AUDITOR]) == []


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("08:00", True),
        ("07:59", False),
        ("12:00", False),
        ("12:59", False),
        ("13:00", True),
        ("17:00", False),
    ],
)
def test_office_time_is_half_open(moment: str, open_: bool) -> None:
    assert digests.is_office_time(at(f"2026-03-02T{moment}"), shipped()) is open_


def test_beyond_the_calendar_it_is_always_office_time() -> None:
    assert digests.is_office_time(datetime(2099, 1, 1, tzinfo=UTC), shipped())


def test_a_slot_is_a_half_hour_of_hanoi() -> None:
    assert digests.slot_of(datetime(2026, 3, 2, 2, 59, 59, tzinfo=UTC)) == at("2026-03-02T09:30")


@pytest.mark.parametrize(
    ("now", "told", "urgent", "last", "slot"),
    [
        ("09:45", "09:20", False, None, "09:30"),
        ("09:45", "09:40", False, None, None),
        ("09:45", "09:20", False, "09:31", None),
        ("12:30", "11:50", False, None, None),
        ("13:00", "11:50", False, "11:30", "13:00"),
        ("22:00", "21:59", True, None, "22:00"),
        ("22:00", "21:59", True, "21:51", None),
        ("22:00", "21:59", True, "21:50", "22:00"),
        ("09:31", "09:10", False, "09:25", None),
    ],
)
def test_whose_turn_it_is(now: str, told: str, urgent: bool, last: str | None, slot: str | None) -> None:
    def moment(clock: str) -> datetime:
        return at(f"2026-03-02T{clock}")

    before = moment(last) if last else None
    found = digests.turn(moment(now), moment(told), before, shipped(), urgent=urgent)
    assert found == (moment(slot) if slot else None)
