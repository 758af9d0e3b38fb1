"""The RQ side: the one job there is."""

from __future__ import annotations

from feedback.jobs.work import Work

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
    _work.answer_ring(task)
