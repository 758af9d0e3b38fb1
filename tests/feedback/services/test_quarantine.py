"""What a person releases from quarantine is received once, like every delivery."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from channels.message import Ignored, RawDelivery
from feedback.domain.errors import InvalidInput, NotAllowed, NotFound
from feedback.services import answer, intake, quarantine, status
from feedback.services.app import App
from feedback.services.intake import INTAKE, Fault, Kind
from feedback.settings import Settings
from feedback.store.tables import AuditEvent, Message
from tests.feedback.matters import form_delivery, routed, ticket
from tests.feedback.people import BINH, LAN


@pytest.fixture
def held(app: App, settings: Settings) -> tuple[int, RawDelivery]:
    """An authentic form that lies in quarantine, as after a fault of ours."""
    delivery = form_delivery(settings, "Rác ba ngày chưa ai dọn")
    intake.quarantine(app, delivery, Fault.PAYLOAD, "lỗi nội bộ (KeyError)")
    (row,) = quarantine.waiting(app, BINH)
    return row.id, delivery


def test_released_it_becomes_a_ticket_with_a_trace(app: App, held: tuple[int, RawDelivery]) -> None:
    outcome = quarantine.replay(app, BINH, held[0])
    assert outcome.kind is Kind.TICKET
    assert ticket(app, outcome.code or "").state == "new"
    now = status.current(app.store)
    assert (now.received, now.tickets, now.quarantined) == (1, 1, 0)
    with app.store.reading() as session:
        released = session.query(AuditEvent).filter_by(chain=f"raw:{held[0]}").one()
    assert (released.actor, released.after) == ("Bình", {"outcome": "ticket"})
    with pytest.raises(NotFound):
        quarantine.replay(app, BINH, held[0])


def test_received_again_meanwhile_it_opens_no_second_ticket(app: App, held: tuple[int, RawDelivery]) -> None:
    intake.receive(app, held[1])
    assert quarantine.replay(app, BINH, held[0]).kind is Kind.IGNORED
    now = status.current(app.store)
    assert (now.received, now.tickets, now.ignored, now.quarantined) == (2, 1, 1, 0)


def test_received_again_at_the_same_moment_it_opens_no_second_ticket(
    app: App, held: tuple[int, RawDelivery]
) -> None:
    inbound = app.adapters["web"].parse(held[1])
    assert not isinstance(inbound, Ignored)
    with ThreadPoolExecutor(1) as pool:
        with app.store.transaction(INTAKE) as tx:
            recorded = intake._record(tx, held[1], inbound.external_id, Kind.TICKET, None)
            intake.attach(app, tx, inbound, recorded.id)
            replaying = pool.submit(quarantine.replay, app, BINH, held[0])
            with app.store.reading() as other:
                while not other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                    assert not replaying.done()
                    time.sleep(0.01)
            tx.commit()
        assert replaying.result(10).kind is Kind.IGNORED
    assert status.current(app.store).tickets == 1


def test_two_people_at_once_release_it_once(app: App, held: tuple[int, RawDelivery]) -> None:
    gate = threading.Barrier(2)

    def release() -> bool:
        gate.wait(10)
        try:
            quarantine.replay(app, BINH, held[0])
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(release) for _ in range(2)]
        assert sorted(one.result() for one in done) == [False, True]
    assert status.current(app.store).tickets == 1


def test_a_released_bounce_marks_the_message_it_returns(
    app: App, settings: Settings, held: tuple[int, RawDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = routed(app, settings)
    reply = answer.submit(app, LAN, code, ticket(app, code).version, "Đã dọn.")
    hints = {"outbound_id": f"{code}.{reply}", "permanent": "1"}
    bounce = Ignored("web", "portal", "bounce-1", "bounce", hints)
    monkeypatch.setattr(app.adapters["web"], "parse", lambda delivery: bounce)
    assert quarantine.replay(app, BINH, held[0]).kind is Kind.IGNORED
    assert ticket(app, code).delivery_problem
    with app.store.reading() as session:
        assert session.get_one(Message, reply).delivery == "failed"
    assert intake.receive(app, held[1]).kind is Kind.DUPLICATE


def test_still_unreadable_it_stays(app: App, settings: Settings) -> None:
    intake.receive(app, replace(form_delivery(settings, "Rác"), headers={}))
    (row,) = quarantine.waiting(app, BINH)
    with pytest.raises(InvalidInput):
        quarantine.replay(app, BINH, row.id)
    assert status.current(app.store).quarantined == 1


def test_an_officer_has_no_business_there(app: App, held: tuple[int, RawDelivery]) -> None:
    with pytest.raises(NotAllowed):
        quarantine.replay(app, LAN, held[0])
