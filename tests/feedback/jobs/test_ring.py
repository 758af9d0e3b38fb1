"""The one RQ job: whatever goes wrong, RQ gets to see nothing of it."""

from __future__ import annotations

import io
import logging

import pytest

from feedback import logs
from feedback.jobs import run
from feedback.jobs.work import Work


class Tripping:
    def answer_ring(self, task: str) -> None:
        raise ValueError("Failing row contains (Nguyễn Văn Thử, 0900000001)")


def test_a_ring_that_fails_logs_where_and_not_what(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    monkeypatch.setattr(run, "_work", Tripping())
    run.log.addHandler(handler)
    try:
        run.ring("triage")
    finally:
        run.log.removeHandler(handler)
    line = written.getvalue()
    assert "ValueError" in line
    assert "Nguyễn" not in line


def test_a_ring_in_a_process_that_is_no_worker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_work", None)
    with pytest.raises(RuntimeError, match="feedback worker"):
        run.ring("triage")


def test_configuring_makes_the_process_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_work", None)
    rung: list[str] = []

    class Listening(Work):
        def __init__(self) -> None:
            """Needs nothing."""

        def answer_ring(self, task: str) -> None:
            rung.append(task)

    run.configure(Listening())
    run.ring("deliver")
    assert rung == ["deliver"]
