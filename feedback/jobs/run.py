"""The RQ side: the one job there is."""

from __future__ import annotations

import logging

from feedback.jobs.work import Work

log = logging.getLogger(__name__)

_work: Work | None = None


def configure(work: Work) -> None:
    """Give this process its work. RQ finds jobs by name, so the work cannot be passed as an argument."""
    global _work
    _work = work


def ring(task: str) -> None:
    """The bell rang for `task`."""
    if _work is None:
        raise RuntimeError(
            "a ring reached a process that is no feedback worker: start it with `feedback worker`"
        )
    try:
        _work.answer_ring(task)
    except Exception:
        # RQ would log the whole traceback, and a database quotes rows in its errors. The outbox keeps the work.
        log.exception("a ring was not answered", extra={"task": task})
