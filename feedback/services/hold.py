"""Legal hold: what a court or an investigation needs is neither erased by retention nor on request."""

from __future__ import annotations

from collections.abc import Mapping

from feedback.domain import codes, rights
from feedback.domain.errors import IllegalChange, InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, allowed, require
from feedback.services.app import App
from feedback.services.change import facts
from feedback.store import Transaction, erasing, tickets
from feedback.store import rights as rows
from feedback.store.audit import ticket_chain
from feedback.store.tables import LegalHold, Ticket


def put(
    app: App, actor: Actor, code: str, reason_id: str, authority: str, *, everything: bool = False
) -> int:
    """Hold a ticket, or `everything` of its writer; the hold's id.

    Raises NotFound (also for what is out of reach), NotAllowed, InvalidInput, IllegalChange (erased already).
    """
    reason = rights.chosen(rights.HOLDS, reason_id)
    authority = authority.strip()
    if not 0 < len(authority) <= rights.MAX_AUTHORITY:
        raise InvalidInput("Hãy ghi cơ quan yêu cầu và số văn bản.", field="authority")
    with app.store.transaction(actor) as tx:
        ticket = _reached(tx, actor, codes.normalise(code) or "")
        if ticket.erased_at is not None:
            raise IllegalChange("Dữ liệu cá nhân của hồ sơ đã được xóa.")
        hold = LegalHold(
            ticket_id=None if everything else ticket.id,
            contact_id=ticket.contact_id if everything else None,
            reason=reason.id,
            authority=authority,
            set_by=actor.name,
            set_by_id=actor.user_id,
            set_at=tx.now,
        )
        tx.session.add(hold)
        tx.session.flush()
        _say(tx, ticket, hold, AuditAction.HELD, reason.id, {"everything": everything})
        tx.commit()
    return hold.id


def lift(app: App, actor: Actor, hold_id: int, reason_id: str) -> None:
    """Raises NotFound (also for a hold on what is out of reach), NotAllowed, InvalidInput, IllegalChange (lifted)."""
    reason = rights.chosen(rights.LIFTS, reason_id)
    with app.store.transaction(actor) as tx:
        hold = rows.hold_locked(tx.session, hold_id)
        ticket = _subject(tx, hold) if hold is not None else None
        if hold is None or not _may(actor, ticket):
            raise NotFound
        if hold.lifted_at is not None:
            raise IllegalChange("Lệnh giữ này đã được gỡ.")
        hold.lifted_by, hold.lifted_by_id = actor.name, actor.user_id
        hold.lifted_at, hold.lift_reason = tx.now, reason.id
        _say(tx, ticket, hold, AuditAction.HOLD_LIFTED, reason.id, {})
        tx.commit()


def _reached(tx: Transaction, actor: Actor, code: str) -> Ticket:
    """The ticket, locked behind its contact: nothing is being erased from it meanwhile."""
    found = tickets.by_code(tx.session, code)
    if found is None or not _may(actor, found):
        raise NotFound
    erasing.locked_contact(tx.session, found.contact_id)
    return tickets.locked_by_id(tx.session, found.id)


def _subject(tx: Transaction, hold: LegalHold) -> Ticket | None:
    return tickets.locked_by_id(tx.session, hold.ticket_id) if hold.ticket_id is not None else None


def _may(actor: Actor, ticket: Ticket | None) -> bool:
    """A hold on everything of a person is the privacy officer's alone."""
    if ticket is None:
        require(actor, Action.MANAGE_RIGHTS)
        return True
    return allowed(actor, Action.HOLD, facts(ticket))


def _say(
    tx: Transaction,
    ticket: Ticket | None,
    hold: LegalHold,
    action: AuditAction,
    reason: str,
    more: Mapping[str, object],
) -> None:
    of_person = hold.contact_id is not None or ticket is None
    chain = f"contact:{hold.contact_id}" if of_person else ticket_chain(ticket.id if ticket else 0)
    tx.audit(chain, action, reason=reason, after={"hold": hold.id, **more})
