"""Who speaks to the citizen: the office, never the officer."""

from __future__ import annotations

from feedback.domain.kinds import Queue
from feedback.store import Transaction
from feedback.store.tables import Ticket, Ward

CENTRE = "Trung tâm Phục vụ hành chính công Hà Nội"


def title(tx: Transaction, ticket: Ticket) -> str:
    """The office that has the ticket, as a citizen calls it: "UBND phường Nghĩa Đô"."""
    ward = tx.session.get(Ward, ticket.ward_code) if ticket.ward_code else None
    if ward is None or ticket.queue != Queue.WARD:
        return CENTRE
    return f"UBND {ward.name[:1].lower()}{ward.name[1:]}"
