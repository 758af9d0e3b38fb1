"""Everything held on a person, for that person: readable on the page, and as one JSON object to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from feedback.domain.contacts import mask_email, mask_phone
from feedback.domain.errors import NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.retention import Request, shipped
from feedback.services import carry_out, rights
from feedback.services.app import App
from feedback.store import Transaction, tickets
from feedback.store import rights as rows
from feedback.store.audit.chains import plain
from feedback.store.tables import Contact, RightsRequest, Ticket

HAND_OVER = timedelta(days=15)
"""How long an officer may fetch what a person asked for at the counter."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of who wrote. `masked`: the portal does not prove whose telephone number it is."""

    channel: str
    name: str | None
    phone: str | None
    email: str | None
    address: str | None
    known_since: datetime
    masked: bool


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    by: str
    text: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """One ticket. A restricted one tells only that it is there: the telephone may be in other hands."""

    code: str
    received_at: datetime
    restricted: bool
    state: str | None = None
    kind: str | None = None
    field: str | None = None
    ward: str | None = None
    address: str | None = None
    position: tuple[float, float] | None = None
    answer_due_at: datetime | None = None
    answered_at: datetime | None = None
    rating: int | None = None
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    ref: str
    kind: str
    asked_at: datetime
    state: str
    answer_due_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MyData:
    """`kept`: how long, by kind, with the basis of each rule."""

    at: datetime
    person: Person
    matters: tuple[Matter, ...]
    requests: tuple[Asked, ...]
    kept: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object: instants in UTC, ISO 8601."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


def see(app: App, code: str) -> MyData:
    """What is held with the proven ticket. The caller has proven code and contact. Raises NotFound."""
    with app.store.transaction(Actor.citizen()) as tx:
        return _of_ticket(tx, code)[0]


def take(app: App, code: str) -> MyData:
    """The same, taken along: a request for access, carried out on the spot and written down. Raises NotFound."""
    with app.store.transaction(Actor.citizen()) as tx:
        found, ticket = _of_ticket(tx, code)
        if carry_out.is_denunciation(ticket):
            return found  # a line in the officer's list would tell that it exists
        request = rights.write(app, tx, ticket.contact_id, ticket.id, Request.ACCESS, "portal")
        request.state, request.reason = "done", "as_asked"
        request.decided_at = request.carried_out_at = tx.now
        tx.audit(carry_out.chain(request.id), AuditAction.RIGHTS_SETTLED, after={"state": "done"})
        tx.commit()
    return found


def hand_over(app: App, actor: Actor, request_id: int) -> MyData:
    """What a person asked for at the counter, for handing over; the reading stands in the trail.

    Raises NotAllowed, NotFound (no such request, not granted, not at the counter, or its time is over).
    """
    require(actor, Action.MANAGE_RIGHTS)
    with app.store.transaction(actor) as tx:
        request = rows.request(tx.session, request_id)
        if request is None or not _may_fetch(request, tx.now):
            raise NotFound
        contact = rows.contact(tx.session, request.contact_id)
        if contact is None or contact.erased_at is not None:
            raise NotFound
        found = _collect(tx, contact, rows.tickets_to_show(tx.session, contact.id), masked=False)
        tx.audit(carry_out.chain(request.id), AuditAction.CONTACT_READ, after={"matters": len(found.matters)})
        tx.commit()
    return found


def _may_fetch(request: RightsRequest, now: datetime) -> bool:
    granted = request.kind == Request.ACCESS and request.state == "done" and request.way == "counter"
    return granted and request.carried_out_at is not None and now - request.carried_out_at < HAND_OVER


def _of_ticket(tx: Transaction, code: str) -> tuple[MyData, Ticket]:
    ticket = tickets.by_code(tx.session, code)
    if ticket is None or ticket.erased_at is not None or ticket.contact.erased_at is not None:
        raise NotFound
    masked = ticket.contact.channel == carry_out.PORTAL
    return _collect(tx, ticket.contact, [ticket], masked=masked), ticket


def _collect(tx: Transaction, contact: Contact, found: Sequence[Ticket], *, masked: bool) -> MyData:
    shown = {ticket.id for ticket in found}
    asked = rows.requests_of(tx.session, contact.id)
    return MyData(
        at=tx.now,
        person=_person(contact, masked=masked),
        matters=tuple(_matter(tx, ticket) for ticket in found),
        requests=tuple(
            Asked(row.ref, row.kind, row.asked_at, row.state, row.answer_due_at, row.due_at)
            for row in asked
            if not masked or row.ticket_id in shown
        ),
        kept=tuple(
            {"what": rule.id, "years": rule.years, "assumed": rule.assumed, "source": rule.source}
            for rule in shipped().rules
        ),
    )


def _person(contact: Contact, *, masked: bool) -> Person:
    name, phone, email, address = contact.name, contact.phone, contact.email, contact.address
    if masked:
        name = f"{name[:1]}•••" if name else None
        phone = mask_phone(phone) if phone else None
        email = mask_email(email) if email else None
        address = None
    return Person(contact.channel, name, phone, email, address, contact.created_at, masked)


def _matter(tx: Transaction, ticket: Ticket) -> Matter:
    if ticket.restricted:
        return Matter(ticket.code, ticket.received_at, restricted=True)
    files = tickets.attachments(tx.session, ticket.id)
    return Matter(
        code=ticket.code,
        received_at=ticket.received_at,
        restricted=False,
        state=ticket.state,
        kind=ticket.kind,
        field=ticket.field_id,
        ward=tickets.ward_name(tx.session, ticket),
        address=ticket.address,
        position=(ticket.lat, ticket.lon) if ticket.lat is not None and ticket.lon is not None else None,
        answer_due_at=ticket.answer_due_at,
        answered_at=ticket.first_answer_at,
        rating=ticket.rating,
        said=tuple(
            Said(
                at=message.created_at,
                by="us" if message.direction == "out" else "you",
                text=f"{message.subject}\n{message.text}" if message.subject else message.text,
                files=tuple(row.name or row.kind for row in files if row.message_id == message.id),
            )
            for message in tickets.messages(tx.session, ticket.id)
            if message.direction != "note"
        ),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, float) else plain({"value": value})["value"]
