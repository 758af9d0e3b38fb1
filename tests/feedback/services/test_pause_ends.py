"""Every way a pause ends, and what does not end it; none goes unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.message import InboundMessage, RawDelivery, Sender
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor
from feedback.domain.worktime import OutsideCalendar
from feedback.services import answer, comment, deadlines, ending, intake, pausing, placing
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import Transaction, pauses
from feedback.store.tables import Message, Ticket
from tests.feedback.matters import form_delivery, read, reading, routed, send, ticket
from tests.feedback.people import HUNG, LAN, NGHIA_DO, THU
from tests.feedback.services.standstill import by_portal, pause, resume, rows, together, told, trail
from tests.feedback.watch import Watch, at, watched

MONDAY = "2026-03-02T08:00"
DUE = at("2026-03-09T17:00")


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
    _reclassified(app, code, level=Level.COMPLEX, reason="misread")
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
