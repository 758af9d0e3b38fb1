"""Erasing while others work on the same person, and what is reckoned from a ticket that has been erased."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from classifier.pii import mask
from feedback.domain import retention
from feedback.domain.retention import Request
from feedback.services import answer, erase, intake, recompute, retain, rights
from feedback.services.app import App
from feedback.services.erase import Cause
from feedback.services.rights import Decision
from feedback.settings import Settings
from feedback.store import erasing, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import LegalHold
from tests.feedback.matters import form_delivery, routed, send, ticket
from tests.feedback.people import DUNG, HOA
from tests.feedback.services.keeping import NAME, PHONE, SYSTEM, old

PLAN = retention.shipped()


def in_background(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def test_a_hold_that_is_being_set_is_waited_for_and_obeyed(app: App, settings: Settings) -> None:
    code = old(app, settings)
    held = ticket(app, code)
    with app.store.transaction(SYSTEM) as tx:
        erasing.locked_contact(tx.session, held.contact_id)
        tx.session.add(
            LegalHold(ticket_id=held.id, reason="court", authority="TAND", set_by="test", set_at=tx.now)
        )
        tx.audit(ticket_chain(held.id), "held")
        tx.session.flush()
        thread, _ = in_background(lambda: retain.run(app, PLAN, mask))
        thread.join(timeout=1)  # the run sees the ticket as due, and waits for its contact
        tx.commit()
    thread.join(timeout=60)
    assert ticket(app, code).erased_at is None


def test_a_message_that_arrives_during_an_erasure_belongs_to_a_new_contact(
    app: App, settings: Settings
) -> None:
    code = old(app, settings)
    gone = ticket(app, code)
    with app.store.transaction(SYSTEM) as tx:
        contact = erasing.locked_contact(tx.session, gone.contact_id)
        row = tickets.locked(tx.session, code)
        assert contact is not None
        assert row is not None
        cause = Cause(PLAN.version, "ticket.report")
        erase.ticket(tx, row, contact, cause, mask)
        erase.contact(tx, contact, cause)
        thread, results = in_background(
            lambda: intake.receive(app, form_delivery(settings, "Đèn đường hỏng", name=NAME, phone=PHONE))
        )
        thread.join(timeout=1)
        tx.commit()
    thread.join(timeout=60)
    fresh = ticket(app, results[0].code)
    assert fresh.contact_id != gone.contact_id
    assert fresh.contact.phone == PHONE
    assert ticket(app, code).contact.phone is None


@pytest.mark.parametrize("kind", [Request.DELETE, Request.WITHDRAW])
def test_every_figure_can_still_be_made_again_from_the_trail(
    app: App, settings: Settings, kind: Request
) -> None:
    code = routed(app, settings, name=NAME, phone=PHONE)
    answer.submit(app, DUNG, code, ticket(app, code).version, "Đã dọn xong.")
    send(app)
    rights.settle(app, HOA, rights.ask(app, code, kind).id, Decision(grant=True))
    assert ticket(app, code).erased_at is not None
    outcome = recompute.run(app, SYSTEM, recompute.scope_of(*recompute.EVER))
    assert outcome.tickets == 1
    assert outcome.holds
