"""A matter that is read as another one may be due later: never quietly, and never to be in time after all."""

from __future__ import annotations

import pytest

from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Actor, Role
from feedback.services import answer, ending, placing
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import tickets
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import LAN, NGHIA_DO, THANH_LIET, staff
from tests.feedback.watch import Watch, at, watched

TUYET = staff("Tuyết", Role.WARD_LEAD, ward=THANH_LIET)
BEFORE, AFTER = "2026-03-02T11:59", "2026-03-02T12:01"


@pytest.fixture
def watch() -> Watch:
    return Watch(at("2026-03-02T08:00"))


@pytest.fixture
def app(app: App, watch: Watch) -> App:
    return watched(app, watch)


@pytest.fixture
def urgent(app: App, settings: Settings) -> str:
    code = routed(app, settings, reading(urgent=True))
    assert ticket(app, code).answer_due_at == at("2026-03-02T12:00")
    return code


def read_as(app: App, by: Actor, code: str, level: Level, reason: str = "misread") -> None:
    version = ticket(app, code).version
    placing.reclassify(
        app, by, code, version, kind=Kind.REPORT, field_id="waste", level=level, reason_id=reason
    )


def test_less_urgent_needs_a_reason(app: App, watch: Watch, urgent: str) -> None:
    watch.set(BEFORE)
    with pytest.raises(InvalidInput, match="lùi lại"):
        read_as(app, LAN, urgent, Level.NORMAL, reason="")
    read_as(app, LAN, urgent, Level.NORMAL)
    with app.store.reading() as session:
        told = tickets.trail(session, ticket(app, urgent).id)[-1]
    assert (told.reason, told.before["level"], told.after["level"]) == ("misread", "urgent", "normal")
    assert told.before["answer_due_at"] < told.after["answer_due_at"]


@pytest.mark.parametrize("level", [Level.NORMAL, Level.COMPLEX])
def test_who_is_late_does_not_read_the_matter_as_a_slower_one(
    app: App, watch: Watch, urgent: str, level: Level
) -> None:
    watch.set(AFTER)
    due = ticket(app, urgent).answer_due_at
    with pytest.raises(IllegalChange, match="quá hạn"):
        read_as(app, LAN, urgent, level)
    answer.submit(app, LAN, urgent, ticket(app, urgent).version, "Đã xử lý.")
    found = ticket(app, urgent)
    assert (found.answer_due_at, found.answered_on_time) == (due, False)


def test_nor_passes_it_on_as_a_slower_one(app: App, watch: Watch, urgent: str) -> None:
    watch.set(AFTER)
    place = Place(Queue.WARD, NGHIA_DO, level=Level.COMPLEX)
    with pytest.raises(IllegalChange, match="quá hạn"):
        placing.transfer(app, LAN, urgent, ticket(app, urgent).version, place, "wrong_ward")
    placing.transfer(app, LAN, urgent, ticket(app, urgent).version, Place(Queue.WARD, NGHIA_DO), "wrong_ward")
    assert ticket(app, urgent).answer_due_at == at("2026-03-02T12:00")


def test_whoever_decides_on_extensions_puts_a_misreading_right(app: App, watch: Watch, urgent: str) -> None:
    watch.set(AFTER)
    read_as(app, TUYET, urgent, Level.NORMAL)
    assert ticket(app, urgent).answer_due_at == at("2026-03-09T17:00")


def test_nothing_stands_in_the_way_of_a_denunciation(app: App, watch: Watch, urgent: str) -> None:
    watch.set(AFTER)
    placing.reclassify(
        app,
        LAN,
        urgent,
        ticket(app, urgent).version,
        kind=Kind.DENUNCIATION,
        field_id="official_conduct",
        level=Level.NORMAL,
        reason_id="accuses_violation",
    )
    assert ticket(app, urgent).restricted


def test_an_answer_given_late_stays_late_whatever_it_is_read_as(app: App, watch: Watch, urgent: str) -> None:
    watch.set(AFTER)
    answer.submit(app, LAN, urgent, ticket(app, urgent).version, "Đã xử lý.")
    read_as(app, LAN, urgent, Level.COMPLEX)
    assert ticket(app, urgent).answered_on_time is False


@pytest.mark.parametrize(
    ("reason", "told"), [("done", True), ("withdrawn", True), ("spam", False), ("thanks", False)]
)
def test_nothing_is_closed_behind_the_citizens_back(app: App, urgent: str, reason: str, told: bool) -> None:
    ending.close(app, LAN, urgent, ticket(app, urgent).version, reason)
    with app.store.reading() as session:
        said = tickets.messages(session, ticket(app, urgent).id)
    assert [m.purpose for m in said if m.direction == "out"][1:] == (["notice"] if told else [])
