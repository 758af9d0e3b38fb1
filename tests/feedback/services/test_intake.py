"""One delivery, one transaction: what is written, what a repeat does, how the counters add up."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from channels.message import InboundMessage, RawDelivery, Sender
from channels.web import form
from feedback.domain import codes
from feedback.services import intake, status
from feedback.services.app import App
from feedback.services.intake import Kind
from feedback.settings import Settings
from feedback.store import audit
from feedback.store.raw import QuarantineLimits
from tests.feedback.matters import form_delivery
from tests.servers import DatabaseUrls


def rows(urls: DatabaseUrls, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def together(app: App, deliveries: Sequence[RawDelivery]) -> list[intake.Outcome]:
    """Receive all of them at the same moment, each on its own thread."""
    gate = threading.Barrier(len(deliveries))

    def one(delivery: RawDelivery) -> intake.Outcome:
        gate.wait(10)
        return intake.receive(app, delivery)

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(one, deliveries))


def said(sender: str, number: int) -> tuple[RawDelivery, InboundMessage]:
    """A message of a chat user, as an adapter hands it over."""
    raw = RawDelivery("web", "chat", f"{sender} {number}".encode(), {}, datetime.now(UTC))
    return raw, InboundMessage("web", "chat", f"{sender}-{number}", sender, Sender(sender), f"tin {number}")


def test_one_delivery_writes_every_row_in_one_transaction(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    outcome = intake.receive(app, form_delivery(settings, "Đèn tắt cả ngõ", name="Trần Thị Thử"))
    assert outcome.kind is Kind.TICKET
    assert codes.normalise(outcome.code or "") == outcome.code
    tables = ("raw_event", "contact", "ticket", "message", "audit_event", "outbox")
    written = {table: rows(database_urls, f"SELECT xmin::text FROM {table}") for table in tables}
    assert {table: len(found) for table, found in written.items()} == dict.fromkeys(tables, 1)
    assert len({found[0] for found in written.values()}) <= 2, (
        "the ticket's savepoint at most has an id of its own"
    )
    assert rows(database_urls, "SELECT action FROM audit_event") == [("received",)]
    assert rows(database_urls, "SELECT task, state FROM outbox") == [("triage", "waiting")]


def test_a_fault_of_our_own_leaves_no_half_ticket_and_keeps_the_delivery(
    app: App, settings: Settings, database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(intake, "_add_message", broken)
    delivery = form_delivery(settings, "Đèn tắt")
    outcome = intake.receive(app, delivery)
    assert (outcome.kind, outcome.fault) == (Kind.QUARANTINED, intake.Fault.PAYLOAD)
    for table in ("contact", "ticket", "message", "audit_event", "outbox"):
        assert rows(database_urls, f"SELECT count(*) FROM {table}") == [(0,)]
    assert rows(database_urls, "SELECT body FROM raw_event") == [(delivery.body,)]
    monkeypatch.undo()
    assert intake.receive(app, delivery).kind is Kind.TICKET


def test_a_database_that_is_away_is_told_to_the_caller(
    app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, RuntimeError("gone"))

    monkeypatch.setattr(intake, "_add_message", away)
    with pytest.raises(OperationalError):
        intake.receive(app, form_delivery(settings, "Đèn tắt"))
    assert status.current(app.store).received == 0


def test_eight_threads_with_one_delivery_make_one_ticket(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    outcomes = together(app, [form_delivery(settings, "Cây đổ")] * 8)
    assert sorted(outcome.kind for outcome in outcomes) == ["duplicate"] * 7 + ["ticket"]
    assert len({outcome.code for outcome in outcomes}) == 1
    assert rows(database_urls, "SELECT deliveries FROM raw_event") == [(8,)]


def test_messages_of_one_user_at_once_are_one_ticket(app: App, database_urls: DatabaseUrls) -> None:
    gate = threading.Barrier(6)

    def one(number: int) -> intake.Outcome:
        delivery, inbound = said("u1", number)
        gate.wait(10)
        return intake.store_message(app, delivery, inbound)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(one, range(6)))
    assert sorted(outcome.kind for outcome in outcomes) == ["joined"] * 5 + ["ticket"]
    assert rows(database_urls, "SELECT count(*), count(DISTINCT ticket_id) FROM message") == [(6, 1)]
    assert rows(database_urls, "SELECT version FROM ticket") == [(6,)]
    with app.store.reading() as session:
        assert audit.verify(session).broken is None


def test_different_users_at_once_never_share_a_ticket(app: App, settings: Settings) -> None:
    outcomes = together(app, [form_delivery(settings, "Ngập", phone=f"090000000{n}") for n in range(8)])
    assert len({outcome.code for outcome in outcomes}) == 8


def test_a_code_that_is_taken_is_drawn_again(
    app: App, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["HN-26-AAAA-A2", "HN-26-AAAA-A2", "HN-26-CCCC-C2"])
    monkeypatch.setattr(codes, "new_code", lambda *_: next(drawn))
    first = intake.receive(app, form_delivery(settings, "một", phone="0900000001"))
    second = intake.receive(app, form_delivery(settings, "hai", phone="0900000002"))
    assert (first.code, second.code) == ("HN-26-AAAA-A2", "HN-26-CCCC-C2")


def test_quarantine_is_bounded_by_number_and_the_rest_is_counted(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    narrow = replace(app, quarantine=QuarantineLimits(total_bytes=10**6, per_minute=3))
    forged = [replace(form_delivery(settings, f"giả {n}"), headers={}) for n in range(8)]
    outcomes = together(narrow, forged)
    assert sorted(outcome.kind for outcome in outcomes) == ["quarantined"] * 3 + ["rejected"] * 5
    assert rows(database_urls, "SELECT sum(count)::int FROM refusal") == [(5,)]


def test_quarantine_is_bounded_by_bytes(app: App, settings: Settings) -> None:
    forged = [replace(form_delivery(settings, "x" * 600 + str(n)), headers={}) for n in range(2)]
    room = 2 * len(forged[0].body) + 100
    narrow = replace(app, quarantine=QuarantineLimits(total_bytes=room, per_minute=100))
    kinds = [intake.receive(narrow, delivery).kind for delivery in forged]
    assert kinds == [Kind.QUARANTINED, Kind.REJECTED], "the unsigned get half of the room"


def test_forgeries_leave_room_for_what_is_authentic_but_unreadable(app: App, settings: Settings) -> None:
    narrow = replace(app, quarantine=QuarantineLimits(total_bytes=10**6, per_minute=2))
    for number in range(5):
        intake.receive(narrow, replace(form_delivery(settings, f"giả {number}"), headers={}))
    body = b'{"submission_id'
    headers = {form.SEAL_HEADER: form.seal(body, settings.secret_key.encode())}
    torn = RawDelivery("web", "portal", body, headers, datetime.now(UTC))
    outcome = intake.receive(narrow, torn)
    assert (outcome.kind, outcome.fault) == (Kind.QUARANTINED, intake.Fault.PAYLOAD)
    assert status.current(app.store).rejected == 3


def test_a_repeat_of_a_quarantined_body_is_a_duplicate_with_the_same_fault(
    app: App, settings: Settings
) -> None:
    forged = replace(form_delivery(settings, "giả"), headers={})
    first, again = intake.receive(app, forged), intake.receive(app, forged)
    assert (first.kind, again.kind) == (Kind.QUARANTINED, Kind.DUPLICATE)
    assert first.fault is again.fault is intake.Fault.SIGNATURE


def test_every_delivery_counts_once_and_the_sum_is_received(app: App, settings: Settings) -> None:
    for number in range(2):
        delivery, inbound = said("u1", number)
        intake.store_message(app, delivery, inbound)
    delivery = form_delivery(settings, "Rác")
    for _ in range(3):
        intake.receive(app, delivery)
    forged = replace(delivery, headers={})
    for _ in range(2):
        intake.receive(app, forged)
    intake.refuse(app, "web", "too_large")
    now = status.current(app.store)
    counted = (now.tickets, now.joined, now.duplicates, now.quarantined, now.rejected, now.ignored)
    assert counted == (2, 1, 3, 1, 1, 0)
    assert now.received == sum(counted) == 8


def test_the_summary_and_the_search_text_hold_no_number(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    intake.receive(app, form_delivery(settings, "Gọi tôi số 0900000012 hoặc thu@example.test nhé"))
    (found,) = rows(database_urls, "SELECT summary, search FROM ticket")
    for text in found:
        assert "0900000012" not in str(text)
        assert "thu@example" not in str(text)


@pytest.mark.parametrize("text", ["", " ", "\u200e", "a" * 20_001])
def test_a_text_the_form_would_never_send_is_kept_for_people(app: App, settings: Settings, text: str) -> None:
    outcome = intake.receive(app, form_delivery(settings, text))
    assert (outcome.kind, outcome.fault) == (Kind.QUARANTINED, intake.Fault.PAYLOAD)


def known_as(urls: DatabaseUrls, provider_id: str) -> None:
    """Give the first ticket an outgoing message that its provider calls `provider_id`."""
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO message (ticket_id, direction, text, provider_id, created_at) "
            "SELECT id, 'out', 'Đã tiếp nhận', %s, now() FROM ticket ORDER BY id LIMIT 1",
            (provider_id,),
        )


def test_an_answer_to_our_own_message_finds_its_ticket(app: App, database_urls: DatabaseUrls) -> None:
    first = intake.store_message(app, *said("u1", 1))
    known_as(database_urls, "<ours@hanoi.example.test>")
    delivery, inbound = said("u1", 2)
    answer = replace(inbound, thread_refs=("<ours@hanoi.example.test>",), conversation="another thread")
    assert intake.store_message(app, delivery, answer) == intake.Outcome(Kind.JOINED, code=first.code)


def test_somebody_else_who_knows_the_message_id_joins_nothing(app: App, database_urls: DatabaseUrls) -> None:
    intake.store_message(app, *said("u1", 1))
    known_as(database_urls, "<ours@hanoi.example.test>")
    delivery, inbound = said("u2", 1)
    forged = replace(inbound, thread_refs=("<ours@hanoi.example.test>",))
    assert intake.store_message(app, delivery, forged).kind is Kind.TICKET


def test_a_mail_from_the_address_left_on_the_portal_joins_the_portal_ticket(
    app: App, settings: Settings
) -> None:
    first = intake.receive(app, form_delivery(settings, "Rác", email="lan@example.test"))
    delivery, inbound = said("u2", 1)
    sender = replace(inbound.sender, address="lan@example.test", email="lan@example.test")
    mail = replace(inbound, channel="email", sender=sender, hints={"subject_tag": str(first.code)})
    joined = intake.store_message(app, replace(delivery, channel="email"), mail)
    assert joined == intake.Outcome(Kind.JOINED, code=first.code)


def test_a_code_in_somebody_elses_mail_joins_nothing(app: App) -> None:
    first = intake.store_message(app, *said("u1", 1))
    delivery, inbound = said("u2", 1)
    stranger = replace(inbound, channel="email", thread_refs=(str(first.code),))
    outcome = intake.store_message(app, replace(delivery, channel="email"), stranger)
    assert outcome.kind is Kind.TICKET
    assert outcome.code != first.code
