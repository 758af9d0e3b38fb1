"""A complaint is handed over by a person, with a letter that both sides can read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.message import InboundMessage, RawDelivery, Sender
from feedback.domain.errors import NotAllowed, NotFound
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Action, Actor, allowed
from feedback.services import citizen, ending, intake, letter, placing, read
from feedback.services.app import App
from feedback.services.change import facts
from feedback.settings import Settings
from feedback.store import tickets
from tests.feedback.matters import read as triaged
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import AN, DUNG, LAN, THU

NOTE = "Xin mang theo bản sao quyết định."


def complaint(app: App, settings: Settings) -> str:
    return routed(app, settings, reading(kind="complaint"), name="Bà Thử Nghiệm")


def handed_over(app: App, settings: Settings) -> str:
    code = complaint(app, settings)
    ending.hand_over(app, DUNG, code, ticket(app, code).version, NOTE)
    return code


def test_the_draft_is_what_is_sent(app: App, settings: Settings) -> None:
    code = complaint(app, settings)
    draft = letter.draft(app, DUNG, code, NOTE)
    ending.hand_over(app, DUNG, code, ticket(app, code).version, NOTE)
    sent = letter.sent(app, DUNG, code)
    assert sent == draft
    assert "Bà Thử Nghiệm" in sent.to
    with app.store.reading() as session:
        assert tickets.messages(session, ticket(app, code).id)[-1].text == sent.as_text()


def test_the_writer_reads_it_after_the_proof(app: App, settings: Settings) -> None:
    code = complaint(app, settings)
    assert not citizen.see(app, code).letter
    ending.hand_over(app, DUNG, code, ticket(app, code).version, NOTE)
    followed = citizen.see(app, code)
    assert followed.letter
    assert all("Kính gửi" not in line.text for line in followed.lines)
    assert NOTE in letter.of_citizen(app, code).as_text()


def test_reading_the_letter_stands_in_the_trail(app: App, settings: Settings) -> None:
    code = handed_over(app, settings)
    letter.sent(app, DUNG, code)
    letter.of_citizen(app, code)
    with app.store.reading() as session:
        last = tickets.trail(session, ticket(app, code).id)[-2:]
    assert [(event.actor, event.action) for event in last] == [
        ("Dũng", "letter_read"),
        ("citizen", "letter_read"),
    ]


def test_only_those_of_the_ticket_read_it(app: App, settings: Settings) -> None:
    code = handed_over(app, settings)
    for nobody in (LAN, AN):
        with pytest.raises(NotFound):
            letter.sent(app, nobody, code)
        with pytest.raises((NotFound, NotAllowed)):
            letter.draft(app, nobody, code)


def test_there_is_no_letter_where_nothing_was_handed_over(app: App, settings: Settings) -> None:
    report = routed(app, settings)
    for code in (report, complaint(app, settings), "HN-26-XXXX-XX"):
        with pytest.raises(NotFound):
            letter.of_citizen(app, code)
    with pytest.raises((NotFound, NotAllowed)):
        letter.draft(app, DUNG, report)


def test_a_channel_that_cannot_carry_it_gets_the_short_form(app: App) -> None:
    said = InboundMessage(
        channel="zalo",
        account="oa",
        external_id="m1",
        conversation="u1",
        sender=Sender("u1", phone="+84900000012"),
        text="Tôi khiếu nại quyết định xử phạt",
    )
    delivery = RawDelivery("zalo", "oa", b"{}", {}, datetime.now(UTC))
    code = intake.store_message(app, delivery, said).code or ""
    triaged(app, reading(kind="complaint"))
    ending.hand_over(app, DUNG, code, ticket(app, code).version, NOTE)
    with app.store.reading() as session:
        text = tickets.messages(session, ticket(app, code).id)[-1].text
    assert len(text) < 1000
    assert app.follow_url in text
    assert "thông tin tham khảo" in letter.of_citizen(app, code).as_text()


def test_a_handed_over_complaint_that_was_none_comes_back(app: App, settings: Settings) -> None:
    code = handed_over(app, settings)
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
    found = ticket(app, code)
    assert (found.state, found.queue, found.closed_at) == ("review", "dispatcher", None)
    # The handing over was no answer: what is owed has been owed since the receipt.
    assert (found.first_answer_at, found.answered_on_time, found.answer_worked_seconds) == (None, None, None)
    assert not citizen.see(app, code).letter


def test_a_complaint_that_turns_out_a_denunciation_takes_its_letter_under_seal(
    app: App, settings: Settings
) -> None:
    code = handed_over(app, settings)
    placing.reclassify(
        app,
        DUNG,
        code,
        ticket(app, code).version,
        kind=Kind.DENUNCIATION,
        field_id="official_conduct",
        level=Level.NORMAL,
        reason_id="accuses_violation",
    )
    assert "Kính gửi" in read.open_ticket(app, THU, code).messages[-1].text
    with pytest.raises(NotFound):
        letter.of_citizen(app, code)


def test_no_part_of_the_service_itself_hands_over(app: App, settings: Settings) -> None:
    found = ticket(app, complaint(app, settings))
    assert not allowed(Actor.system("triage"), Action.HAND_OVER, facts(found))
    assert not allowed(Actor.citizen(), Action.HAND_OVER, facts(found))
    assert not allowed(replace(LAN), Action.HAND_OVER, facts(found))
