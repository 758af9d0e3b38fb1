"""The words every rule shares: kind of matter, level of urgency, and the desk a ticket stands at."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Legally different roads."""

    REPORT = "report"
    PROPOSAL = "proposal"
    QUESTION = "question"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    THANKS = "thanks"
    SPAM = "spam"


class Level(StrEnum):
    """The three levels of Decision 1207/QĐ-UBND."""

    URGENT = "urgent"
    COMPLEX = "complex"
    NORMAL = "normal"


class Queue(StrEnum):
    """Whose desk a ticket stands at. `RECEPTION` (complaints) and `DENUNCIATION` are restricted."""

    WARD = "ward"
    CENTRE = "centre"
    DISPATCHER = "dispatcher"
    RECEPTION = "reception"
    DENUNCIATION = "denunciation"


RESTRICTED_QUEUES = frozenset({Queue.RECEPTION, Queue.DENUNCIATION})
