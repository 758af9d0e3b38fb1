"""Where a ticket stands: routed by the dispatcher, transferred by the ward, sent back, classified anew."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.domain import grace, reasons, routing
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Action, Actor, TicketFacts, allowed
from feedback.domain.reasons import with_note
from feedback.domain.routing import Placement
from feedback.domain.workflow import WAITING, State
from feedback.services import deadlines, pausing
from feedback.services.app import App
from feedback.services.change import Change, changing, facts
from feedback.store.tables import Field, Ticket, Ward


@dataclass(frozen=True, slots=True)
class Place:
    """A desk to work at. `ward_code` goes with the ward's queue; a missing `field_id` or `level` keeps the ticket's."""

    queue: Queue
    ward_code: str | None = None
    field_id: str | None = None
    level: Level | None = None


def route(
    app: App,
    actor: Actor,
    code: str,
    version: int,
    place: Place,
    kind: Kind | None = None,
    reason_id: str = "",
    note: str = "",
) -> None:
    """A person decides where a reviewed ticket goes, and perhaps that it is of another `kind`.

    Complaint and denunciation are no such kinds: `reclassify` leads there; leaving them needs a reason. Raises
    InvalidInput, StaleVersion, NotAllowed, IllegalChange.
    """
    if kind in routing.LEGAL_ROADS:
        raise InvalidInput("Khiếu nại, tố cáo chỉ chuyển bằng cách phân loại lại.", field="kind")
    with changing(app, actor, Action.ROUTE, code, version) as change:
        said = None
        if kind is not None:
            said = _reason(Kind(change.ticket.kind), kind, reason_id, note)
            _stand(
                change.ticket,
                routing.reclassify(facts(change.ticket), kind, change.ticket.field_id or "other"),
            )
            change.ticket.kind = kind
        _to(change, place)
        change.ticket.review_reasons = []
        change.ticket.accepted_at = change.ticket.accepted_at or change.tx.now
        pausing.end_where_moved(app, change)
        deadlines.judge(app, change.tx, change.ticket)
        change.audit(AuditAction.ROUTED, reason=said)


def transfer(
    app: App, actor: Actor, code: str, version: int, place: Place, reason_id: str, note: str = ""
) -> None:
    """Hand the ticket to another ward or the Centre, with a reason from the list.

    The clock runs on, by the terms of the new desk; a pause was the old one's, and ends.
    """
    reason = reasons.reason(Action.TRANSFER, reason_id, note)
    with changing(app, actor, Action.TRANSFER, code, version) as change:
        _to(change, place)
        change.ticket.assigned_to = None
        pausing.end_where_moved(app, change)
        deadlines.judge(app, change.tx, change.ticket)
        _check_later(actor, change, reason.id)
        change.audit(AuditAction.TRANSFERRED, reason=with_note(reason.id, note))


def send_back(app: App, actor: Actor, code: str, version: int, reason_id: str, note: str = "") -> None:
    """Give the ticket back to the dispatcher. The clock runs on."""
    reason = reasons.reason(Action.SEND_BACK, reason_id, note)
    with changing(app, actor, Action.SEND_BACK, code, version) as change:
        change.ticket.queue = Queue.DISPATCHER
        change.ticket.assigned_to = None
        change.ticket.review_reasons = [f"Đơn vị chuyển trả: {reason.title}"]
        pausing.end_where_moved(app, change)
        deadlines.judge(app, change.tx, change.ticket)
        change.audit(AuditAction.SENT_BACK, reason=with_note(reason.id, note))


def reclassify(
    app: App,
    actor: Actor,
    code: str,
    version: int,
    *,
    kind: Kind,
    field_id: str,
    level: Level,
    reason_id: str = "",
    note: str = "",
) -> None:
    """Correct kind, field or level. Complaint and denunciation go to their restricted desk, and back from it.

    A reason from the list is needed where a legal road is entered or left, and where the citizen would wait longer;
    elsewhere it may be missing. A matter that was handed over is open again.
    """
    with changing(app, actor, Action.RECLASSIFY, code, version) as change:
        ticket = change.ticket
        said = _reason(Kind(ticket.kind), kind, reason_id, note)
        if change.was is State.HANDED_OVER:
            _take_back(ticket)
        _require(change, Field, field_id, "field_id")
        target = routing.reclassify(facts(ticket), kind, field_id)
        if target.queue != ticket.queue:
            ticket.assigned_to = None
        ticket.kind, ticket.field_id, ticket.level = kind, field_id, level
        put(ticket, target)
        pausing.end_where_moved(app, change)
        deadlines.judge(app, change.tx, ticket)
        _check_later(actor, change, reason_id)
        change.audit(AuditAction.RECLASSIFIED, reason=said)


def _take_back(ticket: Ticket) -> None:
    """What was handed over by mistake is owed again: the handing over was no answer, and its term has run all the time."""
    ticket.closed_at = None
    if not ticket.reopened:
        ticket.first_answer_at = ticket.answered_by = ticket.answered_ward = None
        ticket.answered_on_time = ticket.answer_worked_seconds = None


def _check_later(actor: Actor, change: Change, reason_id: str) -> None:
    """A matter that is found to be another one may be due later, but not quietly, and not to be in time after all.

    What enters a legal road is left alone: nothing may stand in its way. Raises InvalidInput, IllegalChange.
    """
    ticket, told = change.ticket, change.told
    found = (ticket.level, ticket.field_id, ticket.kind)
    same = found == (told["level"], told["field_id"], told["kind"])
    if same or change.was not in WAITING or Kind(ticket.kind) in routing.LEGAL_ROADS:
        return
    before = TicketFacts(
        Queue(told["queue"]), told["ward_code"], told["restricted"], Kind(told["kind"]), told["field_id"]
    )
    may = allowed(actor, Action.DECIDE_EXTENSION, before)
    grace.check_later(told["answer_due_at"], ticket.answer_due_at, change.tx.now, reason_id, may_extend=may)


def _reason(before: Kind, after: Kind, reason_id: str, note: str) -> str | None:
    """What the trail keeps of the reason. Raises InvalidInput where a legal road asks for one."""
    if reason_id or routing.crosses_legal_road(before, after):
        return with_note(reasons.reason(Action.RECLASSIFY, reason_id, note).id, note)
    return note.strip() or None


def put(ticket: Ticket, placement: Placement) -> None:
    """Stand the ticket at its desk. Restricted desks and the dispatcher see it for review first."""
    _stand(ticket, placement)
    if ticket.state == State.OPEN:
        ticket.state = open_state(ticket)


def open_state(ticket: Ticket) -> State:
    """OPEN with the ward or the Centre; anywhere else a person decides first."""
    return State.OPEN if ticket.queue in (Queue.WARD, Queue.CENTRE) else State.REVIEW


def _stand(ticket: Ticket, placement: Placement) -> None:
    ticket.queue, ticket.ward_code, ticket.restricted = (
        placement.queue,
        placement.ward_code,
        placement.restricted,
    )


def _to(change: Change, place: Place) -> None:
    ticket = change.ticket
    if place.queue is Queue.WARD:
        _require(change, Ward, place.ward_code, "ward_code")
    if place.field_id is not None:
        _require(change, Field, place.field_id, "field_id")
        ticket.field_id = place.field_id
    ticket.level = place.level or ticket.level
    put(ticket, routing.transfer(facts(ticket), place.queue, place.ward_code))


def _require(change: Change, table: type[Ward | Field], key: str | None, field: str) -> None:
    if key is None or change.tx.session.get(table, key) is None:
        raise InvalidInput("Hãy chọn trong danh sách.", field=field)
