"""Carrying out what a person asked about the own data, inside the transaction of whoever decides."""

from __future__ import annotations

from collections.abc import Sequence

from channels.message import Purpose
from feedback.domain import rights
from feedback.domain.errors import IllegalChange
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Queue
from feedback.domain.reasons import Reason
from feedback.domain.retention import Request
from feedback.domain.rights import Correction, Obstacle
from feedback.services import erase, replies
from feedback.services.app import App
from feedback.services.erase import Cause
from feedback.store import Transaction, erasing, tickets
from feedback.store import rights as rows
from feedback.store.contacts import address_hash
from feedback.store.retention import ENDED
from feedback.store.tables import Contact, RightsRequest, Ticket

ERASING = frozenset({Request.DELETE, Request.WITHDRAW})
PORTAL = "web"


def chain(request_id: int) -> str:
    return f"rights:{request_id}"


def grant(app: App, tx: Transaction, request: RightsRequest, contact: Contact) -> None:
    """Do what was asked, and tell the person. Raises IllegalChange where something keeps the data, or it is gone."""
    kind = Request(request.kind)
    request.state, request.reason, request.carried_out_at = "done", rights.AS_ASKED.id, tx.now
    words = rights.granted(request.ref, kind)
    if contact.erased_at is not None:
        raise IllegalChange("Dữ liệu cá nhân của người này đã được xóa.")
    if kind in ERASING:
        _erase(app, tx, request, contact, words)
    else:
        if kind is Request.CORRECT:
            _correct(app, tx, request, contact)
        _tell(app, tx, request, words)
    _forget_wish(request)
    tx.audit(
        chain(request.id),
        AuditAction.RIGHTS_SETTLED,
        reason=rights.AS_ASKED.id,
        after={"state": request.state, "kind": kind},
    )


def refuse(app: App, tx: Transaction, request: RightsRequest, reason: Reason, note: str) -> None:
    """Leave everything as it is, and tell the person why. The note goes to the person, never into the trail."""
    request.state, request.reason = "refused", reason.id
    _forget_wish(request)
    _tell(app, tx, request, rights.refused(request.ref, reason, note))
    tx.audit(chain(request.id), AuditAction.RIGHTS_SETTLED, reason=reason.id, after={"state": "refused"})


def finish(tx: Transaction, request: RightsRequest, contact: Contact) -> None:
    """The last word has gone: erase the address it went to."""
    request.state = "done"
    for ticket in tickets.of_message(tx.session, request.last_word_id or 0):
        ticket.conversation = f"erased:{ticket.id}"
    if contact.erased_at is None:
        erase.contact(tx, contact, Cause(request.plan_version, request_id=request.id))
    tx.audit(chain(request.id), AuditAction.RIGHTS_SETTLED, after={"state": "done"})


def obstacle(tx: Transaction, request: RightsRequest, contact: Contact) -> Obstacle | None:
    """What stands against erasing what the request concerns. A withdrawal does not wait for a running ticket.

    A hold and a denunciation give one answer: neither may be told from the other.
    """
    concerned = scope(tx, request, contact)
    kept = any(is_denunciation(ticket) or erasing.is_held(tx.session, ticket.id) for ticket in concerned)
    # The one ticket it was asked for was parted from it when it went under seal.
    kept = kept or (request.ticket_id is None and _one_only(request, contact))
    if kept or (not _one_only(request, contact) and erasing.contact_is_held(tx.session, contact.id)):
        return Obstacle.KEPT
    if request.kind == Request.WITHDRAW:
        return None
    return Obstacle.RUNNING if any(_runs(tx, ticket) for ticket in concerned) else None


def scope(tx: Transaction, request: RightsRequest, contact: Contact) -> Sequence[Ticket]:
    """The tickets a request concerns, locked: all of its person.

    Whoever types a telephone number into the portal has not proven that it is theirs: there it is the one ticket
    whose code was known.
    """
    found = erasing.tickets_of(tx.session, contact.id)
    return [ticket for ticket in found if ticket.id == request.ticket_id or not _one_only(request, contact)]


def _one_only(request: RightsRequest, contact: Contact) -> bool:
    return request.way == "portal" and contact.channel == PORTAL


def _erase(app: App, tx: Transaction, request: RightsRequest, contact: Contact, words: str) -> None:
    """Everything but the address that our last word goes to; where nothing can be sent, that as well."""
    if (found := obstacle(tx, request, contact)) is not None:
        raise IllegalChange(rights.chosen(rights.REFUSALS, found.value).title)
    cause = Cause(request.plan_version, request_id=request.id)
    told = _can_be_told(app, tx, request)
    concerned = scope(tx, request, contact)
    for ticket in concerned:
        conversation = ticket.conversation
        if _runs(tx, ticket):
            erase.loosen(tx, ticket, cause)
        else:
            erase.ticket(tx, ticket, contact, cause, erase.blank)
        if told is not None and told.id == ticket.id:
            ticket.conversation = conversation  # until the last word has gone there
    if len(erasing.tickets_of(tx.session, contact.id)) > sum(t.erased_at is None for t in concerned):
        _tell(app, tx, request, words)  # other tickets still need the contact
    elif told is None:
        erase.contact(tx, contact, cause)
    else:
        erase.unlink(tx, contact)
        request.state = "granted"
        request.last_word_id = replies.queue(app, tx, told, purpose=Purpose.NOTICE, text=words).id


def _correct(app: App, tx: Transaction, request: RightsRequest, contact: Contact) -> None:
    new = Correction(request.new_name, request.new_phone, request.new_email)
    was = contact.address
    for column in new.columns:
        if contact.channel == PORTAL and was is not None and getattr(contact, column) == was:
            _move(app, tx, contact, getattr(new, column))
        setattr(contact, column, getattr(new, column))
    tx.audit(
        f"contact:{contact.id}",
        AuditAction.CONTACT_CORRECTED,
        after={"columns": list(new.columns), "request": request.id},
    )


def _move(app: App, tx: Transaction, contact: Contact, address: str) -> None:
    """On the portal the number or mail address is also what a writer is known by."""
    key = address_hash(app.contact_key, contact.channel, address)
    other = rows.contact_by_address(tx.session, contact.channel, contact.account, key)
    if other is not None and other.id != contact.id:
        raise IllegalChange("Đã có người gửi khác dùng số điện thoại hoặc email này.")
    contact.address, contact.address_hash = address, key


def _tell(app: App, tx: Transaction, request: RightsRequest, words: str) -> None:
    """On the person's channel; on one without text it becomes a call for the ticket's office."""
    ticket = _road(tx, request)
    if ticket is not None and request.way != "channel":
        replies.queue(app, tx, ticket, purpose=Purpose.NOTICE, text=words)


def _can_be_told(app: App, tx: Transaction, request: RightsRequest) -> Ticket | None:
    """The ticket for our last word; None where nothing can be sent, or the person has already left the channel."""
    ticket = _road(tx, request)
    adapter = app.adapters.get(ticket.channel) if ticket is not None else None
    can_reply = adapter is not None and adapter.info.can_reply
    return ticket if can_reply and request.way != "channel" else None


def _road(tx: Transaction, request: RightsRequest) -> Ticket | None:
    if request.ticket_id is not None:
        ticket = tickets.locked_by_id(tx.session, request.ticket_id)
        if not is_denunciation(ticket):
            return ticket
    return rows.newest_ticket(tx.session, request.contact_id)


def _runs(tx: Transaction, ticket: Ticket) -> bool:
    return ticket.state not in ENDED or erasing.is_busy(tx.session, ticket.id)


def is_denunciation(ticket: Ticket) -> bool:
    """What nobody but the denunciation officer may know of."""
    return ticket.kind == Kind.DENUNCIATION or ticket.queue == Queue.DENUNCIATION


def _forget_wish(request: RightsRequest) -> None:
    request.new_name = request.new_phone = request.new_email = None
