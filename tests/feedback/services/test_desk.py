"""What staff do to a ticket: answered, moved, ended; by whom, and by whom not."""

from __future__ import annotations

import pytest

from channels.message import Purpose
from feedback.domain.errors import IllegalChange, InvalidInput, NotAllowed, NotFound, StaleVersion
from feedback.domain.kinds import Kind, Level, Queue
from feedback.services import answer, assign, citizen, comment, ending, placing, read
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.tables import Message
from tests.feedback.matters import read as triaged
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import AN, BINH, DUNG, HUNG, LAN, MAI, NGHIA_DO, THANH_LIET, THU


def said(app: App, code: str) -> list[Message]:
    with app.store.reading() as session:
        return [m for m in tickets.messages(session, ticket(app, code).id) if m.direction == "out"]


def version(app: App, code: str) -> int:
    return ticket(app, code).version


def trail(app: App, code: str) -> list[str]:
    with app.store.reading() as session:
        return [event.action for event in tickets.trail(session, ticket(app, code).id)]


def test_lan_answers_and_the_clock_stops(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    answer.submit(app, LAN, code, version(app, code), "Đã dọn sạch sáng nay.")
    found = ticket(app, code)
    assert found.state == "answered"
    assert found.first_answer_at is not None
    assert found.answer_worked_seconds is not None
    last = said(app, code)[-1]
    assert (last.purpose, last.delivery) == (Purpose.ANSWER, "waiting")
    assert "Đã dọn sạch sáng nay." in last.text
    assert "UBND phường Thanh Liệt" in last.text
    assert "Lan" not in last.text
    assert trail(app, code)[-1] == "answered"


def test_a_second_answer_does_not_move_the_first_instant(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    answer.submit(app, LAN, code, version(app, code), "Đã chuyển đội vệ sinh.")
    first = ticket(app, code).first_answer_at
    answer.submit(app, LAN, code, version(app, code), "Đã xong.")
    assert ticket(app, code).first_answer_at == first
    assert len(said(app, code)) == 3


def test_two_officers_at_once_the_second_is_told(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    seen = version(app, code)
    answer.submit(app, LAN, code, seen, "Đã dọn.")
    with pytest.raises(StaleVersion):
        answer.submit(app, HUNG, code, seen, "Sẽ dọn.")
    assert len(said(app, code)) == 2


@pytest.mark.parametrize("text", ["", "   \n ", ".", "…", "ok", "123 456", "x" * 10_001])
def test_bad_answers_are_refused(app: App, settings: Settings, text: str) -> None:
    code = routed(app, settings)
    with pytest.raises(InvalidInput) as refusal:
        answer.submit(app, LAN, code, version(app, code), text)
    assert refusal.value.field == "text"
    assert ticket(app, code).state == "open"


def test_the_neighbouring_ward_does_not_even_see_it(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with pytest.raises(NotFound):
        answer.submit(app, MAI, code, version(app, code), "Không phải của tôi")
    with pytest.raises(NotFound):
        read.open_ticket(app, MAI, code)


def test_an_auditor_reads_but_does_not_answer(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    opened = read.open_ticket(app, AN, code)
    assert not opened.contact_visible
    with pytest.raises(NotAllowed):
        answer.submit(app, AN, code, version(app, code), "Đã xong.")


def test_a_denunciation_exists_for_one_role_only(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    for nobody in (LAN, MAI, DUNG, AN, BINH):
        with pytest.raises(NotFound):
            read.open_ticket(app, nobody, code)
    assert read.open_ticket(app, THU, code).ticket.code == code


def test_every_reading_leaves_a_trace(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    before = len(trail(app, code))
    read.open_ticket(app, LAN, code)
    read.open_ticket(app, AN, code)
    assert trail(app, code)[before:] == ["contact_read", "ticket_read"]


def test_transfer_needs_a_reason_and_keeps_the_deadline(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    due = ticket(app, code).answer_due_at
    with pytest.raises(InvalidInput):
        placing.transfer(app, LAN, code, version(app, code), Place(Queue.WARD, NGHIA_DO), "")
    placing.transfer(app, LAN, code, version(app, code), Place(Queue.WARD, NGHIA_DO), "wrong_ward")
    found = ticket(app, code)
    assert (found.ward_code, found.state, found.answer_due_at) == (NGHIA_DO, "open", due)
    with pytest.raises(NotFound):
        read.open_ticket(app, LAN, code)
    assert read.open_ticket(app, MAI, code).ticket.code == code


def test_an_unknown_ward_is_refused(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with pytest.raises(InvalidInput) as refusal:
        placing.transfer(app, LAN, code, version(app, code), Place(Queue.WARD, "99999"), "wrong_ward")
    assert refusal.value.field == "ward_code"


def test_sent_back_it_waits_for_the_dispatcher_who_routes_it(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    placing.send_back(app, LAN, code, version(app, code), "wrong_field")
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "dispatcher")
    placing.route(app, DUNG, code, version(app, code), Place(Queue.WARD, THANH_LIET, level=Level.URGENT))
    found = ticket(app, code)
    assert (found.state, found.queue, found.level) == ("open", "ward", "urgent")


def test_a_ward_may_not_route(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with pytest.raises(NotAllowed):
        placing.route(app, LAN, code, version(app, code), Place(Queue.WARD, NGHIA_DO))


def test_reclassified_as_denunciation_it_vanishes_from_the_ward(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    placing.reclassify(
        app,
        LAN,
        code,
        version(app, code),
        kind=Kind.DENUNCIATION,
        field_id="official_conduct",
        level=Level.NORMAL,
        reason_id="accuses_violation",
    )
    found = ticket(app, code)
    assert (found.queue, found.restricted, found.ward_code, found.state) == (
        "denunciation",
        True,
        None,
        "review",
    )
    with pytest.raises(NotFound):
        read.open_ticket(app, LAN, code)


def test_a_denunciation_that_is_none_comes_back_through_the_dispatcher(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    placing.reclassify(
        app,
        THU,
        code,
        version(app, code),
        kind=Kind.REPORT,
        field_id="waste",
        level=Level.NORMAL,
        reason_id="no_one_accused",
    )
    found = ticket(app, code)
    assert (found.queue, found.restricted, found.state) == ("dispatcher", False, "review")


def test_handing_over_is_for_complaints_only_and_tells_the_citizen(app: App, settings: Settings) -> None:
    report = routed(app, settings, reading(needs_review=True))
    with pytest.raises(InvalidInput):
        ending.hand_over(app, DUNG, report, version(app, report))
    code = routed(app, settings, reading(kind="complaint"))
    ending.hand_over(app, DUNG, code, version(app, code))
    assert ticket(app, code).state == "handed_over"
    assert "khiếu nại" in said(app, code)[-1].text


def test_rejection_tells_the_reason(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    with pytest.raises(InvalidInput):
        ending.reject(app, LAN, code, version(app, code), "because")
    ending.reject(app, LAN, code, version(app, code), "outside_hanoi", "Thuộc tỉnh khác.")
    assert ticket(app, code).state == "rejected"
    assert ticket(app, code).first_answer_at is not None
    assert "Không thuộc địa bàn Hà Nội" in said(app, code)[-1].text


def test_closing_unanswered_says_why_but_spam_gets_silence(app: App, settings: Settings) -> None:
    told = routed(app, settings)
    ending.close(app, LAN, told, version(app, told), "no_response")
    assert said(app, told)[-1].purpose == Purpose.NOTICE
    spam = routed(app, settings)
    ending.close(app, LAN, spam, version(app, spam), "spam")
    assert [m.purpose for m in said(app, spam)] == ["acknowledgement"]


def test_a_closed_ticket_is_not_answered(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    ending.close(app, LAN, code, version(app, code), "spam")
    with pytest.raises(IllegalChange):
        answer.submit(app, LAN, code, version(app, code), "Đã xong.")


def test_notes_and_taking(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    due = ticket(app, code).answer_due_at
    comment.add(app, LAN, code, version(app, code), "Đã gọi đội vệ sinh.")
    assign.take(app, LAN, code, version(app, code))
    assert ticket(app, code).answer_due_at == due
    assert all("đội vệ sinh" not in m.text for m in said(app, code))


def test_reopening_starts_a_new_term_and_leaves_the_judgement_of_the_first_answer(
    app: App, settings: Settings
) -> None:
    code = routed(app, settings)
    answer.submit(app, LAN, code, version(app, code), "Đã dọn.")
    first = ticket(app, code)
    assert first.answered_on_time
    citizen.reopen(app, code, "Vẫn còn rác.")
    again = ticket(app, code)
    assert again.state == "open"
    assert again.answer_due_at is not None
    assert first.answer_due_at is not None
    assert again.answer_due_at >= first.answer_due_at
    assert again.receive_due_at == first.receive_due_at
    assert (again.answered_on_time, again.first_answer_at) == (True, first.first_answer_at)


def test_reopened_where_a_person_had_decided_it_waits_for_a_decision_again(
    app: App, settings: Settings
) -> None:
    code = routed(app, settings, reading(needs_review=True))
    ending.reject(app, DUNG, code, version(app, code), "outside_hanoi", "Thuộc tỉnh khác.")
    citizen.reopen(app, code, "Không phải, ở ngay Thanh Liệt.")
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "dispatcher")
    placing.route(app, DUNG, code, version(app, code), Place(Queue.WARD, THANH_LIET))
    assert ticket(app, code).state == "open"


def test_words_of_reopening_are_read_for_accusations(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    answer.submit(app, LAN, code, version(app, code), "Đã dọn.")
    citizen.reopen(app, code, "Chưa dọn. Cán bộ còn đòi tiền tôi.")
    triaged(app, reading(kind="denunciation"))
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "denunciation")


def test_a_false_suspicion_is_cleared_and_routed_in_one_decision(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    placing.route(app, THU, code, version(app, code), Place(Queue.WARD, THANH_LIET), Kind.REPORT, "misread")
    found = ticket(app, code)
    assert (found.kind, found.queue, found.state, found.restricted) == ("report", "ward", "open", False)
    assert trail(app, code)[-2:] == ["routed", "taken_from_seal"]


def test_a_decision_that_fails_changes_nothing(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(needs_review=True))
    with pytest.raises(InvalidInput):
        placing.route(app, DUNG, code, version(app, code), Place(Queue.WARD, "99999"), Kind.QUESTION)
    assert ticket(app, code).kind == "report"


def test_routing_is_no_way_to_a_restricted_desk(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(needs_review=True))
    with pytest.raises(InvalidInput):
        placing.route(app, DUNG, code, version(app, code), Place(Queue.CENTRE), Kind.DENUNCIATION)
