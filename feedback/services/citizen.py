"""What a citizen may do who has proven code and contact: look, rate, reopen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain import codes, contacts
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services.answer import checked
from feedback.services.app import App
from feedback.services.change import changing
from feedback.store import tickets
from feedback.store.tables import Message, Ticket

_DUMMY = "0900000000"


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance as the citizen may see it; never an officer's name."""

    ours: bool
    purpose: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """What the citizen sees of the own ticket."""

    code: str
    state: str
    channel: str
    received_at: datetime
    answer_due_at: datetime | None
    ward_code: str | None
    field_id: str | None
    rating: int | None
    reopened: int
    lines: Sequence[Line]


def follow(app: App, code: str, contact: str) -> Followed:
    """The ticket, for whoever knows its code and the phone or email it was sent with. Raises NotFound, whatever is wrong."""
    with app.store.reading() as session:
        ticket = tickets.by_code(session, codes.normalise(code) or "")
        _prove(ticket, contact)
        assert ticket is not None
        lines = [_line(row) for row in tickets.messages(session, ticket.id) if row.direction != "note"]
        # Kind and desk of a restricted ticket stay with us, also on a lost telephone.
        return Followed(
            code=ticket.code,
            state="open" if ticket.restricted and ticket.state == "review" else ticket.state,
            channel=ticket.channel,
            received_at=ticket.received_at,
            answer_due_at=None if ticket.restricted else ticket.answer_due_at,
            ward_code=None if ticket.restricted else ticket.ward_code,
            field_id=None if ticket.restricted else ticket.field_id,
            rating=ticket.rating,
            reopened=ticket.reopened,
            lines=lines,
        )


def rate(app: App, code: str, contact: str, stars: int) -> None:
    """1 to 5. Raises InvalidInput, NotFound, IllegalChange."""
    if not 1 <= stars <= 5:
        raise InvalidInput("Hãy chọn từ 1 đến 5 sao.", field="stars")
    follow(app, code, contact)
    with changing(app, Actor.citizen(), Action.RATE, codes.normalise(code) or "") as change:
        before = change.ticket.rating
        change.ticket.rating, change.ticket.rated_at = stars, change.tx.now
        change.audit(AuditAction.RATED, before={"rating": before}, after={"rating": stars})


def reopen(app: App, code: str, contact: str, text: str) -> None:
    """The citizen says it is not settled; the ticket goes back to whoever had it, with the words."""
    words = checked(text)
    follow(app, code, contact)
    with changing(app, Actor.citizen(), Action.REOPEN, codes.normalise(code) or "") as change:
        ticket = change.ticket
        ticket.reopened += 1
        ticket.closed_at = None
        ticket.last_citizen_at = change.tx.now
        change.tx.session.add(
            Message(
                ticket_id=ticket.id, direction="in", purpose="reopen", text=words, created_at=change.tx.now
            )
        )
        change.audit(AuditAction.REOPENED, after={"reopened": ticket.reopened})


def _prove(ticket: Ticket | None, typed: str) -> None:
    known = [] if ticket is None else [ticket.contact.phone, ticket.contact.email, ticket.contact.address]
    # The same work for a code that does not exist, so that time tells nothing.
    proven = [contacts.matches(value or _DUMMY, typed) for value in (*known, _DUMMY)[:4]]
    if ticket is None or not any(ok and value for ok, value in zip(proven, known, strict=False)):
        raise NotFound


def _line(row: Message) -> Line:
    return Line(ours=row.direction == "out", purpose=row.purpose, text=row.text, at=row.created_at)
