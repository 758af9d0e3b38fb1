"""Every reading ends at a desk; no failure of a model loses a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import update

from classifier.prediction import Prediction, Query
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.worktime import OutsideCalendar
from feedback.services import deadlines, intake, placing, triage
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.services.read import open_ticket as opened
from feedback.settings import Settings
from feedback.store import Transaction, outbox, tickets
from feedback.store.tables import Message, OutboxRow, Ticket
from tests.feedback.matters import Scripted, form_delivery, read, reading, routed, ticket
from tests.feedback.people import DUNG, LAN, THANH_LIET, THU


def test_a_sure_reading_goes_straight_to_the_ward(app: App, settings: Settings) -> None:
    found = ticket(app, routed(app, settings))
    assert (found.state, found.queue, found.ward_code, found.field_id) == (
        "open",
        "ward",
        THANH_LIET,
        "waste",
    )
    assert found.accepted_at is not None
    assert found.answer_due_at is not None
    assert found.rule_version
    assert found.calendar_version


@pytest.mark.parametrize(
    ("says", "state", "queue", "restricted"),
    [
        (reading(needs_review=True), "review", "dispatcher", False),
        (reading(ward=None), "review", "dispatcher", False),
        (reading(field="official_conduct"), "open", "centre", False),
        (reading(field="admin_procedure"), "open", "centre", False),
        (reading(kind="complaint"), "review", "reception", True),
        (reading(kind="denunciation"), "review", "denunciation", True),
        (reading(kind="thanks"), "review", "dispatcher", False),
    ],
)
def test_the_road_of_each_reading(
    app: App, settings: Settings, says: Prediction, state: str, queue: str, restricted: bool
) -> None:
    found = ticket(app, routed(app, settings, says))
    assert (found.state, found.queue, found.restricted) == (state, queue, restricted)


def test_urgent_shortens_the_term(app: App, settings: Settings) -> None:
    normal = ticket(app, routed(app, settings))
    urgent = ticket(app, routed(app, settings, reading(urgent=True)))
    assert urgent.level == "urgent"
    assert urgent.answer_due_at is not None
    assert normal.answer_due_at is not None
    assert urgent.answer_due_at < normal.answer_due_at


def test_without_a_classifier_people_read(app: App, settings: Settings) -> None:
    intake.receive(app, form_delivery(settings, "Mất nước"))
    read(app, None)
    code = intake.receive(app, form_delivery(settings, "Mất điện")).code
    read(app, None)
    found = ticket(app, code or "")
    assert (found.state, found.queue) == ("review", "dispatcher")
    assert found.answer_due_at is not None


class Broken:
    def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
        raise ValueError("a strange text")


def test_a_model_that_fails_loses_nothing(app: App, settings: Settings) -> None:
    code = intake.receive(app, form_delivery(settings, "Mất điện")).code
    assert triage.drain(app, Broken(), "test") == 1
    assert ticket(app, code or "").queue == "dispatcher"
    assert triage.drain(app, Broken(), "test") == 0


def test_the_prediction_is_kept_whole(app: App, settings: Settings) -> None:
    found = ticket(app, routed(app, settings))
    with app.store.reading() as session:
        row = tickets.last_prediction(session, found.id)
    assert row is not None
    assert row.model == "scripted"
    assert row.result["ward_candidates"][0]["code"] == THANH_LIET
    assert row.result["parts"] == [{"message": row.message_id, "start": 0}]


def test_an_acknowledgement_is_queued_once(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(needs_review=True))
    intake.receive(app, form_delivery(settings, "Thêm: ngõ 5", ticket_code=code))
    read(app, reading())
    with app.store.reading() as session:
        said = [m.purpose for m in tickets.messages(session, ticket(app, code).id) if m.direction == "out"]
    assert said == ["acknowledgement"]


def test_spam_gets_no_answer(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="spam"))
    with app.store.reading() as session:
        assert all(m.direction == "in" for m in tickets.messages(session, ticket(app, code).id))


def test_a_denunciation_is_acknowledged_in_neutral_words(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    words = opened(app, THU, code).messages[-1].text
    assert "tố cáo" not in words.lower()
    assert "hạn trả lời" not in words.lower()
    assert code in words


def test_a_later_message_lets_a_reviewed_ticket_find_its_ward(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(ward=None))
    intake.receive(app, form_delivery(settings, "Ở Thanh Liệt", ticket_code=code))
    read(app, reading())
    assert (ticket(app, code).state, ticket(app, code).queue) == ("open", "ward")


def test_a_later_danger_raises_the_level_but_does_not_move_the_ticket(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    intake.receive(app, form_delivery(settings, "Dây điện đứt rơi xuống", ticket_code=code))
    read(app, reading(ward="00160", urgent=True))
    found = ticket(app, code)
    assert (found.level, found.ward_code, found.state) == ("urgent", THANH_LIET, "open")


def test_a_later_accusation_takes_the_ticket_off_the_ward(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    intake.receive(app, form_delivery(settings, "Cán bộ nhận tiền", ticket_code=code))
    read(app, reading(kind="denunciation"))
    found = ticket(app, code)
    assert (found.queue, found.restricted, found.state) == ("denunciation", True, "review")


def test_batches_are_read_as_one(app: App, settings: Settings) -> None:
    sizes: list[int] = []

    class Counting(Scripted):
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            sizes.append(len(queries))
            return super().predict_many(queries)

    for number in range(5):
        intake.receive(app, form_delivery(settings, f"Phản ánh {number}"))
    assert triage.drain(app, Counting(reading()), "test") == 5
    assert sizes == [5]


def test_address_of_the_form_is_read_too(app: App, settings: Settings) -> None:
    seen: list[Query] = []

    class Listening(Scripted):
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            seen.extend(queries)
            return super().predict_many(queries)

    intake.receive(app, form_delivery(settings, "Rác nhiều", address="ngõ 94 Tân Triều"))
    triage.drain(app, Listening(reading()), "test")
    assert seen[0].text == "Rác nhiều\n\nĐịa chỉ: ngõ 94 Tân Triều"


def test_a_reading_that_cannot_be_stored_ends_with_the_dispatcher(app: App, settings: Settings) -> None:
    impossible = reading(ward="99999")
    first = intake.receive(app, form_delivery(settings, "Rác")).code or ""
    for _ in range(triage.MAX_READINGS):
        triage.drain(app, Scripted(impossible), "test")
        assert ticket(app, first).state == "new"
        with app.store.engine.begin() as connection:
            connection.execute(update(OutboxRow).values(lease_until=OutboxRow.lease_until - outbox.LEASE * 2))
    triage.drain(app, Scripted(impossible), "test")
    assert (ticket(app, first).state, ticket(app, first).queue) == ("review", "dispatcher")


def test_one_bad_ticket_does_not_hold_up_its_batch(app: App, settings: Settings) -> None:
    codes = [intake.receive(app, form_delivery(settings, f"Rác {n}")).code or "" for n in range(3)]

    class Mixed:
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            return [reading(ward="99999"), *(reading() for _ in queries[1:])]

    triage.drain(app, Mixed(), "test")
    assert [ticket(app, code).state for code in codes] == ["new", "open", "open"]


def test_what_a_person_sent_back_is_not_moved_again_by_a_later_message(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    placing.send_back(app, LAN, code, ticket(app, code).version, "wrong_ward")
    intake.receive(app, form_delivery(settings, "Cảm ơn, tôi chờ", ticket_code=code))
    read(app, reading())
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "dispatcher")


@pytest.mark.parametrize("placed", [False, True])
def test_a_suspicion_that_a_person_dismissed_stays_dismissed(
    app: App, settings: Settings, placed: bool
) -> None:
    code = routed(app, settings, reading(kind="complaint"))
    placing.reclassify(
        app,
        DUNG,
        code,
        ticket(app, code).version,
        kind=Kind.REPORT,
        field_id="waste",
        level=Level.NORMAL,
        reason_id="no_decision_meant",
    )
    if placed:
        placing.route(app, DUNG, code, ticket(app, code).version, Place(Queue.WARD, THANH_LIET))
    intake.receive(app, form_delivery(settings, "Tôi chờ", ticket_code=code))
    read(app, reading(kind="complaint"))
    found = ticket(app, code)
    assert (found.kind, found.restricted, found.state) == ("report", False, "open" if placed else "review")


def test_a_new_accusation_in_a_reviewed_ticket_is_not_overlooked(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    placing.send_back(app, LAN, code, ticket(app, code).version, "wrong_ward")
    intake.receive(app, form_delivery(settings, "Cán bộ nhận tiền", ticket_code=code))
    read(app, reading(kind="denunciation"))
    assert (ticket(app, code).queue, ticket(app, code).restricted) == ("denunciation", True)


def test_a_ticket_placed_by_hand_before_it_was_read_is_acknowledged(app: App, settings: Settings) -> None:
    code = intake.receive(app, form_delivery(settings, "Rác nhiều", email="an@example.test")).code or ""
    placing.route(app, DUNG, code, ticket(app, code).version, Place(Queue.WARD, THANH_LIET))
    read(app, reading(ward=None))
    assert ticket(app, code).ward_code == THANH_LIET
    with app.store.reading() as session:
        said = [m.purpose for m in tickets.messages(session, ticket(app, code).id) if m.direction == "out"]
        trail = [event.action for event in tickets.trail(session, ticket(app, code).id)]
    assert said == ["acknowledgement"]
    assert trail[-1] == "acknowledged"


def test_one_strange_text_does_not_send_its_batch_to_the_dispatcher(app: App, settings: Settings) -> None:
    codes = [intake.receive(app, form_delivery(settings, text)).code or "" for text in ("một", "lạ", "ba")]

    class Choosy(Scripted):
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            if any(query.text == "lạ" for query in queries):
                raise ValueError("a strange text")
            return super().predict_many(queries)

    triage.drain(app, Choosy(reading()), "test")
    assert [ticket(app, code).state for code in codes] == ["open", "review", "open"]


def test_a_fault_in_the_rules_holds_up_only_its_own_ticket(
    app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [intake.receive(app, form_delivery(settings, f"Rác {n}")).code or "" for n in range(2)]
    judge, bad = deadlines.judge, ticket(app, codes[0]).id

    def tripping(given: App, tx: Transaction, found: Ticket) -> None:
        if found.id == bad:
            raise OutsideCalendar
        judge(given, tx, found)

    monkeypatch.setattr(deadlines, "judge", tripping)
    triage.drain(app, Scripted(reading()), "test")
    assert [ticket(app, code).state for code in codes] == ["new", "open"]


def test_a_text_that_ended_the_process_is_not_read_again(app: App, settings: Settings) -> None:
    code = intake.receive(app, form_delivery(settings, "Rác")).code or ""
    with app.store.engine.begin() as connection:
        connection.execute(update(OutboxRow).values(attempts=triage.MAX_READINGS))

    class Deadly:
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            raise SystemExit(137)

    triage.drain(app, Deadly(), "test")
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "dispatcher")


def test_hundreds_of_additions_are_read_within_bounds(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    for number in range(5):
        intake.receive(app, form_delivery(settings, f"{number}" * 9_000, ticket_code=code))
    seen: list[str] = []

    class Listening(Scripted):
        def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
            seen.extend(query.text for query in queries)
            return super().predict_many(queries)

    triage.drain(app, Listening(reading()), "test")
    assert max(map(len, seen)) < triage.MOST_LATER + 100
    assert seen[-1].startswith("Rác ba ngày")
    assert seen[-1].endswith("4" * 9_000)


def test_one_address_is_not_acknowledged_without_end(app: App, settings: Settings) -> None:
    for _ in range(triage.MOST_ACKNOWLEDGED + 3):
        routed(app, settings)
    other = routed(app, settings, phone="0900000002")
    with app.store.reading() as session:
        sent = session.query(Message).filter_by(purpose="acknowledgement").order_by(Message.id).all()
    assert len(sent) == triage.MOST_ACKNOWLEDGED + 1
    assert sent[-1].ticket_id == ticket(app, other).id


def test_the_lists_show_the_sentence_that_says_what_is_the_matter(app: App, settings: Settings) -> None:
    said = replace(reading(), gist="Gọi 0900000012: rác chất đống.")
    code = routed(app, settings, said)
    assert "rác chất đống" in ticket(app, code).summary
    assert "0900000012" not in ticket(app, code).summary
