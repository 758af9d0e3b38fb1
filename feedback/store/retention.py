"""Which rows a rule of retention has come due for: never what runs, is held, or waits to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session

from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind
from feedback.domain.retention import Outcome, Subject
from feedback.store.erasing import busy, held
from feedback.store.tables import Attachment, AuditEvent, Message, RawEvent, Ticket

ENDED = ("answered", "closed", "rejected", "handed_over")
LOG_INS = (AuditAction.LOGGED_IN, AuditAction.LOGGED_OUT, AuditAction.LOGIN_FAILED)


@dataclass(frozen=True, slots=True)
class Due:
    """What has come due: everything of `subject` that ended at `cutoff` or before. `kind`, `outcomes`: for tickets."""

    subject: Subject
    cutoff: datetime
    kind: Kind | None = None
    outcomes: Collection[Outcome] = ()


def count(session: Session, due: Due) -> int:
    """How many rows the rule concerns now."""
    return session.scalar(select(func.count()).select_from(_query(due).subquery())) or 0


def ids(session: Session, due: Due, after: int, limit: int) -> Sequence[int]:
    """The next rows by id, beginning behind `after`."""
    query = _query(due)
    column = query.selected_columns[0]
    return session.scalars(query.where(column > after).order_by(column).limit(limit)).all()


def still(session: Session, due: Due, row_id: int) -> bool:
    """Whether the rule still concerns this row, asked again once its locks are held."""
    query = _query(due)
    return session.scalar(query.where(query.selected_columns[0] == row_id)) is not None


def _query(due: Due) -> Select[Any]:
    match due.subject:
        case Subject.TICKET:
            outcomes = [outcome.value for outcome in due.outcomes]
            return select(Ticket.id).where(
                Ticket.kind == due.kind, Ticket.erased_at.is_(None), _outcome().in_(outcomes), *_over(due)
            )
        case Subject.UPLOAD:
            mine = exists().where(
                Message.ticket_id == Ticket.id,
                Attachment.message_id == Message.id,
                Attachment.blob_id.is_not(None),
            )
            return select(Ticket.id).where(mine, *_over(due))
        case Subject.RAW_BODY:
            # The deliveries of a denunciation lie under seal, and go with it.
            over = exists().where(
                Message.raw_event_id == RawEvent.id,
                Ticket.id == Message.ticket_id,
                Ticket.sealed_at.is_(None),
                *_over(due),
            )
            return select(RawEvent.id).where(
                RawEvent.emptied_at.is_(None),
                RawEvent.received_at <= due.cutoff,
                RawEvent.outcome.in_(("ticket", "joined")),
                over,
            )
        case Subject.LOGIN:
            return select(AuditEvent.id).where(AuditEvent.at <= due.cutoff, AuditEvent.action.in_(LOG_INS))
        case Subject.QUARANTINED | Subject.IGNORED:
            return select(RawEvent.id).where(
                RawEvent.emptied_at.is_(None),
                RawEvent.received_at <= due.cutoff,
                RawEvent.outcome == due.subject,
            )


def _over(due: Due) -> tuple[ColumnElement[bool], ...]:
    """The ticket's matter ended in time, and nothing keeps it. What was received later cannot have ended earlier."""
    return (
        Ticket.state.in_(ENDED),
        Ticket.received_at <= due.cutoff,
        _ended_at() <= due.cutoff,
        ~held(),
        ~busy(),
    )


def _ended_at() -> ColumnElement[datetime]:
    """The last time anything happened in the matter."""
    return func.greatest(
        Ticket.closed_at,
        Ticket.answered_at,
        Ticket.first_answer_at,
        Ticket.rated_at,
        Ticket.last_citizen_at,
        Ticket.received_at,
    )


def _outcome() -> ColumnElement[str]:
    """How a ticket ended: its state, and the reason of its closing."""
    return case(
        (Ticket.state == "rejected", Outcome.REJECTED.value),
        (Ticket.state == "handed_over", Outcome.HANDED_OVER.value),
        (Ticket.outcome_reason == "spam", Outcome.SPAM.value),
        else_=Outcome.SETTLED.value,
    )
