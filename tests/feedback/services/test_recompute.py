"""Every figure can be made again from the trail, to the second, after each step; what was tampered with is found."""

from __future__ import annotations

import pytest

from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor
from feedback.services import answer, appeal, assign, citizen, comment, ending, pausing, placing, recompute
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store.locks import only_one
from tests.feedback.matters import ticket
from tests.feedback.moving import Town, at
from tests.feedback.people import DUNG, LAN, MAI, NGHIA_DO, THANH_LIET, THU
from tests.feedback.store.sealed import tamper
from tests.servers import DatabaseUrls

NOBODY = Actor.system("command line")


@pytest.fixture
def town(app: App, settings: Settings) -> Town:
    return Town(app, settings, at("2026-02-12T16:30"))


def test_a_ticket_through_the_wards_over_tet(town: Town) -> None:
    lan, dung, mai = town.hire(LAN), town.hire(DUNG), town.hire(MAI)
    code = town.receive()
    assert town.disagreements(code) == {}
    town.read(needs_review=True)
    assert town.disagreements(code) == {}
    town.to("2026-02-13T09:00:00.250000")
    placing.route(town.app, dung, code, town.version(code), Place(Queue.WARD, THANH_LIET))
    assert town.disagreements(code) == {}
    town.to("2026-02-13T10:00")
    assign.take(town.app, lan, code, town.version(code))
    assert town.disagreements(code) == {}
    town.to("2026-02-13T11:30")
    placing.transfer(town.app, lan, code, town.version(code), Place(Queue.WARD, NGHIA_DO), "wrong_ward")
    assert town.disagreements(code) == {}
    town.to("2026-02-23T08:15")
    placing.send_back(town.app, mai, code, town.version(code), "wrong_field")
    assert town.disagreements(code) == {}
    town.to("2026-02-23T08:45")
    placing.reclassify(
        town.app,
        dung,
        code,
        town.version(code),
        kind=Kind.QUESTION,
        field_id="trees",
        level=Level.COMPLEX,
        reason_id="misread",
    )
    assert town.disagreements(code) == {}
    placing.route(town.app, dung, code, town.version(code), Place(Queue.WARD, NGHIA_DO))
    town.to("2026-02-24T14:00")
    comment.add(town.app, mai, code, town.version(code), "Đã gọi đội cây xanh")
    answer.submit(town.app, mai, code, town.version(code), "Đã cắt tỉa.")
    assert town.disagreements(code) == {}
    found = ticket(town.app, code)
    assert found.answered_by == mai.user_id
    # 30 min on Thursday, Friday whole, then 23 February whole, and on the 24th four hours and one.
    assert found.answer_worked_seconds == 1800 + 28800 + 28800 + 14400 + 3600


def test_reopened_answered_again_and_closed(town: Town) -> None:
    code = town.receive()
    town.read()
    town.to("2026-02-13T09:00")
    answer.submit(town.app, LAN, code, town.version(code), "Đã dọn.")
    town.to("2026-02-14T20:00")
    citizen.reopen(town.app, code, "Vẫn còn rác")
    assert town.disagreements(code) == {}
    town.to("2026-02-23T10:00")
    placing.transfer(town.app, LAN, code, town.version(code), Place(Queue.WARD, NGHIA_DO), "wrong_ward")
    assert town.disagreements(code) == {}
    town.to("2026-02-24T10:00")
    answer.submit(town.app, MAI, code, town.version(code), "Đã dọn lại.")
    assert town.disagreements(code) == {}
    town.to("2026-02-25T10:00")
    ending.close(town.app, MAI, code, town.version(code), "done")
    assert town.disagreements(code) == {}
    appeal.submit(town.app, code, "Lại bẩn")
    assert ticket(town.app, code).closed_at is None
    assert town.disagreements(code) == {}


def test_pauses_ended_by_the_citizen_by_the_bound_and_by_the_answer(town: Town) -> None:
    code = town.receive()
    town.read()
    town.to("2026-02-13T08:00")
    pausing.pause(town.app, LAN, code, town.version(code), "waiting_citizen", "Số nhà?")
    assert town.disagreements(code) == {}
    town.to("2026-02-13T09:00")
    town.write_again(code, "Số nhà 12")
    assert town.disagreements(code) == {}
    town.to("2026-02-13T14:00")
    pausing.pause(
        town.app, LAN, code, town.version(code), "waiting_agency", "Công ty cây xanh", at("2026-02-13T15:00")
    )
    town.to("2026-02-13T16:00")
    pausing.end_passed(town.app)
    assert town.disagreements(code) == {}
    pausing.pause(town.app, LAN, code, town.version(code), "force_majeure", "Bão")
    town.to("2026-02-23T10:00")
    answer.submit(town.app, LAN, code, town.version(code), "Đã dọn.")
    assert town.disagreements(code) == {}
    # 30 min on Thursday; 09–12, 13–14 and 15–16 on Friday; nothing during the storm.
    assert ticket(town.app, code).answer_worked_seconds == 1800 + 5 * 3600
    citizen.reopen(town.app, code, "Vẫn còn")
    pausing.pause(town.app, LAN, code, town.version(code), "waiting_citizen", "Ở đâu?")
    town.to("2026-02-24T10:00")
    ending.close(town.app, LAN, code, town.version(code), "done")
    assert town.disagreements(code) == {}


@pytest.mark.parametrize("end", ["reject", "close", "hand_over"])
def test_the_other_ends(town: Town, end: str) -> None:
    code = town.receive()
    town.read(kind="complaint" if end == "hand_over" else "report")
    town.to("2026-02-13T17:30")
    if end == "reject":
        ending.reject(town.app, LAN, code, town.version(code), "out_of_scope")
    elif end == "close":
        ending.close(town.app, LAN, code, town.version(code), "spam")
    else:
        ending.hand_over(town.app, THU, code, town.version(code))
    assert town.disagreements(code) == {}


def test_handed_over_by_mistake_and_back(town: Town) -> None:
    code = town.receive()
    town.read(kind="complaint")
    ending.hand_over(town.app, THU, code, town.version(code))
    town.to("2026-02-13T17:30")
    placing.reclassify(
        town.app,
        THU,
        code,
        town.version(code),
        kind=Kind.REPORT,
        field_id="waste",
        level=Level.NORMAL,
        reason_id="misread",
    )
    assert ticket(town.app, code).closed_at is None
    assert town.disagreements(code) == {}


def test_a_run_over_a_period_agrees_and_is_written_down(town: Town) -> None:
    for hour in (9, 10, 11):
        town.to(f"2026-02-13T{hour:02}:00")
        code = town.receive()
        town.read()
    answer.submit(town.app, LAN, code, town.version(code), "Đã dọn.")
    town.to("2026-03-01T00:00")
    outcome = recompute.run(
        town.app, NOBODY, recompute.scope_of(at("2026-02-13T00:00").date(), town.now.date())
    )
    assert (outcome.tickets, outcome.agreeing, outcome.wrong, outcome.unknown) == (3, 3, 0, 0)
    assert outcome.holds
    assert outcome.rebuilt == outcome.stored
    assert (outcome.rebuilt.judged, outcome.rebuilt.on_time) == (3, 1)
    last = recompute.last_run(town.app)
    assert last is not None
    assert (last.agreeing, last.disagreeing, last.holds) == (3, 0, True)


TAMPERED = {
    "received_at": "received_at - interval '1 us'",
    "state": "'closed'",
    "queue": "'centre'",
    "restricted": "true",
    "ward_code": f"'{NGHIA_DO}'",
    "field_id": "'noise'",
    "kind": "'question'",
    "level": "'complex'",
    "assigned_to": "1",
    "outcome_reason": "'done'",
    "rule_version": "'2026-03'",
    "calendar_version": "'vn'",
    "paused_until": "now()",
    "receive_due_at": "receive_due_at + interval '1 us'",
    "accepted_at": "accepted_at - interval '1 us'",
    "answer_due_at": "answer_due_at + interval '1 us'",
    "first_answer_at": "first_answer_at - interval '1 us'",
    "answered_at": "NULL",
    "answered_by": "1",
    "answered_ward": "NULL",
    "answered_on_time": "NOT answered_on_time",
    "answer_worked_seconds": "answer_worked_seconds - 1",
    "closed_at": "now()",
    "reopened": "1",
    "reopened_at": "now()",
}


@pytest.mark.parametrize("column", TAMPERED)
def test_each_tampered_column_is_found(town: Town, database_urls: DatabaseUrls, column: str) -> None:
    town.hire(DUNG)
    for _ in range(2):
        code = town.receive()
        town.read()
    answer.submit(town.app, LAN, code, town.version(code), "Đã dọn.")
    tamper(database_urls, f"UPDATE ticket SET {column} = {TAMPERED[column]} WHERE code = '{code}'")
    outcome = recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert {(found.code, found.column) for found in outcome.disagreements} == {
        (None if column == "restricted" else code, column)
    }
    assert not outcome.holds
    last = recompute.last_run(town.app)
    assert last is not None
    assert not last.holds


def test_a_trail_that_is_gone_is_found(town: Town, database_urls: DatabaseUrls) -> None:
    code = town.receive()
    tamper(database_urls, "DELETE FROM audit_event")
    outcome = recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert [(found.code, found.column) for found in outcome.disagreements] == [(code, recompute.TRAIL)]


def test_a_denunciation_is_counted_but_never_named(town: Town, database_urls: DatabaseUrls) -> None:
    code = town.receive()
    town.read(kind="denunciation")
    tamper(database_urls, "UPDATE ticket SET reopened = 2")
    outcome = recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert outcome.tickets == 1
    assert [found.code for found in outcome.disagreements] == [None]
    assert code not in repr(outcome)


def test_rows_of_an_older_version_are_not_guessed(town: Town, database_urls: DatabaseUrls) -> None:
    code = town.receive()
    town.read()
    tamper(database_urls, "UPDATE audit_event SET after = after - 'rule_version' - 'calendar_version'")
    outcome = recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert (outcome.agreeing, outcome.wrong, outcome.unknown) == (0, 0, 1)
    assert outcome.shares_agree is None
    town.to("2026-02-13T10:00")
    answer.submit(town.app, LAN, code, town.version(code), "Đã dọn.")
    outcome = recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert (outcome.agreeing, outcome.wrong, outcome.unknown) == (0, 0, 1)


def test_the_nightly_run_comes_once_and_covers_what_waits(town: Town) -> None:
    old = town.receive()
    town.to("2026-02-26T23:00")
    done = town.receive()
    town.read()
    answer.submit(town.app, LAN, done, town.version(done), "Đã dọn.")
    town.to("2026-02-27T01:59")
    assert recompute.nightly(town.app) is None
    town.to("2026-02-27T02:00")
    outcome = recompute.nightly(town.app)
    assert outcome is not None
    assert (outcome.tickets, outcome.agreeing) == (2, 2)
    assert recompute.nightly(town.app) is None
    town.to("2026-02-28T09:00")
    outcome = recompute.nightly(town.app)
    assert outcome is not None
    assert outcome.tickets == 1
    assert ticket(town.app, old).state in ("review", "open")


def test_the_nightly_run_leaves_it_to_the_host_that_has_begun(town: Town) -> None:
    town.to("2026-02-27T02:00")
    with only_one(town.app.store.engine, recompute.CHAIN) as mine:
        assert mine
        assert recompute.nightly(town.app) is None
    assert recompute.nightly(town.app) is not None


def test_an_alarm_stands_until_everything_agrees_again(town: Town, database_urls: DatabaseUrls) -> None:
    town.receive()
    tamper(database_urls, "UPDATE ticket SET reopened = 2")
    recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    tamper(database_urls, "UPDATE ticket SET reopened = 0")
    town.to("2026-02-20T09:00")
    recompute.run(town.app, NOBODY, recompute.scope_of(town.now.date(), town.now.date()))
    last, alarm = recompute.last_run(town.app), recompute.alarm(town.app)
    assert last is not None
    assert last.holds
    assert alarm is not None
    assert alarm.disagreeing == 1
    recompute.run(town.app, NOBODY, recompute.scope_of(*recompute.EVER))
    assert recompute.alarm(town.app) is None
