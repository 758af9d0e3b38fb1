"""Whoever wrote a message: known by a contact, by a ticket under seal, or not yet."""

from __future__ import annotations

from channels.message import InboundMessage
from feedback.services.app import App
from feedback.store import Transaction, conversations, sealed
from feedback.store import contacts as contact_rows
from feedback.store.tables import Ticket

EMAIL = "email"


def running(tx: Transaction, writer: conversations.Writer, inbound: InboundMessage) -> Ticket | None:
    """The running ticket that the message belongs to, locked; None where it opens a new matter."""
    return conversations.running_ticket(
        tx.session, writer=writer, conversation=inbound.conversation, refs=_refs(inbound)
    )


def find(app: App, tx: Transaction, inbound: InboundMessage) -> conversations.Writer:
    """Whoever wrote, as far as it is known already: somebody with a ticket under seal is not entered again."""
    sender, tracer = inbound.sender, app.tracer
    writer_hash = tracer.writer(inbound.channel, inbound.account, sender.address)
    email = sender.address if inbound.channel == EMAIL else None
    sealed_ids = sealed.of_writer(tx.session, writer_hash, tracer.email(email) if email else None)
    if not sealed_ids:
        return conversations.Writer(_contact(app, tx, inbound), email)
    return conversations.Writer(
        contact_rows.find(
            tx.session, key=app.contact_key, channel=inbound.channel, account=inbound.account, sender=sender
        ),
        email,
        sealed_ids,
        sealed.in_conversation(
            tx.session,
            writer_hash,
            tracer.conversation(inbound.channel, inbound.account, inbound.conversation),
        ),
    )


def entered(app: App, tx: Transaction, writer: conversations.Writer | None, inbound: InboundMessage) -> int:
    """The contact of a new ticket."""
    if writer is not None and writer.contact_id is not None:
        return writer.contact_id
    return _contact(app, tx, inbound)


def _contact(app: App, tx: Transaction, inbound: InboundMessage) -> int:
    return contact_rows.upsert(
        tx.session,
        key=app.contact_key,
        channel=inbound.channel,
        account=inbound.account,
        sender=inbound.sender,
        now=tx.now,
    )


def _refs(inbound: InboundMessage) -> tuple[str, ...]:
    """What the message says it answers; a code in the subject counts for the ticket's own contact only, like the rest."""
    tag = inbound.hints.get("subject_tag")
    return (*inbound.thread_refs, tag) if tag else inbound.thread_refs
