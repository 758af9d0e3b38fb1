"""Where a ticket stands: routed by the dispatcher, transferred by the ward, sent back, classified anew."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.domain import reasons
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import RESTRICTED_QUEUES, Kind, Level, Queue
from feedback.domain.permissions import Action, Actor
from feedback.services import deadlines
from feedback.services.app import App
from feedback.services.change import Change, changing
from feedback.store.tables import Field, Ticket, Ward

_PLACE = ("queue", "ward_code", "field_id", "kind", "level", "restricted")


@dataclass(frozen=True, slots=True)
class Place:
    """A desk to work at. `ward_code` goes with the ward's queue only. None keeps what the ticket has."""

    queue: Queue
    ward_code: str | None = None
    field_id: str | None = None
    level: Level | None = None


def route(app: App, actor: Actor, code: str, version: int, place: Place) -> None:
    """The dispatcher decides where a reviewed ticket goes. Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange."""
    with changing(app, actor, Action.ROUTE, code, version) as change:
        before = _snapshot(change.ticket)
        _put(change, place)
        change.ticket.review_reasons = []
        change.ticket.accepted_at = change.ticket.accepted_at or change.tx.now
        deadlines.judge(app, change.ticket)
        change.audit(AuditAction.ROUTED, before=before, after=_snapshot(change.ticket))


def transfer(
    app: App, actor: Actor, code: str, version: int, place: Place, reason_id: str, note: str = ""
) -> None:
    """Hand the ticket to another ward or the Centre, with a reason from the list. The clock runs on."""
    reason = reasons.reason(Action.TRANSFER, reason_id, note)
    with changing(app, actor, Action.TRANSFER, code, version) as change:
        before = _snapshot(change.ticket)
        _put(change, place)
        change.ticket.assigned_to = None
        change.audit(
            AuditAction.TRANSFERRED,
            reason=_with_note(reason.id, note),
            before=before,
            after=_snapshot(change.ticket),
        )


def send_back(app: App, actor: Actor, code: str, version: int, reason_id: str, note: str = "") -> None:
    """Give the ticket back to the dispatcher. The clock runs on."""
    reason = reasons.reason(Action.SEND_BACK, reason_id, note)
    with changing(app, actor, Action.SEND_BACK, code, version) as change:
        before = _snapshot(change.ticket)
        change.ticket.queue = Queue.DISPATCHER
        change.ticket.assigned_to = None
        change.ticket.review_reasons = [f"Đơn vị chuyển trả: {reason.title}"]
        change.audit(
            AuditAction.SENT_BACK,
            reason=_with_note(reason.id, note),
            before=before,
            after=_snapshot(change.ticket),
        )


def reclassify(
    app: App,
    actor: Actor,
    code: str,
    version: int,
    *,
    kind: Kind,
    field_id: str,
    level: Level,
    note: str = "",
) -> None:
    """Correct kind, field or level. Complaint and denunciation go to their restricted desk, and back from it."""
    with changing(app, actor, Action.RECLASSIFY, code, version) as change:
        ticket = change.ticket
        before = _snapshot(ticket)
        _require(change, Field, field_id, "field_id")
        ticket.kind, ticket.field_id, ticket.level = kind, field_id, level
        _follow_kind(ticket, kind)
        deadlines.judge(app, ticket)
        change.audit(
            AuditAction.RECLASSIFIED, reason=note.strip() or None, before=before, after=_snapshot(ticket)
        )


def restrict(ticket: Ticket, kind: Kind) -> None:
    """Take the ticket off the normal road."""
    ticket.queue = Queue.DENUNCIATION if kind is Kind.DENUNCIATION else Queue.RECEPTION
    ticket.restricted, ticket.state, ticket.assigned_to = True, "review", None


def _follow_kind(ticket: Ticket, kind: Kind) -> None:
    if kind in (Kind.COMPLAINT, Kind.DENUNCIATION):
        restrict(ticket, kind)
    elif Queue(ticket.queue) in RESTRICTED_QUEUES:
        # Back on the normal road only through the dispatcher's eyes.
        ticket.queue, ticket.restricted, ticket.state = Queue.DISPATCHER, False, "review"


def _put(change: Change, place: Place) -> None:
    ticket = change.ticket
    if place.queue not in (Queue.WARD, Queue.CENTRE):
        raise InvalidInput("Chọn phường/xã hoặc Trung tâm.", field="queue")
    if ticket.kind in (Kind.COMPLAINT, Kind.DENUNCIATION):
        raise InvalidInput("Khiếu nại, tố cáo không đi đường này. Hãy phân loại lại trước.", field="queue")
    if place.queue is Queue.WARD:
        _require(change, Ward, place.ward_code, "ward_code")
    if place.field_id is not None:
        _require(change, Field, place.field_id, "field_id")
        ticket.field_id = place.field_id
    ticket.queue = place.queue
    ticket.ward_code = place.ward_code or ticket.ward_code
    ticket.level = place.level or ticket.level
    ticket.restricted = False


def _require(change: Change, table: type[Ward | Field], key: str | None, field: str) -> None:
    if key is None or change.tx.session.get(table, key) is None:
        raise InvalidInput("Hãy chọn trong danh sách.", field=field)


def _snapshot(ticket: Ticket) -> dict[str, object]:
    return {name: getattr(ticket, name) for name in _PLACE}


def _with_note(reason_id: str, note: str) -> str:
    return f"{reason_id}: {note.strip()}" if note.strip() else reason_id
