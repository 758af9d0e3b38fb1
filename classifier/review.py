"""Whether a person must look before the message goes anywhere: one joint decision, with reasons in Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.artefact import Thresholds
from classifier.labels import ANSWERLESS, FIELDS, KINDS, LEGAL_KINDS
from classifier.prediction import LabelScore, Urgency, WardReading
from classifier.urgency import Danger


@dataclass(frozen=True, slots=True)
class Reading:
    """All parts of one reading. `familiar` is the share of the words that the model knows."""

    ward: WardReading
    fields: tuple[LabelScore, ...]
    kind: LabelScore
    urgent: Urgency
    rule: Danger | None
    familiar: float
    language: str


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a person must look, and what is to be told of the reading, most important first."""

    needed: bool
    reasons: tuple[str, ...]


def review(read: Reading, limits: Thresholds) -> Review:
    """The joint decision of ward, field, kind, urgency and familiarity.

    A ward that the words leave open is told but asks for no second reading: it is the sender who must be asked, and a
    ticket without a ward never goes to a ward's desk.
    """
    place: tuple[str, ...] = ()
    if read.ward.ward is None:
        place = read.ward.reasons or ("Chưa xác định được phường, xã.",)
    closes = _closes(read, limits)
    found = [] if closes else _field(read.fields, limits)
    if read.kind.id in LEGAL_KINDS:
        found.append(f"Có dấu hiệu {KINDS[read.kind.id]}: cần người xem và quyết định.")
    if read.kind.id in ANSWERLESS and not closes:
        found.append(f"Có thể không chỉ là {KINDS[read.kind.id]}: cần người xem trước khi đóng.")
    if not read.urgent.value and read.urgent.score >= limits.urgent_unclear:
        named = f"Có lời báo nguy ({read.rule.title}) nhưng chưa" if read.rule else "Chưa"
        found.append(f"{named} rõ có khẩn cấp hay không.")
    if read.familiar < limits.familiar:
        found.append("Nội dung lạ so với các tin đã học.")
    if read.language != "vi":
        found.append("Tin không viết bằng tiếng Việt.")
    return Review(bool(found) or read.ward.doubtful, (*place, *found))


def _closes(read: Reading, limits: Thresholds) -> bool:
    """Plain thanks or spam about nothing: a dispatcher closes it anyway, so that its field needs no second reading."""
    sure = min(read.kind.score, read.fields[0].score) >= limits.field_alone
    calm = read.rule is None and read.urgent.score < limits.urgent_unclear
    return sure and calm and read.kind.id in ANSWERLESS and read.fields[0].id == "other"


def _field(fields: tuple[LabelScore, ...], limits: Thresholds) -> list[str]:
    first, second = fields[0], fields[1]
    if first.id == "other":
        return ["Không thuộc lĩnh vực nào rõ ràng."]
    if first.score >= limits.field_alone:
        return []
    return [
        f"Chưa chắc về lĩnh vực: {FIELDS[first.id]} ({first.score:.0%}) hay {FIELDS[second.id]} ({second.score:.0%})."
    ]
