"""More time: asked for by one, decided by another, told to the citizen, never beyond the bound."""

from __future__ import annotations

from datetime import datetime

import pytest

from feedback.domain.errors import IllegalChange, InvalidInput, NotAllowed, NotFound, StaleVersion
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.services import answer, citizen, comment, extending, pausing, placing
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import pauses, tickets
from feedback.store.tables import AuditEvent, ExtensionRow, Message
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import AN, DUNG, LAN, MAI, NGHIA_DO, THANH_LIET, THU, staff
from tests.feedback.services.standstill import together
from tests.feedback.watch import Watch, at, hired, watched

DUE = at("2026-03-09T17:00")
WHY = "Chờ đo đạc lại hiện trạng."


@pytest.fixture
def watch() -> Watch:
    return Watch(at("2026-03-02T08:00"))


@pytest.fixture
def app(app: App, watch: Watch) -> App:
    return watched(app, watch)


@pytest.fixture
def code(app: App, settings: Settings) -> str:
    found = routed(app, settings)
    assert ticket(app, found).answer_due_at == DUE
    return found


@pytest.fixture
def lan(app: App) -> Actor:
    return hired(app, LAN)


@pytest.fixture
def lead(app: App) -> Actor:
    return hired(app, staff("Tuyết", Role.WARD_LEAD, ward=THANH_LIET))


@pytest.fixture
def chair(app: App) -> Actor:
    return hired(app, staff("Vinh", Role.WARD_CHAIR, ward=THANH_LIET))


def ask(app: App, actor: Actor, code: str, term: str = "3wd", reason: str = "complex_matter") -> None:
    extending.ask(app, actor, code, ticket(app, code).version, reason, term, WHY)


def decide(app: App, actor: Actor, code: str, *, approve: bool = True, note: str = "") -> None:
    extending.decide(app, actor, code, ticket(app, code).version, approve=approve, note=note)


def requests(app: App, code: str) -> list[ExtensionRow]:
    with app.store.reading() as session:
        return list(pauses.extensions(session, ticket(app, code)))


def trail(app: App, code: str) -> list[AuditEvent]:
    with app.store.reading() as session:
        return list(tickets.trail(session, ticket(app, code).id))


def said(app: App, code: str) -> list[Message]:
    with app.store.reading() as session:
        return list(tickets.messages(session, ticket(app, code).id))


def told(app: App, code: str) -> list[str]:
    return [message.text for message in said(app, code) if message.purpose == "notice"]


def test_until_somebody_approves_the_deadline_stands(app: App, code: str, lan: Actor) -> None:
    ask(app, lan, code)
    assert ticket(app, code).answer_due_at == DUE
    assert told(app, code) == []
    assert [(row.term, row.decision) for row in requests(app, code)] == [("3wd", None)]


@pytest.mark.parametrize(
    ("term", "due"),
    [("3wd", "2026-03-12T17:00"), ("6wh", "2026-03-10T15:00"), ("4d", "2026-03-13T17:00")],
)
def test_approved_it_moves_the_deadline_and_the_citizen_is_told_once(
    app: App, watch: Watch, code: str, lan: Actor, lead: Actor, term: str, due: str
) -> None:
    ask(app, lan, code, term)
    watch.set("2026-03-04T09:00")
    decide(app, lead, code)
    assert ticket(app, code).answer_due_at == at(due)
    (notice,) = told(app, code)
    assert f"{at(due):%H:%M}" in notice
    assert f"{at(due):%d/%m/%Y}" in notice
    assert "Vụ việc phức tạp, cần thêm thời gian xác minh" in notice
    assert WHY not in notice


def test_a_reason_that_is_not_in_the_list_is_told_in_the_askers_words(
    app: App, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code, reason="other")
    decide(app, lead, code)
    assert WHY in told(app, code)[0]


def test_the_trail_tells_before_and_after(app: App, code: str, lan: Actor, lead: Actor) -> None:
    ask(app, lan, code)
    decide(app, lead, code, note="Đồng ý.")
    asked, approved = trail(app, code)[-2:]
    assert (asked.action, asked.actor_id, asked.reason) == (
        "extension_asked",
        lan.user_id,
        "complex_matter",
    )
    assert (approved.action, approved.actor_id, approved.after["term"]) == (
        "extension_approved",
        lead.user_id,
        "3wd",
    )
    assert datetime.fromisoformat(approved.before["answer_due_at"]) == DUE
    assert datetime.fromisoformat(approved.after["answer_due_at"]) == at("2026-03-12T17:00")
    assert WHY not in str(asked.after) + str(asked.reason)
    notes = [message.text for message in said(app, code) if message.direction == "note"]
    assert notes == [WHY, "Đồng ý."]


def test_a_refusal_says_why_and_leaves_the_deadline(app: App, code: str, lan: Actor, lead: Actor) -> None:
    ask(app, lan, code)
    with pytest.raises(InvalidInput) as refusal:
        decide(app, lead, code, approve=False, note="  ")
    assert refusal.value.field == "note"
    decide(app, lead, code, approve=False, note="Việc này làm được trong tuần.")
    assert ticket(app, code).answer_due_at == DUE
    assert told(app, code) == []
    assert said(app, code)[-1].text == "Việc này làm được trong tuần."
    assert trail(app, code)[-1].action == "extension_refused"


def test_whoever_asked_does_not_decide(app: App, code: str, lead: Actor, chair: Actor) -> None:
    ask(app, lead, code)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        decide(app, lead, code)
    decide(app, chair, code)
    assert requests(app, code)[0].decided_by == chair.user_id


def test_officers_auditors_and_other_wards_do_not_decide(app: App, code: str, lan: Actor) -> None:
    ask(app, lan, code)
    hung = hired(app, staff("Hùng", Role.WARD_OFFICER, ward=THANH_LIET))
    for actor in (hung, AN):
        with pytest.raises(NotAllowed):
            decide(app, actor, code)
    with pytest.raises(NotFound):
        decide(app, hired(app, staff("Kiên", Role.WARD_LEAD, ward=NGHIA_DO)), code)
    with pytest.raises(NotFound):
        ask(app, MAI, code)


def test_at_the_restricted_desk_another_of_its_officers_decides(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    thu, other = hired(app, THU), hired(app, staff("Yến", Role.DENUNCIATION_OFFICER))
    ask(app, thu, code)
    with pytest.raises(NotFound):
        decide(app, hired(app, DUNG), code)
    decide(app, other, code)
    (notice,) = told(app, code)
    assert "phức tạp" not in notice
    assert "hạn" not in notice.lower()


@pytest.mark.parametrize("term", ["11wd", "81wh", "30d", "0wd", "3", "", "-1wd", "3 tuần", "9999wd"])
def test_terms_beyond_the_bound_or_unreadable_are_refused(app: App, code: str, lan: Actor, term: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask(app, lan, code, term)
    assert refusal.value.field in ("term", None)
    assert requests(app, code) == []


@pytest.mark.parametrize("term", ["10wd", "80wh", "14d"])
def test_the_bound_itself_is_granted(app: App, code: str, lan: Actor, lead: Actor, term: str) -> None:
    ask(app, lan, code, term)
    decide(app, lead, code)
    assert ticket(app, code).answer_due_at == at("2026-03-23T17:00")


@pytest.mark.parametrize(("reason", "note"), [("", WHY), ("no_idea", WHY), ("other", " ")])
def test_a_request_needs_a_reason_of_the_list_and_its_words(
    app: App, code: str, lan: Actor, reason: str, note: str
) -> None:
    with pytest.raises(InvalidInput):
        extending.ask(app, lan, code, ticket(app, code).version, reason, "3wd", note)


def test_one_open_request_at_a_time_and_each_reason_once(
    app: App, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    with pytest.raises(IllegalChange, match="đang chờ duyệt"):
        ask(app, lan, code, reason="several_agencies")
    decide(app, lead, code, approve=False, note="Chưa cần.")
    with pytest.raises(InvalidInput, match="Mỗi lý do chỉ dùng một lần"):
        ask(app, lan, code)
    ask(app, lan, code, reason="several_agencies")
    decide(app, lead, code)
    with pytest.raises(IllegalChange, match="Không có đề nghị"):
        decide(app, lead, code)


def test_a_request_does_not_stop_the_clock_and_nothing_is_granted_after_the_term(
    app: App, watch: Watch, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    watch.now = DUE
    with pytest.raises(IllegalChange, match="quá hạn"):
        decide(app, lead, code)
    with pytest.raises(IllegalChange, match="quá hạn"):
        ask(app, lan, code, reason="several_agencies")
    watch.set("2026-03-10T09:00")
    answer.submit(app, lan, code, ticket(app, code).version, "Đã dọn.")
    assert ticket(app, code).answered_on_time is False


def test_an_overdue_request_can_still_be_refused(
    app: App, watch: Watch, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    watch.set("2026-03-10T09:00")
    decide(app, lead, code, approve=False, note="Đã quá hạn.")
    assert requests(app, code)[0].decision == "refused"


def test_answered_before_it_was_decided_the_request_lapses(
    app: App, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    answer.submit(app, lan, code, ticket(app, code).version, "Đã dọn.")
    assert requests(app, code)[0].decision == "lapsed"
    with pytest.raises(IllegalChange):
        decide(app, lead, code)
    citizen.reopen(app, code, "Chưa dọn.")
    ask(app, lan, code)
    decide(app, lead, code)
    assert [row.decision for row in requests(app, code)] == ["approved"]


def test_urgent_matters_and_forwards_of_the_law_are_not_extended(
    app: App, settings: Settings, lan: Actor
) -> None:
    urgent = routed(app, settings, reading(urgent=True))
    with pytest.raises(IllegalChange, match="1207/QĐ-UBND"):
        ask(app, lan, urgent)
    forward = routed(app, settings, reading(field="admin_procedure"))
    with pytest.raises(IllegalChange, match="luật định"):
        ask(app, hired(app, DUNG), forward)


def test_what_was_granted_before_the_danger_was_known_no_longer_counts(
    app: App, watch: Watch, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    decide(app, lead, code)
    watch.set("2026-03-03T09:00")
    reclassify(app, code, Level.URGENT)
    assert ticket(app, code).answer_due_at == at("2026-03-02T12:00")
    with pytest.raises(IllegalChange, match="quá hạn"):
        reclassify(app, code, Level.NORMAL)
    reclassify(app, code, Level.NORMAL, lead)
    assert ticket(app, code).answer_due_at == at("2026-03-12T17:00")


def test_a_request_asked_before_the_danger_was_known_is_not_granted(
    app: App, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    reclassify(app, code, Level.URGENT)
    with pytest.raises(IllegalChange, match="1207/QĐ-UBND"):
        decide(app, lead, code)


def reclassify(app: App, code: str, level: Level, by: Actor = LAN) -> None:
    version = ticket(app, code).version
    placing.reclassify(
        app, by, code, version, kind=Kind.REPORT, field_id="waste", level=level, reason_id="misread"
    )


def test_a_request_goes_with_the_matter_to_the_next_desk(
    app: App, code: str, lan: Actor, lead: Actor
) -> None:
    ask(app, lan, code)
    place = Place(Queue.WARD, NGHIA_DO)
    placing.transfer(app, lan, code, ticket(app, code).version, place, "wrong_ward")
    with pytest.raises(NotFound):
        decide(app, lead, code)
    decide(app, hired(app, staff("Kiên", Role.WARD_LEAD, ward=NGHIA_DO)), code)
    assert requests(app, code)[0].decision == "approved"


def test_two_leads_at_once_one_decides(app: App, code: str, lan: Actor, lead: Actor, chair: Actor) -> None:
    ask(app, lan, code)
    seen = ticket(app, code).version
    outcomes = together(
        [
            lambda: extending.decide(app, lead, code, seen, approve=True),
            lambda: extending.decide(app, chair, code, seen, approve=False, note="Không."),
        ]
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 1
    assert len([event for event in trail(app, code) if event.action.startswith("extension_")]) == 2


def test_pause_and_extension_add_up(app: App, watch: Watch, code: str, lan: Actor, lead: Actor) -> None:
    watch.set("2026-03-03T10:00")
    pausing.pause(app, lan, code, ticket(app, code).version, "waiting_citizen", "Số nhà?")
    ask(app, lan, code, "1wd")
    decide(app, lead, code)
    watch.set("2026-03-03T12:00")
    pausing.resume(app, lan, code, ticket(app, code).version)
    # Two hours of pause lead to 10:00 on Tuesday the tenth; one working day more ends the day after at 17:00.
    assert ticket(app, code).answer_due_at == at("2026-03-11T17:00")


def test_notes_move_no_deadline(app: App, code: str, lan: Actor) -> None:
    ask(app, lan, code)
    comment.add(app, lan, code, ticket(app, code).version, "Đang chờ duyệt.")
    assert ticket(app, code).answer_due_at == DUE
