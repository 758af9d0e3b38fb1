"""How long a worker goes on when it is told to stop."""

from __future__ import annotations

import pytest
import redis

from feedback.jobs.work import Work
from feedback.services import intake, triage
from feedback.services.app import App
from feedback.settings import Settings
from tests.feedback.matters import Scripted, form_delivery, reading


def test_told_to_stop_it_finishes_the_batch_and_leaves_the_rest(
    app: App, settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        intake.receive(app, form_delivery(settings, f"Phản ánh {number}"))
    work = Work(app, Scripted(reading()), "test", redis.Redis.from_url(redis_url))
    read_one = triage.drain

    def one_then_stop(*arguments: object) -> int:
        work.stop.set()
        return read_one(app, work.reader, work.name, 1)

    monkeypatch.setattr(triage, "BATCH", 1)
    monkeypatch.setattr(triage, "drain", one_then_stop)
    assert work.triage() == 1
    work.stop.clear()
    monkeypatch.setattr(triage, "drain", lambda *_: read_one(app, work.reader, work.name, 1))
    assert work.triage() == 2
