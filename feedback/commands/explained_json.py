"""An explanation as one JSON object: every interval, nothing folded. Instants are ISO 8601 with the offset of Hanoi."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback.clock import in_hanoi
from feedback.domain.counting import Step
from feedback.domain.explanation import Deadline, RoundTold
from feedback.domain.timeline import Interval
from feedback.services.explain import Explanation


def document(found: Explanation) -> dict[str, Any]:
    """`reported_seconds` is the stored figure; the `counted_seconds` of the first round are the same, or it disagrees."""
    return {
        "code": found.ticket.code,
        "as_of": _at(found.now),
        "received_at": _at(found.history.received_at),
        "versions_known": not found.old,
        "reported_seconds": found.reported,
        "rounds": [_round(told) for told in found.rounds],
        "disagreements": [
            {"column": name, "stored": stored, "recomputed": again}
            for name, (stored, again) in found.disagreements.items()
        ],
    }


def _round(told: RoundTold) -> dict[str, Any]:
    line = told.timeline
    return {
        "number": told.number,
        "from": _at(told.start),
        "to": _at(told.until),
        "answered": told.answered,
        "terms_version": told.basis.terms.version,
        "calendar_version": told.basis.calendar_version,
        "day_and_night": told.basis.day_and_night,
        "counted_seconds": line.counted,
        "paused_seconds": line.paused,
        "off_seconds": line.off,
        "intervals": [_interval(part) for part in line.intervals],
        "held": [
            {"queue": queue, "ward_code": ward, "counted_seconds": seconds}
            for (queue, ward), seconds in line.held().items()
        ],
        "deadlines": [_deadline(deadline) for deadline in told.deadlines],
    }


def _interval(part: Interval) -> dict[str, Any]:
    return {
        "from": _at(part.start),
        "to": _at(part.end),
        "seconds": part.seconds,
        "how": part.how,
        "why": part.why,
        "title": part.title,
        "paused_for": part.pause,
        "waits_for": part.waits_for,
        "queue": part.holder.queue,
        "ward_code": part.holder.ward_code,
        "account": part.holder.assigned_to,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "part": deadline.part,
        "term": str(deadline.rule.term),
        "assumed": deadline.rule.assumed,
        "source": deadline.rule.source,
        "due_at": _at(deadline.due),
        "done_at": _at(deadline.done_at) if deadline.done_at else None,
        "on_time": deadline.on_time,
        "steps": [_step(step) for step in deadline.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "cause": step.cause,
        "from": _at(step.start),
        "to": _at(step.end) if step.end else None,
        "term": str(step.term),
        "reason": step.reason,
        "days": [day.isoformat() for day in step.days],
        "stretches": [[_at(first), _at(last)] for first, last in step.stretches],
        "moved_seconds": int(step.moved.total_seconds()),
        "due_at": _at(step.due),
    }


def _at(moment: datetime) -> str:
    return in_hanoi(moment).isoformat()
