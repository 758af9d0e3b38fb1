"""The clock stands still for a reason, within a bound, once; two people never pause at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from feedback.clock import in_hanoi
from feedback.domain.case import counted
from feedback.domain.errors import IllegalChange, InvalidInput, NotAllowed, StaleVersion
from feedback.domain.permissions import Role
from feedback.services import answer, citizen, deadlines, intake, pausing
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.tables import PauseRow
from tests.feedback.matters import form_delivery, reading, routed, ticket
from tests.feedback.people import AN, DUNG, HUNG, LAN, THANH_LIET, THU, staff
from tests.feedback.services.standstill import QUESTION, pause, resume, rows, together, told, trail
from tests.feedback.watch import Watch, at, watched

MONDAY = "2026-03-02T08:00"
DUE = at("2026-03-09T17:00")
NAMELESS = staff("Chị Chủ tịch", Role.WARD_CHAIR, ward=THANH_LIET)


@pytest.fixture
def watch() -> Watch:
    return Watch(at(MONDAY))


@pytest.fixture
def app(app: App, watch: Watch) -> App:
    return watched(app, watch)


@pytest.fixture
def code(app: App, settings: Settings) -> str:
    """A normal matter of Thanh Liệt, received on Monday, due on the Monday after."""
    found = routed(app, settings)
    assert ticket(app, found).answer_due_at == DUE
    return found


def test_a_pause_asks_the_citizen_and_moves_the_deadline_to_its_bound(
    app: App, watch: Watch, code: str
) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code)
    found = ticket(app, code)
    assert found.paused_until == at("2026-03-10T17:00")
    assert found.answer_due_at == at("2026-03-17T15:00")  # 6 + 4 × 8 + 8 hours stand still
    (notice,) = told(app, code)
    assert QUESTION in notice.text
    assert "17:00 thứ Ba, 10/03/2026" in notice.text
    assert code in notice.text
    assert rows(app, code)[0].message_id == notice.id


def test_the_trail_tells_before_and_after(app: App, watch: Watch, code: str) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code, until="2026-03-04T10:00")
    event = trail(app, code)[-1]
    assert (event.action, event.reason, event.actor) == ("paused", "waiting_citizen", "Lan")
    assert (event.before["paused_until"], datetime.fromisoformat(event.before["answer_due_at"])) == (
        None,
        DUE,
    )
    assert datetime.fromisoformat(event.after["paused_until"]) == at("2026-03-04T10:00")
    assert datetime.fromisoformat(event.after["answer_due_at"]) == at("2026-03-10T17:00")
    assert QUESTION not in str(event.after) + str(event.reason)


def test_the_deadline_moves_by_exactly_the_working_time_of_the_pause(
    app: App, watch: Watch, code: str
) -> None:
    watch.set("2026-03-03T10:00:00.250000")
    pause(app, code)
    watch.set("2026-03-04T11:30:00.250000")
    resume(app, code)
    found = ticket(app, code)
    assert found.paused_until is None
    assert found.answer_due_at == at("2026-03-10T17:00") + timedelta(
        hours=15, minutes=90
    )  # next morning 08:00 on
    assert (trail(app, code)[-1].action, trail(app, code)[-1].reason) == ("resumed", "by_hand")


def test_what_was_worked_and_what_stood_still_make_up_the_whole(app: App, watch: Watch, code: str) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code)
    watch.set("2026-03-04T10:00")
    resume(app, code)
    watch.set("2026-03-04T17:00")
    answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    found = ticket(app, code)
    assert found.answer_worked_seconds == (3 * 8 - 8) * 3600
    with app.store.reading() as session:
        case, basis = deadlines.case_of(session, found), deadlines.basis_of(app, session, found)
    assert found.answer_worked_seconds == counted(case, watch.now, basis.clock).total_seconds()


@pytest.mark.parametrize("reason", ["waiting_citizen", "waiting_agency", "force_majeure"])
def test_each_reason_has_its_own_bound(app: App, watch: Watch, code: str, reason: str) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code, reason)
    days = "2026-03-10T17:00" if reason == "waiting_citizen" else "2026-03-17T17:00"
    assert ticket(app, code).paused_until == at(days)
    assert len(told(app, code)) == 1


def test_waiting_for_an_agency_is_told_with_its_name_and_the_new_date(app: App, code: str) -> None:
    pausing.pause(app, LAN, code, ticket(app, code).version, "waiting_agency", "Công ty Thoát nước Hà Nội")
    (notice,) = told(app, code)
    assert "đang chờ ý kiến của cơ quan khác: Công ty Thoát nước Hà Nội" in notice.text
    due = ticket(app, code).answer_due_at
    assert due is not None
    assert f"Hạn trả lời muộn nhất: {in_hanoi(due):%H:%M}" in notice.text


@pytest.mark.parametrize(
    ("until", "field"),
    [
        ("2026-03-02T07:59", "until"),  # before it begins
        ("2026-03-02T08:00", "until"),  # lasts nothing
        ("2026-03-09T17:01", "until"),  # beyond five working days
        ("2199-01-01T00:00", "until"),
    ],
)
def test_a_pause_that_ends_too_early_or_too_late_is_refused(
    app: App, code: str, until: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        pause(app, code, until=until)
    assert refusal.value.field == field
    assert rows(app, code) == []
    assert ticket(app, code).answer_due_at == DUE


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", QUESTION, "reason"),
        ("holiday", QUESTION, "reason"),
        ("waiting_citizen", "  ", "note"),
        ("waiting_citizen", "x" * 1001, "note"),
    ],
)
def test_a_pause_needs_a_reason_of_the_list_and_its_words(
    app: App, code: str, reason: str, note: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        pausing.pause(app, LAN, code, ticket(app, code).version, reason, note)
    assert refusal.value.field == field


def test_one_pause_at_a_time_and_each_reason_once(app: App, watch: Watch, code: str) -> None:
    pause(app, code)
    with pytest.raises(IllegalChange, match="đang tạm dừng"):
        pause(app, code, "waiting_agency")
    watch.set("2026-03-02T10:00")
    resume(app, code)
    with pytest.raises(InvalidInput, match="Mỗi lý do chỉ dùng một lần"):
        pause(app, code)
    pause(app, code, "waiting_agency")
    assert [row.reason for row in rows(app, code)] == ["waiting_citizen", "waiting_agency"]


def test_a_new_round_has_its_reasons_again(app: App, watch: Watch, code: str) -> None:
    pause(app, code)
    watch.set("2026-03-03T10:00")
    answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    citizen.reopen(app, code, "Chưa dọn.")
    pause(app, code)
    assert [row.round for row in rows(app, code)] == [1]
    watch.set("2026-03-04T10:00")
    answer.submit(app, LAN, code, ticket(app, code).version, "Nay đã dọn.")
    assert ticket(app, code).paused_until is None
    assert rows(app, code)[0].ended_at == watch.now


def test_urgent_matters_do_not_wait(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(urgent=True))
    with pytest.raises(IllegalChange, match="1207/QĐ-UBND"):
        pause(app, code)


def test_what_is_overdue_is_not_paused(app: App, watch: Watch, code: str) -> None:
    watch.now = DUE
    with pytest.raises(IllegalChange, match="quá hạn"):
        pause(app, code)


def test_only_a_running_matter_is_paused_and_resumed(app: App, settings: Settings, code: str) -> None:
    with pytest.raises(IllegalChange, match="không tạm dừng"):
        resume(app, code)
    answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    for change in (pause, resume):
        with pytest.raises(IllegalChange):
            change(app, code)
    unread = intake.receive(app, form_delivery(settings, "Mất nước")).code or ""
    with pytest.raises(IllegalChange):
        pausing.pause(app, DUNG, unread, 1, "waiting_citizen", QUESTION)


def test_the_chair_and_the_auditor_read_but_do_not_pause(app: App, code: str) -> None:
    for actor in (NAMELESS, AN):
        with pytest.raises(NotAllowed):
            pausing.pause(app, actor, code, ticket(app, code).version, "waiting_citizen", QUESTION)


def test_two_people_at_once_one_pauses_and_the_other_is_told(app: App, code: str) -> None:
    seen = ticket(app, code).version
    outcomes = together(
        [
            lambda: pausing.pause(app, LAN, code, seen, "waiting_citizen", QUESTION),
            lambda: pausing.pause(app, HUNG, code, seen, "waiting_agency", "Sở Xây dựng"),
        ]
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 1
    assert len(rows(app, code)) == 1
    assert len(told(app, code)) == 1


def test_the_database_itself_lets_one_pause_run_and_each_reason_once(
    app: App, watch: Watch, code: str
) -> None:
    pause(app, code)
    (first,) = rows(app, code)
    for reason, ended in (("waiting_agency", None), ("waiting_citizen", watch.now)):
        with pytest.raises(IntegrityError), app.store.engine.begin() as connection:
            connection.execute(
                PauseRow.__table__.insert().values(  # type: ignore[attr-defined]
                    ticket_id=first.ticket_id,
                    round=0,
                    reason=reason,
                    started_at=watch.now,
                    until=watch.now + timedelta(days=1),
                    ended_at=ended,
                )
            )


def test_a_restricted_matter_is_asked_in_words_that_give_nothing_away(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    pausing.pause(app, THU, code, ticket(app, code).version, "waiting_agency", "Thanh tra thành phố")
    (notice,) = told(app, code)
    assert "Thanh tra" not in notice.text
    assert "hạn" not in notice.text.lower()
