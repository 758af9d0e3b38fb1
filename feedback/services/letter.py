"""The hand-over letter of a complaint: looked at before it is sent, kept as it was sent, read again by both sides."""

from __future__ import annotations

from collections.abc import Sequence

from channels.message import Purpose
from feedback.domain import letters
from feedback.domain.errors import NotFound
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind
from feedback.domain.letters import Letter
from feedback.domain.permissions import Action, Actor, allowed, require
from feedback.services import deadlines, replies
from feedback.services.app import App
from feedback.services.change import facts, refuse
from feedback.store import Transaction, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import Message, Ticket

KEPT = "letter"
"""Name among the hints of the message that carried it."""


def draft(app: App, actor: Actor, code: str, note: str = "") -> Letter:
    """The letter as it would be sent now. Raises NotFound (also for what is no complaint), NotAllowed."""
    with app.store.transaction(actor) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None or not allowed(actor, Action.READ, facts(ticket)):
            refuse(tx, ticket, code)
        require(actor, Action.HAND_OVER, facts(ticket))
        if Kind(ticket.kind) is not Kind.COMPLAINT:
            raise NotFound
        tx.audit(ticket_chain(ticket.id), AuditAction.LETTER_READ, after={"letter": "draft"})
        tx.commit()
        return written(app, tx, ticket, note)


def sent(app: App, actor: Actor, code: str) -> Letter:
    """The letter that was sent, for whoever may read the ticket; reading it stands in the trail. Raises NotFound."""
    with app.store.transaction(actor) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None or not allowed(actor, Action.READ_CONTACT, facts(ticket)):
            refuse(tx, ticket, code)
        return _read(tx, ticket)


def of_citizen(app: App, code: str) -> Letter:
    """The same for the writer, who has proven code and contact. Raises NotFound."""
    with app.store.transaction(Actor.citizen()) as tx:
        ticket = tickets.by_code(tx.session, code)
        if ticket is None:
            raise NotFound
        return _read(tx, ticket)


def _read(tx: Transaction, ticket: Ticket) -> Letter:
    found = kept(ticket, tickets.messages(tx.session, ticket.id))
    if found is None:
        raise NotFound
    tx.audit(ticket_chain(ticket.id), AuditAction.LETTER_READ)
    tx.commit()
    return found


def kept(ticket: Ticket, messages: Sequence[Message]) -> Letter | None:
    """The newest letter among the messages of a complaint that stands handed over."""
    if ticket.kind != Kind.COMPLAINT or ticket.state != "handed_over":
        return None
    rows = [row for row in messages if KEPT in row.hints]
    return Letter.from_json(rows[-1].hints[KEPT]) if rows else None


def written(app: App, tx: Transaction, ticket: Ticket, note: str) -> Letter:
    basis = deadlines.basis_of(app, tx.session, ticket)
    matter = letters.Matter(ticket.code, ticket.received_at, ticket.contact.name)
    return letters.hand_over(matter, tx.now, basis.terms.legal_terms(Kind.COMPLAINT), note)


def queue(app: App, tx: Transaction, ticket: Ticket, note: str) -> Message:
    """Send it on the citizen's channel: whole where it fits, else its short form with the way to the whole."""
    letter = written(app, tx, ticket, note)
    text = letter.as_text()
    if len(text) > _longest(app, ticket):
        text = letters.short(ticket.code, replies.follow_url(app, ticket), note)
    return replies.queue(app, tx, ticket, purpose=Purpose.ANSWER, text=text, hints={KEPT: letter.as_json()})


def _longest(app: App, ticket: Ticket) -> int:
    """A telephone call carries the short form: nobody listens to a letter."""
    adapter = app.adapters.get(ticket.channel)
    return adapter.info.max_length if adapter is not None and adapter.info.can_reply else 0
