"""The whole life of a ticket as one table."""

from __future__ import annotations

from enum import StrEnum

from feedback.domain.errors import IllegalChange
from feedback.domain.permissions import Action


class State(StrEnum):
    NEW = "new"
    """Received, not yet read by the classifier."""
    REVIEW = "review"
    """Waits for a person's decision: a dispatcher's, or that of the desk for complaints or denunciations."""
    OPEN = "open"
    """With the ward or the Centre."""
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    HANDED_OVER = "handed_over"
    """Given to its legal road (complaint, denunciation) by a person."""


TABLE: dict[State, dict[Action, State]] = {
    State.NEW: {
        Action.TRIAGE: State.REVIEW,
        Action.ROUTE: State.OPEN,
        Action.RECLASSIFY: State.REVIEW,
        Action.COMMENT: State.NEW,
        Action.JOIN: State.NEW,
    },
    State.REVIEW: {
        Action.TRIAGE: State.REVIEW,
        Action.ROUTE: State.OPEN,
        Action.ASSIGN: State.REVIEW,
        Action.RECLASSIFY: State.REVIEW,
        Action.ANSWER: State.ANSWERED,
        Action.CLOSE: State.CLOSED,
        Action.REJECT: State.REJECTED,
        Action.HAND_OVER: State.HANDED_OVER,
        Action.COMMENT: State.REVIEW,
        Action.JOIN: State.REVIEW,
        Action.PAUSE: State.REVIEW,
        Action.RESUME: State.REVIEW,
        Action.ASK_EXTENSION: State.REVIEW,
        Action.DECIDE_EXTENSION: State.REVIEW,
    },
    State.OPEN: {
        Action.ASSIGN: State.OPEN,
        Action.TRANSFER: State.OPEN,
        Action.SEND_BACK: State.REVIEW,
        Action.RECLASSIFY: State.OPEN,
        Action.ANSWER: State.ANSWERED,
        Action.CLOSE: State.CLOSED,
        Action.REJECT: State.REJECTED,
        Action.HAND_OVER: State.HANDED_OVER,
        Action.COMMENT: State.OPEN,
        Action.JOIN: State.OPEN,
        Action.PAUSE: State.OPEN,
        Action.RESUME: State.OPEN,
        Action.ASK_EXTENSION: State.OPEN,
        Action.DECIDE_EXTENSION: State.OPEN,
    },
    State.ANSWERED: {
        Action.ANSWER: State.ANSWERED,
        Action.RATE: State.ANSWERED,
        Action.REOPEN: State.OPEN,
        Action.APPEAL: State.REVIEW,
        Action.RECLASSIFY: State.ANSWERED,
        Action.CLOSE: State.CLOSED,
        Action.COMMENT: State.ANSWERED,
        Action.JOIN: State.ANSWERED,
    },
    State.CLOSED: {
        Action.RATE: State.CLOSED,
        Action.REOPEN: State.OPEN,
        Action.APPEAL: State.REVIEW,
        Action.COMMENT: State.CLOSED,
    },
    State.REJECTED: {
        Action.RATE: State.REJECTED,
        Action.REOPEN: State.OPEN,
        Action.APPEAL: State.REVIEW,
        Action.COMMENT: State.REJECTED,
    },
    State.HANDED_OVER: {
        Action.RECLASSIFY: State.REVIEW,
        Action.COMMENT: State.HANDED_OVER,
    },
}
"""Allowed changes. What is not in the table does not happen."""

WAITING = frozenset({State.NEW, State.REVIEW, State.OPEN})
"""States in which somebody still owes the citizen something: the clock runs."""


def check(state: State, action: Action) -> State:
    """The state after `action`. Raises IllegalChange where the table has no such change."""
    try:
        return TABLE[state][action]
    except KeyError:
        raise IllegalChange from None


def actions_in(state: State) -> frozenset[Action]:
    """Every action the table allows in `state`."""
    return frozenset(TABLE[state])
