"""Requests of persons: asked, decided, carried out, told; and what stands against it."""

from __future__ import annotations

import json
import random
import threading
from datetime import timedelta

import psycopg
import pytest

from feedback.domain import codes
from feedback.domain import rights as words
from feedback.domain.deadlines import due_at
from feedback.domain.errors import DomainError, IllegalChange, InvalidInput, NotAllowed, NotFound
from feedback.domain.retention import Request
from feedback.domain.rights import Correction, Obstacle
from feedback.domain.terms import Term
from feedback.services import hold, my_data, report, rights, rights_desk
from feedback.services.app import App
from feedback.services.periods import Period
from feedback.services.rights import Decision
from feedback.settings import Settings
from feedback.store import audit, tickets
from feedback.store.tables import AuditEvent, Erasure, Message, RightsRequest
from tests.feedback.matters import reading, routed, send, ticket
from tests.feedback.people import AN, BINH, DUNG, HOA, LAN, THU
from tests.feedback.services.keeping import EMAIL, NAME, PHONE, SYSTEM, age, mentions, old
from tests.servers import DatabaseUrls

YES = Decision(grant=True)

UNKNOWN = codes.new_code(2026, random.Random(7))


def no(reason: str = "not_proven", note: str = "") -> Decision:
    return Decision(grant=False, reason_id=reason, note=note)


def look(app: App, request_id: int) -> RightsRequest:
    with app.store.reading() as session:
        return session.query(RightsRequest).filter_by(id=request_id).one()


def said(app: App, code: str) -> list[str]:
    with app.store.reading() as session:
        return [m.text for m in tickets.messages(session, ticket(app, code).id) if m.direction == "out"]


def test_a_request_has_two_working_days_to_be_answered_and_fifteen_days_to_be_done(
    app: App, settings: Settings
) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.WITHDRAW)
    assert asked.answer_due_at == due_at(Term.parse("2wd"), asked.asked_at, app.calendar)
    assert asked.due_at == due_at(Term.parse("15d"), asked.asked_at, app.calendar)
    assert asked.ref == f"YC-{asked.id:06d}"


def test_deleting_leaves_nothing_of_the_person_once_the_last_word_has_gone(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings, 0.1)
    asked = rights.ask(app, code, Request.DELETE)
    settled = rights.settle(app, HOA, asked.id, YES)
    assert settled.state == "granted"
    assert mentions(database_urls.superuser, NAME, "phố Vọng", "Rác ba ngày") == []
    assert rights.finish(app) == 0, "the last word has not gone yet"
    assert ticket(app, code).contact.address == PHONE
    send(app)
    assert rights.finish(app) == 1
    assert look(app, asked.id).state == "done"
    assert mentions(database_urls.superuser, PHONE, EMAIL, NAME) == []
    assert any("đã được xóa" in text for text in said(app, code))
    assert rights.finish(app) == 0


def test_an_address_is_not_kept_for_ever_for_a_word_that_cannot_be_sent(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings, 0.1)
    asked = rights.ask(app, code, Request.DELETE)
    rights.settle(app, HOA, asked.id, YES)
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("UPDATE rights_request SET decided_at = now() - interval '4 days'")
    assert rights.finish(app) == 1
    assert ticket(app, code).contact.address is None
    send(app)
    assert mentions(database_urls.superuser, PHONE) == []


def test_figures_and_trail_survive_a_deletion(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    then = ticket(app, code).received_at.date()
    period = Period(then - timedelta(days=2), then + timedelta(days=2))
    before = report.overview(app, AN, period)
    rights.settle(app, HOA, rights.ask(app, code, Request.DELETE).id, YES)
    assert before.total.received == 1
    assert report.overview(app, AN, period) == before
    with app.store.reading() as session:
        assert audit.verify(session).broken is None


def test_a_running_ticket_stops_a_deletion_until_it_ends(app: App, settings: Settings) -> None:
    code = routed(app, settings, name=NAME, phone=PHONE)
    send(app)
    asked = rights.ask(app, code, Request.DELETE)
    assert rights_desk.open_request(app, HOA, asked.id).obstacle is Obstacle.RUNNING
    with pytest.raises(IllegalChange, match="đang được giải quyết"):
        rights.settle(app, HOA, asked.id, YES)
    assert look(app, asked.id).state == "asked"
    age(app, code, 0.01)
    assert rights.settle(app, HOA, asked.id, YES).state == "granted"


def test_words_still_on_their_way_stop_a_deletion(app: App, settings: Settings) -> None:
    code = routed(app, settings, name=NAME, phone=PHONE)
    age(app, code, 0.01)
    asked = rights.ask(app, code, Request.DELETE)
    with pytest.raises(IllegalChange):
        rights.settle(app, HOA, asked.id, YES)
    send(app)
    assert rights.settle(app, HOA, asked.id, YES).state == "granted"


def test_a_withdrawal_does_not_wait_and_the_matter_goes_on_without_its_writer(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = routed(app, settings, name=NAME, phone=PHONE)
    send(app)
    rights.settle(app, HOA, rights.ask(app, code, Request.WITHDRAW).id, YES)
    send(app)
    rights.finish(app)
    found = ticket(app, code)
    assert (found.state, found.erased_at) == ("open", None)
    assert found.contact.erased_at is not None
    assert mentions(database_urls.superuser, NAME, PHONE) == []
    from feedback.services import answer

    answer.submit(app, DUNG, code, found.version, "Đã dọn xong.")
    send(app)
    assert ticket(app, code).delivery_problem
    again = routed(app, settings, name=NAME, phone=PHONE)
    assert ticket(app, again).contact_id != found.contact_id


@pytest.mark.parametrize("why", ["hold", "denunciation"])
def test_what_must_be_kept_is_refused_without_saying_why(app: App, settings: Settings, why: str) -> None:
    code = old(app, settings, 0.1)
    asked = rights.ask_at_counter(app, HOA, code, Request.DELETE)
    if why == "hold":
        hold.put(app, HOA, code, "court", "TAND quận thử nghiệm, số 1/2026")
    else:
        other = old(app, settings, 0.1)
        age(app, other, 0.1, kind="denunciation", queue="denunciation", restricted=True)
    opened = rights_desk.open_request(app, HOA, asked.id)
    assert opened.obstacle is Obstacle.KEPT
    assert opened.affected.tickets == 1
    with pytest.raises(IllegalChange) as refusal:
        rights.settle(app, HOA, asked.id, YES)
    assert refusal.value.message_vi == "Có hồ sơ phải lưu giữ theo quy định của pháp luật"
    assert ticket(app, code).erased_at is None


def test_a_telephone_number_typed_on_the_portal_reaches_one_ticket_only(app: App, settings: Settings) -> None:
    mine, theirs = old(app, settings, 0.1), old(app, settings, 0.1)
    assert ticket(app, mine).contact_id == ticket(app, theirs).contact_id
    asked = rights.ask(app, mine, Request.DELETE)
    assert rights_desk.open_request(app, HOA, asked.id).affected.tickets == 1
    assert rights.settle(app, HOA, asked.id, YES).state == "done"
    assert ticket(app, mine).erased_at is not None
    kept = ticket(app, theirs)
    assert (kept.erased_at, kept.contact.phone, kept.contact.name) == (None, PHONE, NAME)


def test_a_person_at_the_counter_has_everything_deleted(app: App, settings: Settings) -> None:
    codes = [old(app, settings, 0.1) for _ in range(3)]
    asked = rights.ask_at_counter(app, HOA, codes[1].lower(), Request.DELETE)
    assert rights_desk.open_request(app, HOA, asked.id).affected.tickets == 3
    rights.settle(app, HOA, asked.id, YES)
    assert all(ticket(app, code).erased_at for code in codes)


def test_a_correction_changes_the_contact_and_the_trail_says_only_which_columns(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = old(app, settings, 0.1)
    asked = rights.ask(app, code, Request.CORRECT, Correction.typed("Phạm Thị Khác", "0900 000 088", ""))
    rights.settle(app, HOA, asked.id, YES)
    contact = ticket(app, code).contact
    assert (contact.name, contact.phone, contact.email) == ("Phạm Thị Khác", "+84900000088", EMAIL)
    assert contact.address == "+84900000088"
    with app.store.reading() as session:
        event = session.query(AuditEvent).filter_by(action="contact_corrected").one()
        assert event.after["columns"] == ["name", "phone"]
    trail = mentions(database_urls.superuser, "Phạm Thị Khác", "900000088")
    assert {line.partition(":")[0] for line in trail} == {"contact"}


def test_a_correction_to_somebody_elses_number_is_refused(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    other = Correction.typed("", "0900000099", "")
    first = rights.ask(app, code, Request.CORRECT, other)
    rights.settle(app, HOA, first.id, YES)
    second_code = old(app, settings, 0.1, phone="0900000098")
    second = rights.ask(app, second_code, Request.CORRECT, other)
    with pytest.raises(IllegalChange, match="người gửi khác"):
        rights.settle(app, HOA, second.id, YES)
    assert ticket(app, second_code).contact.phone == "0900000098"


def test_a_refusal_needs_a_reason_and_is_told(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    asked = rights.ask(app, code, Request.DELETE)
    for faulty in (no("because"), no(""), no("other", "  ")):
        with pytest.raises(InvalidInput):
            rights.settle(app, HOA, asked.id, faulty)
    rights.settle(app, HOA, asked.id, no("other", "Xin mang giấy tờ đến quầy."))
    assert look(app, asked.id).state == "refused"
    assert "Xin mang giấy tờ đến quầy." in said(app, code)[-1]
    with app.store.reading() as session:
        event = session.query(AuditEvent).filter_by(action="rights_settled").one()
        assert event.reason == "other"


@pytest.mark.parametrize("decision", [YES, no()])
def test_a_settled_request_is_not_settled_again(app: App, settings: Settings, decision: Decision) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.DELETE)
    rights.settle(app, HOA, asked.id, decision)
    for again in (YES, no()):
        with pytest.raises(IllegalChange, match="đã được giải quyết"):
            rights.settle(app, HOA, asked.id, again)


def test_two_officers_at_once_carry_it_out_once(app: App, settings: Settings) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.DELETE)
    start, outcomes = threading.Barrier(2), list[object]()

    def press() -> None:
        start.wait()
        try:
            outcomes.append(rights.settle(app, HOA, asked.id, YES).state)
        except DomainError as refusal:
            outcomes.append(refusal.message_vi)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["Yêu cầu này đã được giải quyết.", "granted"]
    with app.store.reading() as session:
        assert session.query(Erasure).filter_by(what="ticket").count() == 1


def test_the_same_is_not_asked_twice_while_it_waits(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    first = rights.ask(app, code, Request.DELETE)
    with pytest.raises(InvalidInput, match="đang chờ"):
        rights.ask(app, code, Request.DELETE)
    rights.ask(app, code, Request.WITHDRAW)
    rights.settle(app, HOA, first.id, no())
    assert rights.ask(app, code, Request.DELETE).id != first.id


def test_only_the_privacy_officer_settles(app: App, settings: Settings) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.DELETE)
    for other in (LAN, DUNG, AN, BINH, THU):
        with pytest.raises(NotAllowed):
            rights.settle(app, other, asked.id, YES)
        with pytest.raises(NotAllowed):
            rights_desk.open_request(app, other, asked.id)
        with pytest.raises(NotAllowed):
            my_data.hand_over(app, other, asked.id)


def test_at_the_counter_a_denunciation_is_like_a_code_that_does_not_exist(
    app: App, settings: Settings
) -> None:
    code = old(app, settings, 0.1)
    age(app, code, 0.1, kind="denunciation", queue="denunciation", restricted=True)
    answers = []
    for typed in (code, UNKNOWN, "bừa"):
        with pytest.raises(NotFound) as refusal:
            rights.ask_at_counter(app, HOA, typed, Request.DELETE)
        answers.append(refusal.value.message_vi)
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("name", "phone", "email", "words_said"),
    [
        ("", "", "", "ít nhất một"),
        ("", "mười hai", "", "Số điện thoại"),
        ("", "", "không phải", "email"),
        ("a" * 101, "", "", "quá dài"),
    ],
)
def test_a_faulty_correction_is_refused(name: str, phone: str, email: str, words_said: str) -> None:
    with pytest.raises(InvalidInput, match=words_said):
        Correction.typed(name, phone, email)


def test_everything_held_on_me_can_be_taken_along(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    found = my_data.take(app, code)
    content = json.loads(json.dumps(found.as_json()))
    assert [matter["code"] for matter in content["matters"]] == [code]
    assert "Rác ba ngày chưa ai dọn" in content["matters"][0]["said"][0]["text"]
    assert content["person"]["phone"].endswith("77")
    assert PHONE not in json.dumps(content), "the portal proves no number"
    with app.store.reading() as session:
        assert session.query(RightsRequest).one().state == "done"


def test_a_restricted_matter_tells_only_that_it_is_there(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"), phone=PHONE)
    matter = my_data.see(app, code).as_json()["matters"][0]
    assert matter["restricted"] is True
    assert {key for key, value in matter.items() if value} == {"code", "received_at", "restricted"}


def test_at_the_counter_the_whole_file_is_handed_over_for_fifteen_days(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    codes = [old(app, settings, 0.1), old(app, settings, 0.1)]
    asked = rights.ask_at_counter(app, HOA, codes[0], Request.ACCESS)
    with pytest.raises(NotFound):
        my_data.hand_over(app, HOA, asked.id)
    rights.settle(app, HOA, asked.id, YES)
    found = my_data.hand_over(app, HOA, asked.id)
    assert {matter.code for matter in found.matters} == set(codes)
    assert (found.person.name, found.person.phone) == (NAME, PHONE)
    with app.store.reading() as session:
        assert session.query(AuditEvent).filter_by(chain=f"rights:{asked.id}", action="contact_read").count()
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("UPDATE rights_request SET carried_out_at = now() - interval '16 days'")
    with pytest.raises(NotFound):
        my_data.hand_over(app, HOA, asked.id)


def test_after_an_erasure_nothing_more_can_be_asked(app: App, settings: Settings) -> None:
    code = old(app, settings, 0.1)
    waiting = rights.ask(app, code, Request.CORRECT, Correction(name="Khác"))
    rights.settle(app, HOA, rights.ask(app, code, Request.DELETE).id, YES)
    send(app)
    rights.finish(app)
    with pytest.raises(NotFound):
        rights.ask(app, code, Request.WITHDRAW)
    with pytest.raises(NotFound):
        my_data.see(app, code)
    with pytest.raises(IllegalChange, match="đã được xóa"):
        rights.settle(app, HOA, waiting.id, YES)
    rights.settle(app, HOA, waiting.id, no("not_proven"))


def test_the_words_of_a_request_name_nobody() -> None:
    for kind in Request:
        assert "YC-000007" in words.granted("YC-000007", kind)


def test_a_register_line_names_the_request(app: App, settings: Settings) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.DELETE)
    rights.settle(app, HOA, asked.id, YES)
    today = app.store.now().date()
    csv = rights_desk.export(app, HOA, Period(today - timedelta(days=1), today + timedelta(days=1))).decode()
    assert asked.ref in csv
    assert PHONE not in csv
    with pytest.raises(NotAllowed):
        rights_desk.register(app, AN, Period(today, today))


def test_no_message_text_stands_on_the_officers_page(app: App, settings: Settings) -> None:
    asked = rights.ask(app, old(app, settings, 0.1), Request.DELETE)
    opened = rights_desk.open_request(app, HOA, asked.id)
    assert not any(isinstance(value, Message) for value in vars(opened.affected.__class__).values())
    assert "Rác" not in repr(opened)
    assert SYSTEM


def test_a_restricted_matter_is_for_the_counter_and_leaves_no_line(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="denunciation"), phone=PHONE)
    for kind in (Request.DELETE, Request.WITHDRAW):
        with pytest.raises(InvalidInput, match="đến quầy"):
            rights.ask(app, code, kind)
    my_data.take(app, code)
    board = rights_desk.board(app, HOA)
    assert (board.waiting, board.settled) == ([], [])
