"""Citizens' messages on their way through the real adapters and use cases."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from channels.message import RawDelivery
from channels.web import form
from classifier.prediction import LabelScore, Prediction, Query, Urgency, WardScore
from feedback.services import deliver, intake, triage
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.tables import Ticket
from tests.feedback.people import THANH_LIET

_numbers = itertools.count(1)


def next_number() -> int:
    """Never the same twice in a test process."""
    return next(_numbers)


def reading(
    *,
    ward: str | None = THANH_LIET,
    field: str = "waste",
    kind: str = "report",
    urgent: bool = False,
    needs_review: bool = False,
) -> Prediction:
    """What a classifier might say."""
    score = WardScore(ward, "Phường Thanh Liệt", 0.97) if ward else None
    return Prediction(
        ward=score,
        ward_candidates=(score,) if score else (),
        field=LabelScore(field, 0.95),
        field_candidates=(LabelScore(field, 0.95),),
        kind=LabelScore(kind, 0.96),
        urgent=Urgency(urgent, 0.9 if urgent else 0.05),
        needs_review=needs_review,
        evidence=(),
        model="scripted",
    )


@dataclass(frozen=True)
class Scripted:
    """A reader that says what the test wants to see routed."""

    says: Prediction

    def predict_many(self, queries: Sequence[Query]) -> list[Prediction]:
        return [self.says for _ in queries]


def form_delivery(settings: Settings, text: str, **fields: str) -> RawDelivery:
    """One portal form, sealed as the web tier seals it."""
    wanted = form.Form(submission_id=f"submission-{next(_numbers)}", text=text, phone="0900000001")
    body = form.body(replace(wanted, **fields))  # type: ignore[arg-type]
    headers = {form.SEAL_HEADER: form.seal(body, settings.secret_key.encode())}
    return RawDelivery("web", "portal", body, headers, datetime.now(UTC))


def routed(app: App, settings: Settings, says: Prediction | None = None, **fields: str) -> str:
    """The code of a ticket that was received and read."""
    code = intake.receive(app, form_delivery(settings, "Rác ba ngày chưa ai dọn", **fields)).code
    assert code is not None
    read(app, says or reading())
    return code


def read(app: App, says: Prediction | None) -> None:
    """Triage everything that waits; None stands for a service without a classifier."""
    triage.drain(app, Scripted(says) if says else None, "test")


def send(app: App) -> None:
    """Deliver everything that waits."""
    while deliver.drain(app, "test"):
        pass


def ticket(app: App, code: str) -> Ticket:
    with app.store.reading() as session:
        found = tickets.by_code(session, code)
        assert found is not None
        return found
