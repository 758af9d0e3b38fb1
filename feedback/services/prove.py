"""A ticket's rows with the proof that they stand in sealed days."""

from __future__ import annotations

from feedback.domain.errors import NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Actor, is_restricted
from feedback.domain.proof import Proof
from feedback.services.change import facts
from feedback.store import Store, tickets
from feedback.store.audit import proofs, ticket_chain

PROVER = Actor.system("command line")


def ticket(store: Store, code: str) -> Proof:
    """The rows go out of the house, so this is a reading of the ticket and stands in its trail. Raises NotFound.

    Of a restricted ticket the hashes alone are given.
    """
    with store.transaction(PROVER) as tx:
        found = tickets.by_code(tx.session, code)
        if found is None:
            raise NotFound
        chain = ticket_chain(found.id)
        rows, unsealed = proofs.of_chain(tx.session, chain, with_content=not is_restricted(facts(found)))
        tx.audit(chain, AuditAction.TICKET_READ, after={"proven": len(rows)})
        tx.commit()
    return Proof(found.code, chain, tuple(rows), unsealed)
