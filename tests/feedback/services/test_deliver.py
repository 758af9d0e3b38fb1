"""Replies through the outbox against a local Zalo: sent once, retried, given back to people."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text, update

from channels.message import RawDelivery
from feedback import bootstrap
from feedback.domain.errors import IllegalChange, NotFound
from feedback.domain.events import Task
from feedback.services import answer, deliver, intake, resend, status
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import outbox, tickets
from feedback.store.tables import DeliveryAttempt, Message, OutboxRow
from tests.fakes.server import Call, json_reply
from tests.fakes.zalo import ZaloFake
from tests.feedback.matters import read, reading, send, ticket
from tests.feedback.people import LAN, MAI
from tests.servers import DatabaseUrls

CITIZEN = "7000000000000000001"


@pytest.fixture
def zalo() -> Iterator[ZaloFake]:
    with ZaloFake() as fake:
        yield fake


@pytest.fixture
def app(environ: dict[str, str], zalo: ZaloFake) -> Iterator[App]:
    _, refresh = zalo.issue()
    built = bootstrap.build(
        Settings.from_env(
            {
                **environ,
                "FEEDBACK_ZALO_APP_ID": zalo.account.app_id,
                "FEEDBACK_ZALO_OA_ID": zalo.account.oa_id,
                "FEEDBACK_ZALO_OA_SECRET": zalo.account.oa_secret,
                "FEEDBACK_ZALO_APP_SECRET": zalo.account.app_secret,
                "FEEDBACK_ZALO_REFRESH_TOKEN": refresh,
                "FEEDBACK_ZALO_API_URL": zalo.url,
                "FEEDBACK_ZALO_OAUTH_URL": zalo.url,
            }
        )
    )
    yield built
    built.store.engine.dispose()


@pytest.fixture
def code(app: App, zalo: ZaloFake) -> str:
    """A ticket that a citizen opened by Zalo."""
    call: Call = zalo.account.text(CITIZEN, "Rác ba ngày chưa ai dọn")
    zalo.interact(CITIZEN)
    headers = {name.lower(): value for name, value in call.headers.items()}
    found = intake.receive(
        app, RawDelivery("zalo", zalo.account.oa_id, call.body, headers, datetime.now(UTC))
    ).code
    assert found is not None
    read(app, reading())
    return found


def answered(app: App, code: str) -> int:
    return answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")


def message(app: App, message_id: int) -> Message:
    with app.store.reading() as session:
        return session.get_one(Message, message_id)


def forward(app: App, by: timedelta) -> None:
    """Make waiting rows due, as time would."""
    with app.store.engine.begin() as connection:
        connection.execute(update(OutboxRow).values(available_at=OutboxRow.available_at - by))


def test_acknowledgement_and_answer_reach_the_citizen_once(app: App, zalo: ZaloFake, code: str) -> None:
    answered(app, code)
    send(app)
    send(app)
    assert [code in sent.text for sent in zalo.sent] == [True, True]
    assert {sent.user_id for sent in zalo.sent} == {CITIZEN}
    assert status.current(app.store).replies_sent == 2


def test_a_citizen_without_phone_or_email_is_not_sent_to_a_page_that_asks_for_them(
    app: App, zalo: ZaloFake, code: str
) -> None:
    answered(app, code)
    send(app)
    assert [app.follow_url in sent.text for sent in zalo.sent] == [False, False]
    assert f"nhắn lại tại đây, kèm mã {code}" in zalo.sent[1].text


def test_a_spent_token_is_renewed_once_and_stored(app: App, zalo: ZaloFake, code: str) -> None:
    send(app)
    zalo.expire_tokens()
    answered(app, code)
    send(app)
    assert len(zalo.sent) == 2


def test_a_passing_failure_is_tried_again_later(
    app: App, zalo: ZaloFake, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(app)
    reply = answered(app, code)
    monkeypatch.setattr(zalo, "handle", lambda call: json_reply({}, 503))
    send(app)
    assert message(app, reply).delivery == "waiting"
    assert status.current(app.store).replies_waiting == 1
    monkeypatch.undo()
    send(app)
    assert message(app, reply).delivery == "waiting"  # not before its time
    forward(app, deliver.FIRST_WAIT)
    send(app)
    assert message(app, reply).delivery == "sent"


def test_out_of_quota_the_channel_waits_and_nothing_is_given_up(app: App, zalo: ZaloFake, code: str) -> None:
    send(app)
    zalo.state.quota = 0
    reply = answered(app, code)
    for _ in range(deliver.MAX_ATTEMPTS + 2):
        forward(app, timedelta(days=1))
        send(app)
    assert message(app, reply).delivery == "waiting"
    zalo.state.quota = 10
    forward(app, timedelta(days=1))
    send(app)
    assert message(app, reply).delivery == "sent"


def test_after_seven_days_the_officer_gets_it_back_and_telephones(
    app: App, zalo: ZaloFake, code: str
) -> None:
    send(app)
    reply = answered(app, code)
    zalo.interact(CITIZEN, datetime.now(UTC) - timedelta(days=8))
    send(app)
    assert message(app, reply).delivery == "failed"
    assert ticket(app, code).delivery_problem
    assert status.current(app.store).dead == 1
    resend.telephoned(app, LAN, code, reply)
    assert message(app, reply).delivery == "sent"
    assert not ticket(app, code).delivery_problem
    assert status.current(app.store).dead == 0


def test_resent_by_hand_it_arrives(app: App, zalo: ZaloFake, code: str) -> None:
    send(app)
    zalo.interact(CITIZEN, datetime.now(UTC) - timedelta(days=8))
    reply = answered(app, code)
    send(app)
    zalo.interact(CITIZEN)
    with pytest.raises(NotFound):
        resend.again(app, MAI, code, reply)
    resend.again(app, LAN, code, reply)
    send(app)
    assert message(app, reply).delivery == "sent"
    with pytest.raises(IllegalChange):
        resend.again(app, LAN, code, reply)


def test_a_crash_while_sending_is_never_repeated_blindly(app: App, zalo: ZaloFake, code: str) -> None:
    send(app)
    reply = answered(app, code)
    deliver._claim(app, "dies here", 4)
    with app.store.engine.begin() as connection:
        connection.execute(update(OutboxRow).values(lease_until=OutboxRow.lease_until - timedelta(hours=1)))
    send(app)
    assert message(app, reply).delivery == "unknown"
    assert len(zalo.sent) == 1
    with app.store.reading() as session:
        outcomes = [a.outcome for a in session.query(DeliveryAttempt).filter_by(message_id=reply)]
        assert tickets.trail(session, ticket(app, code).id)[-1].action == "reply_failed"
    assert outcomes == ["unknown"]


def test_a_fault_of_our_own_is_shown_to_people_and_holds_up_nobody(
    app: App, zalo: ZaloFake, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(app)
    reply = answered(app, code)
    monkeypatch.setattr(app.adapters["zalo"], "send", lambda outgoing: 1 / 0)
    send(app)
    assert message(app, reply).delivery == "unknown"
    assert ticket(app, code).delivery_problem


def test_replies_of_a_channel_that_is_off_wait_and_hold_up_nobody(
    app: App, environ: dict[str, str], zalo: ZaloFake, code: str
) -> None:
    reply = answered(app, code)
    without = bootstrap.build(Settings.from_env(environ))
    assert deliver.drain(without, "test") == 2
    assert message(app, reply).delivery == "waiting"
    without.store.engine.dispose()
    forward(app, timedelta(hours=1))
    send(app)
    assert message(app, reply).delivery == "sent"
    with app.store.reading() as session:
        assert {row.attempts for row in session.query(OutboxRow).filter_by(task="deliver")} == {1}


def test_resending_by_hand_waits_for_a_worker_that_has_just_taken_the_row(app: App, code: str) -> None:
    reply = answered(app, code)
    refused: list[Exception] = []

    def click() -> None:
        try:
            resend.again(app, LAN, code, reply)
        except IllegalChange as fault:
            refused.append(fault)

    with app.store.transaction(deliver.DELIVERY) as tx:
        rows = outbox.claim(tx.session, Task.DELIVER, by="test", now=tx.now)
        second = threading.Thread(target=click)
        second.start()
        with app.store.reading() as other:
            while not other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                time.sleep(0.01)
        tickets.locked_by_id(tx.session, rows[0].ticket_id)
        tx.commit()
    second.join()
    assert len(refused) == 1


def test_without_the_channels_tokens_a_message_waits_and_is_sent_later(
    app: App, zalo: ZaloFake, code: str, database_urls: DatabaseUrls
) -> None:
    send(app)
    reply = answered(app, code)
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON channel_token FROM feedback_app")
        send(app)
        connection.execute("GRANT SELECT ON channel_token TO feedback_app")
    assert message(app, reply).delivery == "waiting"
    assert not ticket(app, code).delivery_problem
    forward(app, timedelta(hours=1))
    send(app)
    assert message(app, reply).delivery == "sent"
