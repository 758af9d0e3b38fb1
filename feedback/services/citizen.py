"""What a citizen may do who has proven code and contact: look, rate, reopen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain import codes, contacts
from feedback.domain.errors import IllegalChange, InvalidInput, NotFound
from feedback.domain.events import AuditAction, Task
from feedback.domain.permissions import Action, Actor
from feedback.domain.workflow import State, actions_in
from feedback.services import deadlines, extending, pausing, unsealing
from feedback.services import letter as letters
from feedback.services.answer import checked
from feedback.services.app import App
from feedback.services.change import changing
from feedback.services.placing import open_state
from feedback.store import Session, pauses, sealed, tickets
from feedback.store.tables import Message, Ticket

_DUMMY = "0900000000"
_ADDRESSES = 3
PORTAL = "web"


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance as the citizen may see it; never an officer's name. `attachments`: how many came with it."""

    ours: bool
    purpose: str
    text: str
    at: datetime
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Standstill:
    """The clock stands still. `question`: what we asked, where we wait for the citizen."""

    reason: str
    until: datetime
    question: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What the citizen sees of the own ticket.

    A `neutral` one (restricted) tells neither kind nor place nor content: the telephone may be in other hands.
    """

    code: str
    state: State
    neutral: bool
    channel: str
    received_at: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    answer_due_at: datetime | None
    ward: str | None
    rating: int | None
    reopened: int
    lines: Sequence[Line]
    may: frozenset[Action]
    letter: bool = False
    """Whether a hand-over letter can be read."""
    standstill: Standstill | None = None
    extended_because: str | None = None


def prove(app: App, code: str, contact: str) -> str:
    """The code as written, for whoever also knows the phone or email of the ticket. Raises NotFound, whatever is wrong."""
    with app.store.reading() as session:
        ticket = tickets.by_code(session, codes.normalise(code) or "")
        known = (
            (None,) * _ADDRESSES
            if ticket is None
            else (ticket.contact.phone, ticket.contact.email, ticket.contact.address)
        )
        ticket_id = ticket.id if ticket else 0
        hashes = sealed.proofs(session, ticket_id)
    # The same work for a code that does not exist, or that lies under seal, so that time tells nothing.
    proven = [contacts.matches(value or _DUMMY, contact) and value is not None for value in known]
    proven.append(app.tracer.proof(ticket_id, contact) in hashes)
    if ticket is None or not any(proven):
        raise NotFound
    return ticket.code


def see(app: App, code: str) -> Followed:
    """The ticket as its citizen may see it; the caller has proven code and contact. Raises NotFound."""
    now = app.store.now()
    with app.store.reading() as session:
        ticket = tickets.by_code(session, code)
        if ticket is None:
            raise NotFound
        lines = _lines(app, session, ticket)
        ward = tickets.ward_name(session, ticket)
        has_letter = letters.kept(ticket, tickets.messages(session, ticket.id)) is not None
        moved = (_standstill(session, ticket, now), _extended(session, ticket))
    return (
        _neutral(ticket, lines, letter=has_letter)
        if ticket.restricted
        else _whole(ticket, ward, lines, *moved)
    )


def _lines(app: App, session: Session, ticket: Ticket) -> list[Line]:
    """What was said. Of a ticket under seal only our own words are opened, and only for the portal's own page."""
    if ticket.sealed_at is not None and ticket.channel != PORTAL:
        return []
    told = unsealing.opened(app, session, ticket)
    counts = tickets.attachment_counts(session, ticket.id)
    return [
        Line(
            row.direction == "out",
            row.purpose,
            told.text(row.id) if told else row.text,
            row.created_at,
            counts.get(row.id, 0),
        )
        for row in tickets.messages(session, ticket.id)
        if row.direction != "note"
        and (told is None or row.direction == "out")
        and letters.KEPT not in row.hints  # it has a page of its own
    ]


def follow(app: App, code: str, contact: str) -> Followed:
    """Prove, then see. Raises NotFound."""
    return see(app, prove(app, code, contact))


def rate(app: App, code: str, stars: int) -> None:
    """1 to 5, by a proven citizen. Raises InvalidInput, NotFound, IllegalChange."""
    if not 1 <= stars <= 5:
        raise InvalidInput("Hãy chọn từ 1 đến 5 sao.", field="stars")
    with changing(app, Actor.citizen(), Action.RATE, code) as change:
        before = change.ticket.rating
        change.ticket.rating, change.ticket.rated_at = stars, change.tx.now
        change.audit(AuditAction.RATED, before={"rating": before}, after={"rating": stars})


def reopen(app: App, code: str, text: str) -> None:
    """A proven citizen says it is not settled; the ticket goes back to whoever had it, with the words.

    Once: whoever has not settled it twice does not get it a third time, the Centre does (see `appeal`). Raises
    InvalidInput, NotFound, IllegalChange.
    """
    words = checked(text)
    with changing(app, Actor.citizen(), Action.REOPEN, code) as change:
        ticket = change.ticket
        if ticket.reopened:
            raise IllegalChange("Hồ sơ đã được xem lại một lần. Xin đề nghị Trung tâm xem xét.")
        ticket.reopened += 1
        ticket.reopened_at = change.tx.now
        ticket.closed_at = None
        ticket.last_citizen_at = change.tx.now
        ticket.state = open_state(ticket)
        message = Message(
            ticket_id=ticket.id, direction="in", purpose="reopen", text=words, created_at=change.tx.now
        )
        change.tx.session.add(message)
        change.tx.session.flush()
        change.tx.enqueue(
            Task.TRIAGE, ticket_id=ticket.id, message_id=message.id, dedup_key=f"triage:{message.id}"
        )
        deadlines.judge(app, change.tx, ticket)
        change.audit(AuditAction.REOPENED, after={"message": message.id})


_OFFERED = frozenset({Action.RATE, Action.REOPEN, Action.APPEAL, Action.JOIN})


def _standstill(session: Session, ticket: Ticket, now: datetime) -> Standstill | None:
    row = pauses.running(session, ticket)
    if row is None or row.until <= now:
        return None
    asked = row.reason == pausing.WAITING_CITIZEN and row.message_id is not None
    question = session.get_one(Message, row.message_id).text if asked else None
    return Standstill(row.reason, row.until, question)


def _extended(session: Session, ticket: Ticket) -> str | None:
    """Why the deadline was last put off, in words for the citizen."""
    granted = [row for row in pauses.extensions(session, ticket) if row.decision == extending.APPROVED]
    return extending.why(session, granted[-1]) if granted else None


def _whole(
    ticket: Ticket,
    ward: str | None,
    lines: Sequence[Line],
    standstill: Standstill | None,
    extended_because: str | None,
) -> Followed:
    state = State(ticket.state)
    return Followed(
        code=ticket.code,
        state=state,
        neutral=False,
        channel=ticket.channel,
        received_at=ticket.received_at,
        accepted_at=ticket.accepted_at,
        answered_at=ticket.answered_at or ticket.first_answer_at,
        answer_due_at=ticket.answer_due_at,
        ward=ward,
        rating=ticket.rating,
        reopened=ticket.reopened,
        lines=lines,
        may=actions_in(state) & _OFFERED - ({Action.REOPEN} if ticket.reopened else set()),
        standstill=standstill,
        extended_because=extended_because,
    )


def _neutral(ticket: Ticket, lines: Sequence[Line], *, letter: bool) -> Followed:
    """Our own words are shown only where the portal is the one way they reach the citizen.

    Except for the letter of a complaint that was handed over: it says how to file, and may not have fitted the channel.
    """
    return Followed(
        code=ticket.code,
        state=State.OPEN,
        neutral=True,
        channel=ticket.channel,
        received_at=ticket.received_at,
        accepted_at=None,
        answered_at=None,
        answer_due_at=None,
        ward=None,
        rating=None,
        reopened=0,
        lines=[line for line in lines if line.ours] if ticket.channel == PORTAL else [],
        may=actions_in(State(ticket.state)) & {Action.JOIN},
        letter=letter,
    )
