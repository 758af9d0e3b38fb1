"""What goes into the classifier and what comes out: the published contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """One message to be read.

    `text` and `subject` are taken as written; `lat`/`lon` are WGS 84 degrees; `receiving_ward` is the code of the unit at
    whose counter or desk the message came in.
    """

    text: str
    subject: str | None = None
    channel: str | None = None
    received_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    id: str | int | None = None
    receiving_ward: str | None = None


@dataclass(frozen=True, slots=True)
class WardScore:
    """`score` is a calibrated probability that the ward is the right one."""

    code: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class LabelScore:
    """`score` is a calibrated probability."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Urgency:
    value: bool
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the original text (Unicode code points, end exclusive) and, in Vietnamese, why it counts."""

    start: int
    end: int
    text: str
    why: str
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class WardReading:
    """The ward part of a prediction. `ward` is set only when it is asserted, and then stands among the candidates.

    `doubtful`: the words contradict each other or were read with little trust, so that a person may read them better. A
    list of the units that the words can mean is not doubtful: only the sender knows more.
    """

    ward: WardScore | None
    candidates: tuple[WardScore, ...]
    evidence: tuple[Evidence, ...] = ()
    outside_hanoi: bool = False
    reasons: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """The whole reading of one message.

    `needs_review`: a person may read the message better than the classifier did. `reasons`, in Vietnamese: why, and what
    the message leaves open (a ward that only its sender can name is no reason for review, and still a reason to ask).
    `gist`: for a long text, the sentence that says what is the matter.
    """

    ward: WardScore | None
    ward_candidates: tuple[WardScore, ...]
    field: LabelScore
    field_candidates: tuple[LabelScore, ...]
    kind: LabelScore
    urgent: Urgency
    needs_review: bool
    evidence: tuple[Evidence, ...]
    model: str
    secondary_fields: tuple[LabelScore, ...] = ()
    outside_hanoi: bool = False
    language: str = "vi"
    reasons: tuple[str, ...] = ()
    gist: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's JSON object, without `id`."""
        out = asdict(self)
        out["evidence"] = [_evidence_json(span) for span in self.evidence]
        return out


def _evidence_json(span: Evidence) -> dict[str, Any]:
    row: dict[str, Any] = {"start": span.start, "end": span.end, "text": span.text, "why": span.why}
    if span.in_subject:
        row["in"] = "subject"
    return row
