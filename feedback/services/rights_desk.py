"""What the privacy officer sees: requests by deadline, one request in numbers, holds, the register. No message text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from feedback.clock import in_hanoi, midnight
from feedback.domain import rights
from feedback.domain.errors import InvalidInput, NotFound
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.rights import Obstacle
from feedback.services import carry_out, spreadsheet
from feedback.services.app import App
from feedback.services.periods import Period
from feedback.store import rights as rows
from feedback.store import tickets
from feedback.store.rights import Affected, HoldLine
from feedback.store.tables import Contact, Erasure, RightsRequest

MOST_LINES = 500
MOST_EXPORTED = 200_000
HEADER = (
    "Số",
    "Lúc",
    "Người thực hiện",
    "Nội dung",
    "Đối tượng",
    "Quy tắc hoặc yêu cầu",
    "Phiên bản",
    "Số lượng",
)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the officer's first page."""

    waiting: Sequence[RightsRequest]
    settled: Sequence[RightsRequest]
    holds: Sequence[HoldLine]


@dataclass(frozen=True, slots=True)
class Opened:
    """One request. `code` is the ticket it was proven by; `obstacle` stands against erasing now."""

    request: RightsRequest
    contact: Contact
    code: str | None
    affected: Affected
    obstacle: Obstacle | None


def board(app: App, actor: Actor) -> Board:
    """Raises NotAllowed."""
    require(actor, Action.MANAGE_RIGHTS)
    with app.store.reading() as session:
        return Board(rows.waiting(session), rows.settled(session), rows.holds(session))


def open_request(app: App, actor: Actor, request_id: int) -> Opened:
    """A request with what it would affect; seeing the contact stands in the trail. Raises NotAllowed, NotFound."""
    require(actor, Action.MANAGE_RIGHTS)
    with app.store.transaction(actor) as tx:
        request = rows.request(tx.session, request_id)
        contact = rows.contact(tx.session, request.contact_id) if request else None
        if request is None or contact is None:
            raise NotFound
        erases = request.kind in carry_out.ERASING and request.state == "asked"
        concerned = [ticket.id for ticket in carry_out.scope(tx, request, contact)]
        opened = Opened(
            request=request,
            contact=contact,
            code=tickets.code_of(tx.session, request.ticket_id) if request.ticket_id else None,
            affected=rows.affected(tx.session, concerned),
            obstacle=carry_out.obstacle(tx, request, contact) if erases else None,
        )
        tx.audit(carry_out.chain(request.id), AuditAction.CONTACT_READ)
        tx.commit()
    return opened


def register(app: App, actor: Actor, period: Period, limit: int = MOST_LINES) -> Sequence[Erasure]:
    """The register of deletions in a period, the newest first. Raises NotAllowed."""
    require(actor, Action.MANAGE_RIGHTS)
    with app.store.reading() as session:
        return rows.register(session, midnight(period.start), midnight(period.end + timedelta(days=1)), limit)


def export(app: App, actor: Actor, period: Period) -> bytes:
    """The register as CSV for spreadsheets. Raises NotAllowed, InvalidInput (more lines than one file may hold)."""
    found = register(app, actor, period, MOST_EXPORTED + 1)
    if len(found) > MOST_EXPORTED:
        raise InvalidInput("Quá nhiều dòng; hãy chọn khoảng thời gian ngắn hơn.", field="from")
    return spreadsheet.written(HEADER, map(_line, found))


def _line(row: Erasure) -> tuple[object, ...]:
    return (
        row.id,
        in_hanoi(row.at).isoformat(timespec="seconds"),
        row.by,
        row.what,
        subject_of(row),
        cause_of(row),
        row.plan_version,
        " ".join(f"{name}:{number}" for name, number in sorted(row.counts.items())),
    )


def subject_of(row: Erasure) -> str:
    """What the line is about, by id: "ticket 12"."""
    for name in ("ticket", "contact", "raw_event", "blob"):
        if (number := getattr(row, f"{name}_id")) is not None:
            return f"{name} {number}"
    raise AssertionError("a line of the register without a subject")


def cause_of(row: Erasure) -> str:
    """The rule, or the reference of the request."""
    return row.rule or rights.reference(row.request_id or 0)
