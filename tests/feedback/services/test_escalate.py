"""Steps of a term: who is told, when, and once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.ladder import Person
from feedback.domain.permissions import Role
from feedback.services import answer, assign, citizen, comment, escalate, pausing, placing
from feedback.services.app import App
from feedback.services.escalate import Counts
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import audit, escalations
from feedback.store.tables import Ticket
from tests.feedback.matters import read, reading
from tests.feedback.people import NGHIA_DO, THANH_LIET
from tests.feedback.services.office import MONDAY, Office

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
URGENT = {"urgent": True}


@pytest.fixture
def office(app: App, settings: Settings) -> Office:
    return Office.opened(app, settings)


# An urgent ticket received on Monday at 08:00 is due at 12:00: its steps are at 10:00, 11:12, 12:00 and 15:00.


def test_the_ladder_is_climbed_step_by_step(office: Office) -> None:
    code = office.ticket(**URGENT)
    assign.take(office.app, office.actor("lan"), code, office.look(code).version)
    told: list[list[tuple[str, int]]] = []
    for hour, minute in ((9, 59), (10, 0), (11, 12), (12, 0), (14, 59), (15, 0)):
        office.go(MONDAY.replace(hour=hour, minute=minute))
        office.scan()
        told.append(office.told(code)[sum(map(len, told)) :])
    assert told == [[], [("lan", 50)], [("phuong", 80)], [("chu", 100)], [], [("dung", 150)]]
    assert office.steps(code) == [("answer", share) for share in (50, 80, 100, 150)]
    assert office.look(code).next_step_at is None


def test_what_nobody_has_taken_is_told_to_all_officers_and_the_lead(office: Office) -> None:
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    assert office.scan() == Counts(tickets=1, steps=1, told=3)
    assert office.told(code) == [("lan", 50), ("hung", 50), ("phuong", 50)]


def test_a_step_is_told_once_however_often_one_looks(office: Office) -> None:
    office.ticket(**URGENT)
    office.go(2 * HOUR)
    assert [office.scan().steps for _ in range(3)] == [1, 0, 0]


def test_steps_reached_together_are_all_recorded_and_everybody_is_told_once(office: Office) -> None:
    code = office.ticket(**URGENT)
    office.go(7 * HOUR)
    assert office.scan() == Counts(tickets=1, steps=4, told=5)
    assert office.steps(code) == [("answer", share) for share in (50, 80, 100, 150)]
    assert office.told(code) == [(name, 150) for name in ("lan", "hung", "phuong", "chu", "dung")]
    rows = office.trail(code, "escalated")
    assert [row.after["step"] for row in rows] == [50, 80, 100, 150]
    assert ["told" in row.after for row in rows] == [False, False, False, True]


def test_a_reclassification_to_urgent_brings_the_steps_that_have_passed(office: Office) -> None:
    code = office.ticket()
    office.go(3 * HOUR + 30 * MINUTE)
    assert office.scan() == Counts()
    placing.reclassify(
        office.app, office.actor("dung"), code, office.look(code).version,
        kind=Kind.REPORT, field_id="waste", level=Level.URGENT,
    )  # fmt: skip
    office.scan()
    assert office.steps(code) == [("answer", 50), ("answer", 80)]


def test_a_missing_rung_is_passed_over_upwards(office: Office) -> None:
    office.dismiss("phuong")
    code = office.ticket(**URGENT)
    office.go(3 * HOUR + 15 * MINUTE)
    office.scan()
    assert office.told(code) == [("lan", 80), ("hung", 80), ("chu", 80)]


def test_an_officer_whose_account_is_closed_counts_as_nobody(office: Office) -> None:
    code = office.ticket(**URGENT)
    assign.take(office.app, office.actor("lan"), code, office.look(code).version)
    office.dismiss("lan")
    office.go(2 * HOUR)
    office.scan()
    assert office.told(code) == [("hung", 50), ("phuong", 50)]


def test_where_nobody_is_left_the_step_is_recorded_and_the_log_says_so(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("lan", "hung", "phuong", "chu", "dung"):
        office.dismiss(name)
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    assert office.scan() == Counts(tickets=1, steps=1, told=0)
    assert office.trail(code, "escalated")[0].after["told"] == []
    assert "nobody is left to be told" in caplog.text


def test_a_matter_about_officials_never_reaches_the_ward(office: Office) -> None:
    code = office.ticket(field="official_conduct")
    office.go(20 * DAY)
    office.scan()
    assert {name for name, _ in office.told(code)} == {"dung"}


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_a_restricted_matter_stays_with_its_desk_at_every_step(office: Office, kind: str) -> None:
    code = office.ticket(kind=kind)
    told = set()
    for _ in range(30):
        office.go(DAY)
        office.scan()
    told = {name for name, _ in office.told(code)}
    assert told == {"thu"}
    assert ("answer", 150) in office.steps(code)


def test_a_ticket_nobody_has_taken_in_is_told_before_the_eight_hours_are_over(office: Office) -> None:
    code = office.ticket(needs_review=True, ward=None)
    office.go(MONDAY.replace(hour=15, minute=24))
    office.scan()
    assert (office.steps(code), office.told(code)) == ([("receive", 80)], [("dung", 80)])
    office.go(MONDAY.replace(hour=17))
    office.scan()
    assert office.steps(code) == [("receive", 80), ("receive", 100)]


def test_a_ticket_taken_in_has_no_step_of_taking_in(office: Office) -> None:
    code = office.ticket(needs_review=True, ward=None)
    place = Place(Queue.WARD, NGHIA_DO, "waste")
    placing.route(office.app, office.actor("dung"), code, office.look(code).version, place)
    office.go(DAY)
    office.scan()
    assert office.steps(code) == []


def test_a_ticket_that_nothing_reads_is_told_all_the_same(office: Office) -> None:
    """No worker runs: the clock gives it its deadlines, and the dispatcher hears of it."""
    code = office.received()
    office.go(HOUR)
    assert office.scan() == Counts(tickets=1)
    assert office.look(code).answer_due_at == MONDAY.replace(day=9, hour=17)
    office.go(MONDAY.replace(hour=16))
    office.scan()
    assert office.told(code) == [("dung", 80)]
    read(office.app, reading(urgent=True))
    assert office.look(code).answer_due_at == MONDAY.replace(hour=12)
    office.scan()
    assert ("answer", 100) in office.steps(code)


def test_a_pause_holds_the_steps_back_and_its_end_brings_them(office: Office) -> None:
    """Without the pause half of the five days would have run on Wednesday evening."""
    code, lan = office.ticket(), office.actor("lan")
    office.go(HOUR)
    pausing.pause(office.app, lan, code, office.look(code).version, "waiting_agency", "Công ty điện")
    office.go(4 * DAY)
    assert office.scan() == Counts()
    pausing.resume(office.app, lan, code, office.look(code).version)
    office.go(6 * DAY)
    office.scan()
    assert office.steps(code) == [("answer", 50)]


def test_comments_never_reset_the_clock(office: Office) -> None:
    code = office.ticket(**URGENT)
    before = office.look(code)
    for _ in range(3):
        office.go(30 * MINUTE)
        comment.add(office.app, office.actor("lan"), code, office.look(code).version, "Đang kiểm tra.")
    after = office.look(code)
    assert (after.answer_due_at, after.next_step_at) == (before.answer_due_at, before.next_step_at)
    office.go(30 * MINUTE)
    assert office.scan().steps == 1


def test_what_was_answered_meanwhile_is_left_alone(office: Office) -> None:
    code = office.ticket(**URGENT)
    answer.submit(office.app, office.actor("lan"), code, office.look(code).version, "Đã dọn.")
    office.go(7 * HOUR)
    assert office.scan() == Counts()
    assert office.steps(code) == []


def test_a_reopened_ticket_climbs_the_ladder_again(office: Office) -> None:
    code = office.ticket(**URGENT)
    office.go(2 * HOUR)
    office.scan()
    answer.submit(office.app, office.actor("lan"), code, office.look(code).version, "Đã dọn.")
    office.go(HOUR)
    citizen.reopen(office.app, code, "Vẫn còn nguyên.")
    office.go(6 * HOUR)
    office.scan()
    assert [step for step in office.steps(code) if step == ("answer", 50)] == [("answer", 50)] * 2


def test_one_bad_ticket_never_stops_the_scan_nor_comes_back_at_full_speed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = office.ticket(**URGENT), office.ticket(**URGENT)
    with office.app.store.engine.begin() as connection:
        connection.execute(update(Ticket).where(Ticket.code == bad).values(rule_version="1999-01"))
    office.go(2 * HOUR)
    with caplog.at_level(logging.ERROR):
        assert office.scan() == Counts(tickets=2, steps=1, told=3, failed=1)
    assert office.steps(good) == [("answer", 50)]
    assert bad in [getattr(record, "ticket", None) for record in caplog.records]
    assert office.scan() == Counts()
    office.go(escalate.LATER)
    assert office.scan() == Counts(tickets=1, failed=1)


def test_what_the_database_refuses_for_one_ticket_is_recorded_for_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = (office.ticket(ward=ward, **URGENT) for ward in (NGHIA_DO, THANH_LIET, THANH_LIET))
    nobody = Person(987_654, "not in the table", frozenset({Role.WARD_OFFICER}), NGHIA_DO)
    staff = escalations.staff
    monkeypatch.setattr(escalations, "staff", lambda *wanted: [*staff(*wanted), nobody])
    office.go(2 * HOUR)
    assert office.scan() == Counts(tickets=3, steps=2, told=6, failed=1)
    assert [office.steps(code) for code in (bad, *good)] == [[], [("answer", 50)], [("answer", 50)]]
    assert office.look(bad).next_step_at == office.now + escalate.LATER


def test_a_ticket_somebody_is_working_on_is_left_for_the_next_time(office: Office) -> None:
    busy, free = office.ticket(**URGENT), office.ticket(**URGENT)
    office.go(2 * HOUR)
    with office.app.store.engine.begin() as connection:
        connection.execute(update(Ticket).where(Ticket.code == busy).values(address="đang sửa"))
        assert office.scan().tickets == 1
    assert (office.steps(busy), office.steps(free)) == ([], [("answer", 50)])
    assert office.scan().tickets == 1


def test_the_steps_of_a_moved_ward_follow_the_ticket(office: Office) -> None:
    code = office.ticket(**URGENT)
    office.hire("hoa", Role.WARD_LEAD, NGHIA_DO)
    place = Place(Queue.WARD, NGHIA_DO)
    placing.transfer(office.app, office.actor("lan"), code, office.look(code).version, place, "wrong_ward")
    office.go(2 * HOUR)
    office.scan()
    assert office.told(code) == [("mai", 50), ("hoa", 50)]
    assert THANH_LIET != NGHIA_DO


def test_the_trail_holds_after_a_scan(office: Office) -> None:
    office.ticket(**URGENT)
    office.go(7 * HOUR)
    office.scan()
    with office.app.store.reading() as session:
        assert audit.verify(session).broken is None
