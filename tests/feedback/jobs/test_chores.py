"""The chores of the clock process: each on its own, none ended by a fault."""

from __future__ import annotations

import threading

import pytest

from feedback.jobs import chores
from feedback.jobs.chores import Chore
from feedback.services.app import App


def test_every_chore_has_a_name_of_its_own_and_a_pace() -> None:
    names = [chore.name for chore in chores.CHORES]
    assert len(names) == len(set(names))
    assert all(chore.seconds > 0 for chore in chores.CHORES)


def test_a_fault_is_survived_and_the_chore_comes_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, ran = threading.Event(), []

    def trip(_app: App) -> None:
        ran.append(1)
        if len(ran) == 3:
            stop.set()
        raise RuntimeError("no words of citizens here")

    monkeypatch.setattr(chores, "CHORES", (Chore("trip", 0.01, trip),))
    (thread,) = chores.threads(app, stop)
    thread.start()
    thread.join(timeout=30)
    assert len(ran) == 3
    assert not thread.is_alive()


def test_one_chore_does_not_wait_for_another(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, free, met = threading.Event(), threading.Event(), threading.Event()

    def hold(_app: App) -> None:
        met.set() if free.wait(20) else None

    def release(_app: App) -> None:
        free.set()
        stop.set()

    monkeypatch.setattr(chores, "CHORES", (Chore("hold", 0.01, hold), Chore("release", 0.05, release)))
    running = chores.threads(app, stop)
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=30)
    assert met.is_set()
