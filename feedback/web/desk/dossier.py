"""Everything the ticket page shows, put together from what the use case returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedback.domain import workflow
from feedback.domain.contacts import mask_email, mask_phone
from feedback.domain.deadlines import due_by
from feedback.domain.kinds import Kind
from feedback.domain.permissions import Action, Actor, allowed
from feedback.domain.reasons import reasons_for
from feedback.domain.terms import Rule
from feedback.services import deadlines
from feedback.services.answer import MAX_LENGTH
from feedback.services.app import App
from feedback.services.change import facts
from feedback.services.deadlines import Basis
from feedback.services.read import Opened
from feedback.store.queries import lists
from feedback.store.queries.lists import FieldChoice, WardChoice
from feedback.store.tables import Attachment, AuditEvent, Message, Ticket
from feedback.web.desk import respite, words
from feedback.web.desk.badges import Badge
from feedback.web.desk.highlight import Segment, Span, segments, spans_of
from feedback.web.desk.respite import Respite
from feedback.web.language import gettext

WRAPPING = 420
"""Characters that greeting, code and closing words add to an answer."""
READS = frozenset({"ticket_read", "contact_read"})
OPENINGS = READS | {"read_refused", "letter_read"}
RESENDABLE = frozenset({"failed", "unknown"})
TELEPHONABLE = frozenset({"failed", "unknown", "callback"})


@dataclass(frozen=True, slots=True)
class Said:
    """One message with its evidence marked."""

    message: Message
    subject: Sequence[Segment]
    text: Sequence[Segment]
    attachments: Sequence[Attachment]
    whys: Sequence[str]

    @property
    def can_resend(self) -> bool:
        return self.message.delivery in RESENDABLE

    @property
    def can_telephone(self) -> bool:
        return self.message.delivery in TELEPHONABLE


@dataclass(frozen=True, slots=True)
class Candidate:
    """`percent` is the calibrated probability."""

    id: str
    title: str
    percent: int


@dataclass(frozen=True, slots=True)
class Contacts:
    """Masked unless `visible`."""

    visible: bool
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline with the rule behind it."""

    title: str
    due: datetime | None
    rule: Rule
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class Statutory:
    """A term of the law that another office answers for, and when it would end counted from receipt."""

    title: str
    due: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """The page of one ticket as one person sees it."""

    ticket: Ticket
    said: Sequence[Said]
    contacts: Contacts
    wards: Sequence[WardChoice]
    fields: Sequence[FieldChoice]
    ward_candidates: Sequence[Candidate]
    field_candidates: Sequence[Candidate]
    model: str | None
    terms: Sequence[Term]
    statutory: Sequence[Statutory]
    respite: Respite
    trail: Sequence[AuditEvent]
    can: frozenset[str]
    limit: int
    by_phone: bool

    @property
    def ward_name(self) -> str:
        return next((w.name for w in self.wards if w.code == self.ticket.ward_code), "")

    @property
    def ward_names(self) -> dict[str, str]:
        return {ward.code: ward.name for ward in self.wards}

    @property
    def openings(self) -> list[AuditEvent]:
        """Who opened a denunciation, and who asked for its code in vain: the newest first."""
        if not self.ticket.restricted or self.ticket.kind != Kind.DENUNCIATION:
            return []
        return [item for item in reversed(self.trail) if item.action in OPENINGS]

    @property
    def last_message(self) -> int:
        return self.said[-1].message.id if self.said else 0

    @property
    def last_event(self) -> int:
        return self.trail[-1].seq if self.trail else 0

    def since(self, message: int, event: int) -> tuple[list[Said], list[AuditEvent]]:
        """What was said and done after a page was shown, readings left out."""
        said = [item for item in self.said if item.message.id > message]
        done = [item for item in self.trail if item.seq > event and item.action not in READS]
        return said, done


def assemble(app: App, actor: Actor, opened: Opened, now: datetime, today: date) -> Dossier:
    """The dossier of an opened ticket."""
    with app.store.reading() as session:
        wards, fields = lists.wards(session), lists.fields(session, today)
        basis = deadlines.basis_of(app, session, opened.ticket)
        leeway = respite.assemble(session, actor, opened.ticket, basis, now)
    result = opened.prediction.result if opened.prediction else {}
    ticket = opened.ticket
    return Dossier(
        ticket=ticket,
        said=[_said(message, opened.attachments, result) for message in opened.messages],
        contacts=_contacts(opened),
        wards=wards,
        fields=fields,
        ward_candidates=_wards(result),
        field_candidates=_fields(result),
        model=opened.prediction.model if opened.prediction else None,
        terms=_terms(basis, ticket, now),
        statutory=_statutory(basis, ticket),
        respite=leeway,
        trail=opened.trail,
        can=_can(actor, ticket) - (respite.GUARDED - respite.offered(leeway)),
        limit=_limit(app, ticket),
        by_phone=_by_phone(app, ticket),
    )


def reasons(action: str) -> Sequence[Any]:
    """The list to choose from, for a template."""
    return reasons_for(Action(action))


def _said(message: Message, attachments: Sequence[Attachment], result: Mapping[str, Any]) -> Said:
    spans = spans_of(result, message.id, len(message.text)) if message.direction == "in" else ()
    return Said(
        message=message,
        subject=segments(message.subject or "", _of(spans, in_subject=True)),
        text=segments(message.text, _of(spans, in_subject=False)),
        attachments=[item for item in attachments if item.message_id == message.id],
        whys=tuple(dict.fromkeys(span.why for span in spans)),
    )


def _of(spans: Sequence[Span], *, in_subject: bool) -> list[Span]:
    return [span for span in spans if span.in_subject is in_subject]


def _contacts(opened: Opened) -> Contacts:
    contact, visible = opened.ticket.contact, opened.contact_visible
    name, phone, email = contact.name or "", contact.phone or "", contact.email or ""
    if visible:
        return Contacts(True, name, phone, email)
    return Contacts(
        False,
        "•••" if name else "",
        mask_phone(phone) if phone else "",
        mask_email(email) if email else "",
    )


def _wards(result: Mapping[str, Any]) -> list[Candidate]:
    rows = result.get("ward_candidates", ())
    return [Candidate(row["code"], row["name"], _percent(row["score"])) for row in rows[:5]]


def _fields(result: Mapping[str, Any]) -> list[Candidate]:
    rows = result.get("field_candidates", ())
    return [Candidate(row["id"], words.field_title(row["id"]), _percent(row["score"])) for row in rows[:4]]


def _percent(score: float) -> int:
    return round(100 * score)


def _terms(basis: Basis, ticket: Ticket, now: datetime) -> list[Term]:
    waits = ticket.state in ("new", "review", "open")
    matter = deadlines.matter_of(ticket)
    taken = ticket.accepted_at
    taken_on_time = taken <= ticket.receive_due_at if taken and ticket.receive_due_at else None
    return [
        Term(
            gettext("Hạn tiếp nhận"),
            ticket.receive_due_at,
            basis.terms.receive_rule(matter),
            words.due_badge(ticket.receive_due_at, taken_on_time, now, basis.clock, waits=taken is None),
        ),
        Term(
            gettext("Hạn trả lời"),
            ticket.answer_due_at,
            basis.terms.answer_rule(matter),
            words.due_badge(
                ticket.answer_due_at,
                ticket.answered_on_time,
                words.counting_from(ticket.paused_until, now),
                basis.clock,
                waits=waits,
            ),
        ),
    ]


def _statutory(basis: Basis, ticket: Ticket) -> list[Statutory]:
    return [
        Statutory(legal.title, due_by(legal.term, ticket.received_at, basis.clock), legal.source)
        for legal in basis.terms.legal_terms(Kind(ticket.kind))
    ]


def _can(actor: Actor, ticket: Ticket) -> frozenset[str]:
    """What the page offers: permitted to the actor, and possible in this state.

    A restricted ticket is not routed to a ward: it is worked on, handed over or reclassified.
    """
    possible = workflow.actions_in(workflow.State(ticket.state)) | {Action.RESEND}
    if ticket.restricted:
        possible -= {Action.ROUTE, Action.TRANSFER}
    return frozenset(action.value for action in possible if allowed(actor, action, facts(ticket)))


def _by_phone(app: App, ticket: Ticket) -> bool:
    """Whether a person tells the answer, because the channel takes no text or is off."""
    adapter = app.adapters.get(ticket.channel)
    return adapter is None or not adapter.info.can_reply


def _limit(app: App, ticket: Ticket) -> int:
    if _by_phone(app, ticket):
        return MAX_LENGTH
    return min(MAX_LENGTH, app.adapters[ticket.channel].info.max_length - WRAPPING)
