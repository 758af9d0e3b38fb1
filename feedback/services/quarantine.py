"""What a person does about deliveries that could not be read: try again after a repair, or leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.errors import ChannelError
from channels.message import Ignored, InboundMessage, RawDelivery
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, require
from feedback.services.app import App
from feedback.services.bounce import note_bounce
from feedback.services.intake import Kind, Outcome, attach
from feedback.store import Transaction, raw
from feedback.store.tables import RawEvent


def replay(app: App, actor: Actor, raw_id: int) -> Outcome:
    """Verify and parse again from the stored bytes. Raises NotFound, NotAllowed, InvalidInput (still unreadable)."""
    require(actor, Action.MANAGE_QUARANTINE)
    with app.store.transaction(actor) as tx:
        row = tx.session.get(RawEvent, raw_id, with_for_update=True)
        if row is None or row.outcome != Kind.QUARANTINED:
            raise NotFound
        outcome = _released(app, tx, row, _read_again(app, row))
        tx.audit(f"raw:{row.id}", AuditAction.QUARANTINE_RELEASED, after={"outcome": outcome.kind})
        tx.commit()
    return outcome


def _read_again(app: App, row: RawEvent) -> InboundMessage | Ignored:
    adapter = app.adapters.get(row.channel)
    if adapter is None:
        raise InvalidInput("Kênh này chưa được cấu hình.")
    delivery = RawDelivery(row.channel, row.account, row.body, row.headers, row.received_at)
    try:
        adapter.verify(delivery)
        return adapter.parse(delivery)
    except ChannelError as fault:
        raise InvalidInput(f"Vẫn không đọc được: {fault}") from fault


def _released(app: App, tx: Transaction, row: RawEvent, found: InboundMessage | Ignored) -> Outcome:
    if not raw.take_key(tx.session, row, found.external_id):
        row.outcome, row.reason = Kind.IGNORED, "received again meanwhile"
    elif isinstance(found, Ignored):
        row.outcome, row.reason = Kind.IGNORED, found.reason
        note_bounce(tx, found)
    else:
        row.outcome, row.reason = Kind.TICKET, None
        return attach(app, tx, found, row.id)
    return Outcome(Kind.IGNORED, reason=row.reason)


@dataclass(frozen=True, slots=True)
class Held:
    """One delivery in quarantine, without its content."""

    id: int
    channel: str
    received_at: datetime
    size: int
    reason: str
    deliveries: int


def waiting(app: App, actor: Actor, limit: int = 500) -> Sequence[Held]:
    """The newest first. Raises NotAllowed."""
    require(actor, Action.MANAGE_QUARANTINE)
    with app.store.reading() as session:
        return [Held(*row) for row in raw.quarantined(session, limit)]
