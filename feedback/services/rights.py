"""What a person asks about the own data: written down with its terms, decided by the privacy officer, carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from channels.message import Ignored
from feedback.domain import codes, rights
from feedback.domain.deadlines import due_at
from feedback.domain.errors import IllegalChange, InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.retention import Request, shipped
from feedback.domain.rights import Correction
from feedback.services import carry_out
from feedback.services.app import App
from feedback.store import Transaction, erasing, tickets
from feedback.store import rights as rows
from feedback.store.contacts import address_hash
from feedback.store.tables import Contact, RightsRequest

RIGHTS = Actor.system("rights")
PATIENCE = timedelta(days=3)
"""How long an address is kept for our last word, should its channel be away."""
WITHDRAWN = frozenset({"withdraw"})
"""Reasons of ignored events by which a provider tells that a person has withdrawn consent."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason_id` and `note` go with a refusal; both are told to the person."""

    grant: bool
    reason_id: str = ""
    note: str = ""


def ask(app: App, code: str, kind: Request, new: Correction | None = None) -> RightsRequest:
    """A citizen who has proven code and contact asks. Raises NotFound, InvalidInput (asked already, restricted)."""
    with app.store.transaction(Actor.citizen()) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None:
            raise NotFound
        if ticket.restricted:
            raise InvalidInput("Với hồ sơ này, xin đến quầy tiếp nhận cùng giấy tờ tùy thân.", field="kind")
        request = write(app, tx, ticket.contact_id, ticket.id, kind, "portal", new)
        tx.commit()
    return request


def ask_at_counter(
    app: App, actor: Actor, code: str, kind: Request, new: Correction | None = None
) -> RightsRequest:
    """An officer writes down what a person who came in asks. Raises NotAllowed, NotFound, InvalidInput.

    A denunciation's code is answered like one that does not exist.
    """
    require(actor, Action.MANAGE_RIGHTS)
    with app.store.transaction(actor) as tx:
        ticket = tickets.by_code(tx.session, codes.normalise(code) or "")
        if ticket is None or carry_out.is_denunciation(ticket):
            raise NotFound
        request = write(app, tx, ticket.contact_id, ticket.id, kind, "counter", new)
        tx.commit()
    return request


def ask_by_channel(app: App, tx: Transaction, account: str, event: Ignored) -> None:
    """A provider tells, signed, that a person withdrew consent: carried out at once where nothing keeps the data."""
    user = event.hints.get("user")
    if event.reason not in WITHDRAWN or not user:
        return
    key = address_hash(app.contact_key, event.channel, user)
    contact = rows.contact_by_address(tx.session, event.channel, account, key)
    if contact is None or rows.open_request(tx.session, contact.id, None, Request.WITHDRAW) is not None:
        return
    request = write(app, tx, contact.id, None, Request.WITHDRAW, "channel")
    if carry_out.obstacle(tx, request, contact) is None:
        carry_out.grant(app, tx, request, contact)


def settle(app: App, actor: Actor, request_id: int, decision: Decision) -> RightsRequest:
    """Grant and carry out, or refuse with a reason; the person is told. Everything in one transaction.

    Raises NotAllowed, NotFound, InvalidInput (no reason), IllegalChange (settled already, or something keeps the data).
    """
    require(actor, Action.MANAGE_RIGHTS)
    refusal = None if decision.grant else rights.chosen(rights.REFUSALS, decision.reason_id, decision.note)
    with app.store.transaction(actor) as tx:
        request, contact = _locked(tx, request_id)
        if request.state != "asked":
            raise IllegalChange("Yêu cầu này đã được giải quyết.")
        request.decided_at, request.decided_by, request.decided_by_id = tx.now, actor.name, actor.user_id
        if refusal is None:
            carry_out.grant(app, tx, request, contact)
        else:
            carry_out.refuse(app, tx, request, refusal, decision.note)
        tx.commit()
    return request


def finish(app: App) -> int:
    """Erase the addresses whose last word has been sent or given up; how many."""
    with app.store.reading() as session:
        due = erasing.last_words_over(session, app.store.now() - PATIENCE)
    for request_id in due:
        with app.store.transaction(RIGHTS) as tx:
            request, contact = _locked(tx, request_id)
            if request.state == "granted":
                carry_out.finish(tx, request, contact)
                tx.commit()
    return len(due)


def write(
    app: App,
    tx: Transaction,
    contact_id: int,
    ticket_id: int | None,
    kind: Request,
    way: str,
    new: Correction | None = None,
) -> RightsRequest:
    """Write a request down with its terms; the caller commits. Raises NotFound (erased), InvalidInput (asked already)."""
    contact = erasing.locked_contact(tx.session, contact_id)
    if contact is None or contact.erased_at is not None:
        raise NotFound
    if rows.open_request(tx.session, contact_id, ticket_id, kind) is not None:
        raise InvalidInput("Một yêu cầu cùng loại đang chờ giải quyết.", field="kind")
    if (kind is Request.CORRECT) != (new is not None):
        raise InvalidInput("Hãy ghi ít nhất một thông tin cần sửa.", field="name")
    plan = shipped()
    request = RightsRequest(
        kind=kind,
        way=way,
        contact_id=contact_id,
        ticket_id=ticket_id,
        new_name=new.name if new else None,
        new_phone=new.phone if new else None,
        new_email=new.email if new else None,
        asked_at=tx.now,
        answer_due_at=due_at(plan.answer.term, tx.now, app.calendar),
        due_at=due_at(plan.carry_out[kind].term, tx.now, app.calendar),
        plan_version=plan.version,
        calendar_version=app.calendar.version,
        state="asked",
    )
    tx.session.add(request)
    tx.session.flush()
    tx.audit(
        carry_out.chain(request.id),
        AuditAction.RIGHTS_ASKED,
        after={"kind": kind, "way": way, "contact": contact_id, "due_at": request.due_at},
        first=True,
    )
    return request


def _locked(tx: Transaction, request_id: int) -> tuple[RightsRequest, Contact]:
    """Contact before tickets before request: who puts a ticket under seal parts it from its requests. Raises NotFound."""
    found = rows.request(tx.session, request_id)
    contact = erasing.locked_contact(tx.session, found.contact_id) if found else None
    if contact is not None:
        erasing.tickets_of(tx.session, contact.id)
    request = rows.request_locked(tx.session, request_id)
    if request is None or contact is None:
        raise NotFound
    return request, contact
