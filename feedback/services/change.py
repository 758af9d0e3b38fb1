"""The frame of every change to a ticket: lock, reach, permission, version, workflow, then the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from feedback.domain import reasons
from feedback.domain.errors import IllegalChange, NotFound, StaleVersion
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Queue
from feedback.domain.permissions import Action, Actor, Origin, TicketFacts, allowed, require
from feedback.domain.workflow import State, check
from feedback.services import notes, sealing, standing
from feedback.services.app import App
from feedback.services.standing import Standing
from feedback.store import Transaction, tickets
from feedback.store.audit import ticket_chain
from feedback.store.tables import Ticket

MOST_OF_A_CODE = 20
"""Characters kept of what was asked for: anything may be typed."""


@dataclass(slots=True)
class Change:
    """A locked ticket inside a transaction. `was` is its state before, `told` how the last audit row left it."""

    tx: Transaction
    ticket: Ticket
    was: State
    told: Standing = field(repr=False)

    @classmethod
    def of(cls, tx: Transaction, ticket: Ticket) -> Change:
        """Begin to change a ticket that has just been locked: from here on it is later than any change before."""
        tx.look_at_clock()
        return cls(tx, ticket, State(ticket.state), standing.of(ticket))

    def audit(
        self,
        action: str,
        *,
        reason: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        official: bool = False,
    ) -> None:
        """Write the ticket's next audit row: the state, every column of its standing that changed, and what is given.

        What somebody wrote as an explanation may name people, and a row of the trail can never be erased: the row keeps
        the reason's id, and the sentence becomes a note, which goes under seal or is erased with the ticket. Only an
        `official` reason, a decision about many tickets at once, is kept as it was written.
        """
        if self.tx.actor.origin is Origin.STAFF and not official:
            reason, note = reasons.parted(reason)
            if note:
                notes.write(self.tx, self.ticket, note)
        now = standing.of(self.ticket)
        old, new = standing.changes(self.told, now)
        self.told = now
        self.tx.audit(
            ticket_chain(self.ticket.id),
            action,
            reason=reason,
            before={**old, **(before or {})},
            after={**new, **(after or {})},
        )


def refuse(tx: Transaction, ticket: Ticket | None, code: str) -> NoReturn:
    """Say that there is nothing, with the same work whether there is: the attempt stands in a trail either way.

    In the ticket's own, where its desk sees it; for a code that does not exist, in that of the account.
    """
    asker = tx.actor.name if tx.actor.user_id is None else str(tx.actor.user_id)
    chain = ticket_chain(ticket.id) if ticket is not None else f"account:{asker}"
    tx.audit(chain, AuditAction.READ_REFUSED, after={"code": code[:MOST_OF_A_CODE]})
    tx.commit()
    raise NotFound


def facts(ticket: Ticket) -> TicketFacts:
    """What the permission rules look at."""
    return TicketFacts(
        queue=Queue(ticket.queue),
        ward_code=ticket.ward_code,
        restricted=ticket.restricted,
        kind=Kind(ticket.kind),
        field=ticket.field_id,
        assigned_to=ticket.assigned_to,
    )


@contextmanager
def changing(
    app: App, actor: Actor, action: Action, code: str, version: int | None = None
) -> Iterator[Change]:
    """Open the change, and commit it when the block ends well.

    `version` is the one the actor saw (None: the actor saw none, for example a citizen). Raises NotFound (also where
    the ticket is beyond the actor's reach: the two are never told apart), NotAllowed, StaleVersion, IllegalChange.
    """
    with app.store.transaction(actor) as tx:
        ticket = tickets.locked(tx.session, code)
        if ticket is None or not allowed(actor, Action.READ, facts(ticket)):
            refuse(tx, ticket, code)
        require(actor, action, facts(ticket))
        if ticket.erased_at is not None:
            raise IllegalChange("Dữ liệu cá nhân của hồ sơ đã được xóa; hồ sơ không thay đổi được nữa.")
        if version is not None and version != ticket.version:
            raise StaleVersion
        change = Change.of(tx, ticket)
        ticket.state = check(change.was, action)
        ticket.version += 1
        yield change
        sealing.settle(app, tx, ticket)
        tx.commit()
