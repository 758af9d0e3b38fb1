"""The clock stands still for a reason, within a bound, and goes on; no road lets a pause end or begin unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from channels.message import InboundMessage, RawDelivery, Sender
from feedback.clock import in_hanoi
from feedback.domain.case import counted
from feedback.domain.errors import DomainError, IllegalChange, InvalidInput, NotAllowed, StaleVersion
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.domain.worktime import OutsideCalendar
from feedback.services import answer, citizen, comment, deadlines, ending, intake, pausing, placing
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import Transaction, pauses, tickets
from feedback.store.tables import AuditEvent, Message, PauseRow, Ticket
from tests.feedback.matters import form_delivery, read, reading, routed, send, ticket
from tests.feedback.people import AN, DUNG, HUNG, LAN, NGHIA_DO, THANH_LIET, THU, staff
from tests.feedback.watch import Watch, at, watched

MONDAY = "2026-03-02T08:00"
DUE = at("2026-03-09T17:00")
QUESTION = "Anh/chị cho biết số nhà gần nhất?"
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


def pause(app: App, code: str, reason: str = "waiting_citizen", until: str | None = None) -> None:
    pausing.pause(app, LAN, code, ticket(app, code).version, reason, QUESTION, at(until) if until else None)


def resume(app: App, code: str) -> None:
    pausing.resume(app, LAN, code, ticket(app, code).version)


def rows(app: App, code: str) -> list[PauseRow]:
    with app.store.reading() as session:
        return list(pauses.pauses(session, ticket(app, code)))


def trail(app: App, code: str) -> list[AuditEvent]:
    with app.store.reading() as session:
        return list(tickets.trail(session, ticket(app, code).id))


def told(app: App, code: str) -> list[Message]:
    with app.store.reading() as session:
        found = tickets.messages(session, ticket(app, code).id)
    return [message for message in found if message.purpose == "notice"]


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


def by_portal(app: App, settings: Settings, code: str) -> None:
    intake.receive(app, form_delivery(settings, "Số 15 ngõ 12.", ticket_code=code))


CHAT = InboundMessage("web", "chat", "first", "u1", Sender("u1"), "Rác ba ngày chưa ai dọn")
MAIL = replace(
    CHAT, channel="email", account="box", sender=Sender("lan@example.test", email="lan@example.test")
)
FIRST = {"conversation": CHAT, "reference": CHAT, "code in the subject of a mail": MAIL, "portal": None}


@pytest.mark.parametrize("road", FIRST)
def test_the_citizens_answer_by_any_road_lets_the_clock_go_on(
    app: App, settings: Settings, watch: Watch, road: str
) -> None:
    code = opened(app, settings, FIRST[road])
    watch.set("2026-03-03T10:00")
    pause(app, code)
    watch.set("2026-03-04T10:00")
    if road == "conversation":
        store(app, replace(CHAT, external_id="again", text="Số 15."))
    elif road == "reference":
        ours = known_to_its_provider(app, code)
        store(app, replace(CHAT, external_id="again", conversation="another", thread_refs=(ours,)))
    elif road == "portal":
        by_portal(app, settings, code)
    else:
        hints = {"subject_tag": code}
        store(app, replace(MAIL, external_id="again", conversation="another", hints=hints))
    found = ticket(app, code)
    assert found.paused_until is None
    assert found.answer_due_at == at("2026-03-10T17:00")
    assert rows(app, code)[0].ended_at == watch.now
    last = [event for event in trail(app, code) if event.action in ("joined", "resumed")]
    assert [(event.action, event.reason) for event in last] == [("joined", None), ("resumed", "citizen")]


def opened(app: App, settings: Settings, first: InboundMessage | None) -> str:
    if first is None:
        return routed(app, settings)
    code = store(app, first)
    read(app, reading())
    return code


def store(app: App, inbound: InboundMessage) -> str:
    """What any adapter hands over; returns the code of the ticket it became or joined."""
    delivery = RawDelivery(
        inbound.channel, inbound.account, inbound.external_id.encode(), {}, datetime.now(UTC)
    )
    return intake.store_message(app, delivery, inbound).code or ""


def known_to_its_provider(app: App, code: str) -> str:
    """Our question was delivered, and its provider calls it so."""
    with app.store.transaction(Actor.system("test")) as tx:
        question = tx.session.get_one(Message, rows(app, code)[0].message_id)
        question.provider_id = "<ours@hanoi.example.test>"
        tx.audit(f"ticket:{question.ticket_id}", "reply_sent")
        tx.commit()
    return "<ours@hanoi.example.test>"


def test_somebody_elses_message_with_the_code_ends_nothing(app: App, settings: Settings, code: str) -> None:
    pause(app, code)
    stranger = replace(MAIL, sender=Sender("ai-do@example.test"), hints={"subject_tag": code})
    assert store(app, stranger) != code
    assert ticket(app, code).paused_until is not None


def test_what_the_citizen_writes_does_not_end_a_pause_for_an_agency(
    app: App, settings: Settings, code: str
) -> None:
    pause(app, code, "waiting_agency")
    before = ticket(app, code).paused_until
    by_portal(app, settings, code)
    assert ticket(app, code).paused_until == before


def test_notes_our_own_words_readings_and_deliveries_end_nothing(
    app: App, settings: Settings, watch: Watch, code: str
) -> None:
    pause(app, code)
    standing = ticket(app, code)
    watch.set("2026-03-03T09:00")
    comment.add(app, HUNG, code, standing.version, "Đã gọi tổ dân phố.")
    send(app)
    read(app, reading())
    found = ticket(app, code)
    assert (found.paused_until, found.answer_due_at) == (standing.paused_until, standing.answer_due_at)
    assert rows(app, code)[0].ended_at is None


def test_a_pause_ends_at_its_bound_by_itself(app: App, watch: Watch, code: str) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code, until="2026-03-04T10:00")
    standing = ticket(app, code)
    watch.set("2026-03-06T09:00")
    assert pausing.end_passed(app) == 1
    found = ticket(app, code)
    assert (found.answer_due_at, found.version) == (standing.answer_due_at, standing.version)
    assert found.paused_until is None
    assert rows(app, code)[0].ended_at == at("2026-03-04T10:00")
    assert (trail(app, code)[-1].reason, trail(app, code)[-1].actor) == ("bound", "clock")
    assert len(told(app, code)) == 1
    assert pausing.end_passed(app) == 0


def test_a_bound_that_has_not_come_ends_nothing(app: App, watch: Watch, code: str) -> None:
    pause(app, code, until="2026-03-04T10:00")
    watch.set("2026-03-04T09:59:59")
    assert pausing.end_passed(app) == 0
    assert ticket(app, code).paused_until == at("2026-03-04T10:00")


@pytest.mark.parametrize("late", ["citizen", "by hand", "another pause", "answer"])
def test_whatever_comes_after_the_bound_finds_the_pause_ended_there(
    app: App, settings: Settings, watch: Watch, code: str, late: str
) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code, until="2026-03-04T10:00")
    watch.set("2026-03-05T10:00")
    if late == "citizen":
        by_portal(app, settings, code)
    elif late == "by hand":
        resume(app, code)
    elif late == "another pause":
        pause(app, code, "waiting_agency")
    else:
        answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    assert rows(app, code)[0].ended_at == at("2026-03-04T10:00")
    said = [event.reason for event in trail(app, code) if event.action == "resumed"]
    assert said == ([] if late == "answer" else ["bound"])
    assert ticket(app, code).answer_due_at is not None
    if late == "answer":
        assert ticket(app, code).answer_worked_seconds == (3 * 8 + 2 - 8) * 3600


def test_one_bad_ticket_holds_up_no_other(
    app: App, settings: Settings, watch: Watch, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = routed(app, settings, phone="0900000002")
    for each in (code, other):
        pause(app, each, until="2026-03-03T10:00")
    watch.set("2026-03-04T10:00")
    judge, bad = deadlines.judge, ticket(app, code).id

    def tripping(given: App, tx: Transaction, found: Ticket) -> None:
        if found.id == bad:
            raise OutsideCalendar
        judge(given, tx, found)

    monkeypatch.setattr(deadlines, "judge", tripping)
    assert pausing.end_passed(app) == 1
    assert ticket(app, other).paused_until is None
    assert rows(app, code)[0].ended_at is None


def test_two_clocks_end_a_pause_once(app: App, watch: Watch, code: str) -> None:
    pause(app, code, until="2026-03-03T10:00")
    watch.set("2026-03-04T10:00")
    ended = together([lambda: pausing.end_passed(app), lambda: pausing.end_passed(app)])
    assert sorted(map(str, ended)) == ["0", "1"]
    assert [event.action for event in trail(app, code)].count("resumed") == 1


def together(tasks: list[Callable[[], object]]) -> list[object]:
    """What each returned or was refused with, all begun at once."""
    gate, outcomes = threading.Barrier(len(tasks)), list[object]()

    def run(task: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes.append(task())
        except DomainError as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


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


def transferred(app: App, code: str) -> None:
    version = ticket(app, code).version
    placing.transfer(app, LAN, code, version, Place(Queue.WARD, NGHIA_DO), "wrong_ward")


def sent_back(app: App, code: str) -> None:
    placing.send_back(app, LAN, code, ticket(app, code).version, "wrong_ward")


def found_urgent(app: App, code: str) -> None:
    _reclassified(app, code, level=Level.URGENT)


def found_a_complaint(app: App, code: str) -> None:
    _reclassified(app, code, kind=Kind.COMPLAINT, reason="objects_to_decision")


def answered(app: App, code: str) -> None:
    answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")


def rejected(app: App, code: str) -> None:
    ending.reject(app, LAN, code, ticket(app, code).version, "out_of_scope")


def closed(app: App, code: str) -> None:
    ending.close(app, LAN, code, ticket(app, code).version, "no_response")


def handed_over(app: App, code: str) -> None:
    found_a_complaint(app, code)
    ending.hand_over(app, THU, code, ticket(app, code).version)


def _reclassified(
    app: App, code: str, *, kind: Kind = Kind.REPORT, level: Level = Level.NORMAL, reason: str = ""
) -> None:
    version = ticket(app, code).version
    placing.reclassify(app, LAN, code, version, kind=kind, field_id="waste", level=level, reason_id=reason)


@pytest.mark.parametrize(
    "change",
    [
        transferred,
        sent_back,
        found_urgent,
        found_a_complaint,
        answered,
        rejected,
        closed,
        handed_over,
    ],
)
def test_a_pause_ends_where_the_matter_moves_on(
    app: App, watch: Watch, code: str, change: Callable[[App, str], None]
) -> None:
    watch.set("2026-03-03T10:00")
    pause(app, code)
    watch.set("2026-03-04T10:00")
    change(app, code)
    found = ticket(app, code)
    with app.store.reading() as session:
        assert pauses.running(session, found) is None
    assert found.paused_until is None
    assert rows(app, code)[0].ended_at == watch.now
    assert any(
        event.before.get("paused_until") and event.after.get("paused_until", 0) is None
        for event in trail(app, code)
    )


def test_a_correction_within_the_desk_leaves_the_pause(app: App, watch: Watch, code: str) -> None:
    pause(app, code)
    before = ticket(app, code).paused_until
    _reclassified(app, code, level=Level.COMPLEX)
    assert ticket(app, code).paused_until == before


def test_danger_in_a_later_message_ends_a_pause_for_an_agency(
    app: App, settings: Settings, watch: Watch, code: str
) -> None:
    pause(app, code, "waiting_agency")
    watch.set("2026-03-02T09:00")
    intake.receive(app, form_delivery(settings, "Dây điện đứt", ticket_code=code))
    read(app, reading(urgent=True))
    found = ticket(app, code)
    assert (found.level, found.paused_until) == ("urgent", None)
    assert found.answer_due_at == at("2026-03-02T14:00")  # four hours and the one that stood still


def test_a_restricted_matter_is_asked_in_words_that_give_nothing_away(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    pausing.pause(app, THU, code, ticket(app, code).version, "waiting_agency", "Thanh tra thành phố")
    (notice,) = told(app, code)
    assert "Thanh tra" not in notice.text
    assert "hạn" not in notice.text.lower()
