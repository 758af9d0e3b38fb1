"""Where a ticket goes: first by the classifier's reading, later by a person's correction. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import RESTRICTED_QUEUES, Kind, Level, Queue
from feedback.domain.permissions import Action, TicketFacts

CENTRE_FIELDS = frozenset({"official_conduct", "admin_procedure"})
LEGAL_ROADS = {Kind.DENUNCIATION: Queue.DENUNCIATION, Kind.COMPLAINT: Queue.RECEPTION}
_TO_CLOSE = frozenset({Kind.THANKS, Kind.SPAM})
"""Kinds that need no answer. Their ids are also reasons for closing (see reasons)."""


class Because(StrEnum):
    """Why the ticket went there. The ids are stored."""

    LEGAL_ROAD = "legal_road"
    NOTHING_TO_DO = "nothing_to_do"
    LOW_CONFIDENCE = "low_confidence"
    OUTSIDE_HANOI = "outside_hanoi"
    CENTRE_MATTER = "centre_matter"
    NO_WARD = "no_ward"
    WARD_KNOWN = "ward_known"
    URGENT = "urgent"
    APPEALED = "appealed"

    @property
    def title_vi(self) -> str:
        return _TITLES[self]


_TITLES = {
    Because.LEGAL_ROAD: "Có dấu hiệu khiếu nại hoặc tố cáo: người có thẩm quyền quyết định",
    Because.NOTHING_TO_DO: "Lời cảm ơn hoặc tin rác: đề xuất đóng",
    Because.LOW_CONFIDENCE: "Phân loại chưa chắc chắn",
    Because.OUTSIDE_HANOI: "Địa điểm ngoài Hà Nội",
    Because.CENTRE_MATTER: "Thuộc Trung tâm Phục vụ hành chính công",
    Because.NO_WARD: "Chưa xác định được phường/xã",
    Because.WARD_KNOWN: "Đã xác định phường/xã",
    Because.URGENT: "Mức khẩn",
    Because.APPEALED: "Người dân chưa đồng ý với kết quả và đề nghị Trung tâm xem xét",
}


@dataclass(frozen=True, slots=True)
class Triage:
    """The reading of a message, as far as routing needs it. `ward_code` only when the ward is asserted."""

    kind: Kind
    field: str
    ward_code: str | None
    urgent: bool = False
    needs_review: bool = False
    outside_hanoi: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """`proposed_close`: id of the closing reason to offer the dispatcher."""

    queue: Queue
    ward_code: str | None
    level: Level
    restricted: bool
    reasons: tuple[Because, ...]
    proposed_close: str | None = None

    @property
    def action(self) -> Action:
        """The change of the workflow this route is: straight to a desk, or a person decides first."""
        return Action.ROUTE if self.queue in (Queue.WARD, Queue.CENTRE) else Action.TRIAGE


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a ticket stands after a person's decision."""

    queue: Queue
    ward_code: str | None
    restricted: bool


def route(facts: Triage) -> Route:
    """The first desk. A mere suspicion of complaint or denunciation is restricted until a person decides."""
    queue, because = _desk(facts)
    restricted = queue in RESTRICTED_QUEUES
    return Route(
        queue=queue,
        # The place stays in the prediction: a restricted ticket is bound to no ward, not even in the figures.
        ward_code=None if restricted else facts.ward_code,
        level=Level.URGENT if facts.urgent else Level.NORMAL,
        restricted=restricted,
        reasons=(because, Because.URGENT) if facts.urgent else (because,),
        proposed_close=facts.kind.value if because is Because.NOTHING_TO_DO else None,
    )


def transfer(facts: TicketFacts, queue: Queue, ward_code: str | None) -> Placement:
    """The placement after handing a ticket to another desk.

    Raises InvalidInput for a ward without code, the desk it already stands at, a restricted ticket or desk
    (only reclassification leads there), and for words about officials on their way to a ward.
    """
    if facts.restricted or facts.queue in RESTRICTED_QUEUES or queue in RESTRICTED_QUEUES:
        raise InvalidInput("Khiếu nại, tố cáo chỉ chuyển bằng cách phân loại lại.", field="queue")
    if queue is Queue.WARD:
        _check_ward(facts, ward_code)
    target = Placement(queue, ward_code if queue is Queue.WARD else facts.ward_code, restricted=False)
    if target == Placement(facts.queue, facts.ward_code, restricted=False):
        raise InvalidInput("Hồ sơ đang ở đúng nơi này.", field="queue")
    return target


def reclassify(facts: TicketFacts, kind: Kind, field: str) -> Placement:
    """The placement after a person set kind and field.

    Complaint and denunciation go to their restricted desks; what is neither any more goes to a dispatcher;
    words about officials leave the ward for the Centre; everything else stays where it is.
    """
    if kind in LEGAL_ROADS:
        return Placement(LEGAL_ROADS[kind], None, restricted=True)
    if facts.restricted or facts.queue in RESTRICTED_QUEUES:
        return Placement(Queue.DISPATCHER, None, restricted=False)
    if field == "official_conduct" and facts.queue is Queue.WARD:
        return Placement(Queue.CENTRE, facts.ward_code, restricted=False)
    return Placement(facts.queue, facts.ward_code, restricted=False)


def crosses_legal_road(before: Kind, after: Kind) -> bool:
    """Whether the change enters, leaves or changes a legal road: such a change needs a reason."""
    return before is not after and bool({before, after} & LEGAL_ROADS.keys())


def _desk(facts: Triage) -> tuple[Queue, Because]:
    if facts.kind in LEGAL_ROADS:
        return LEGAL_ROADS[facts.kind], Because.LEGAL_ROAD
    if facts.kind in _TO_CLOSE:
        return Queue.DISPATCHER, Because.NOTHING_TO_DO
    if facts.needs_review:
        return Queue.DISPATCHER, Because.LOW_CONFIDENCE
    if facts.outside_hanoi:
        return Queue.DISPATCHER, Because.OUTSIDE_HANOI
    if facts.field in CENTRE_FIELDS:
        return Queue.CENTRE, Because.CENTRE_MATTER
    if facts.ward_code is None:
        return Queue.DISPATCHER, Because.NO_WARD
    return Queue.WARD, Because.WARD_KNOWN


def _check_ward(facts: TicketFacts, ward_code: str | None) -> None:
    if not ward_code:
        raise InvalidInput("Hãy chọn phường/xã.", field="ward_code")
    if facts.field == "official_conduct":
        raise InvalidInput("Phản ánh về cán bộ do Trung tâm xử lý, không chuyển về phường/xã.", field="queue")
