"""Claimed once, given back when the claimant dies, never lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from feedback.domain.permissions import Actor
from feedback.services import intake
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import outbox
from tests.feedback.matters import form_delivery

WORKER = Actor.system("test")


@pytest.fixture
def waiting(app: App, settings: Settings) -> int:
    for number in range(20):
        intake.receive(app, form_delivery(settings, f"Phản ánh số {number}"))
    return 20


def claim(app: App, by: str, limit: int = 64, later: timedelta = timedelta()) -> list[int]:
    with app.store.transaction(WORKER) as tx:
        rows = outbox.claim(tx.session, "triage", by=by, now=tx.now + later, limit=limit)
        tx.commit()
        return [row.id for row in rows]


def test_two_workers_never_claim_the_same_row(app: App, waiting: int) -> None:
    claimed: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda by=f"w{n}": claimed.append(claim(app, by, 7))) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [row for rows in claimed for row in rows]
    assert len(flat) == len(set(flat)) == waiting


def test_rows_of_a_dead_worker_come_back_after_their_lease(app: App, waiting: int) -> None:
    assert len(claim(app, "dies")) == waiting
    assert claim(app, "next") == []
    assert len(claim(app, "next", later=outbox.LEASE + timedelta(seconds=1))) == waiting


def test_a_worker_that_lost_its_lease_cannot_settle(app: App, waiting: int) -> None:
    first = claim(app, "slow")[0]
    claim(app, "quick", later=outbox.LEASE + timedelta(seconds=1))
    with app.store.transaction(WORKER) as tx:
        assert outbox.locked(tx.session, first, by="slow") is None
        assert outbox.locked(tx.session, first, by="quick") is not None


def test_the_same_effect_is_enqueued_once(app: App, waiting: int) -> None:
    with app.store.transaction(WORKER) as tx:
        assert tx.enqueue("deliver", ticket_id=1, message_id=1, dedup_key="once")
        assert not tx.enqueue("deliver", ticket_id=1, message_id=1, dedup_key="once")
