"""Where tickets go, and where they may be sent afterwards."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.errors import InvalidInput
from feedback.domain.fields import shipped
from feedback.domain.kinds import RESTRICTED_QUEUES, Kind, Level, Queue
from feedback.domain.permissions import Action, TicketFacts
from feedback.domain.reasons import CLOSE
from feedback.domain.routing import Because, Placement, Triage, reclassify, route, transfer

POTHOLE = Triage(Kind.REPORT, "roads", "00160")


@pytest.mark.parametrize(
    ("reading", "queue", "because"),
    [
        (POTHOLE, Queue.WARD, Because.WARD_KNOWN),
        (replace(POTHOLE, needs_review=True), Queue.DISPATCHER, Because.LOW_CONFIDENCE),
        (replace(POTHOLE, ward_code=None), Queue.DISPATCHER, Because.NO_WARD),
        (replace(POTHOLE, ward_code=None, outside_hanoi=True), Queue.DISPATCHER, Because.OUTSIDE_HANOI),
        (replace(POTHOLE, field="official_conduct"), Queue.CENTRE, Because.CENTRE_MATTER),
        (replace(POTHOLE, field="admin_procedure", ward_code=None), Queue.CENTRE, Because.CENTRE_MATTER),
        (replace(POTHOLE, kind=Kind.THANKS), Queue.DISPATCHER, Because.NOTHING_TO_DO),
        (replace(POTHOLE, kind=Kind.SPAM, needs_review=True), Queue.DISPATCHER, Because.NOTHING_TO_DO),
        (replace(POTHOLE, kind=Kind.COMPLAINT), Queue.RECEPTION, Because.LEGAL_ROAD),
        (replace(POTHOLE, kind=Kind.DENUNCIATION), Queue.DENUNCIATION, Because.LEGAL_ROAD),
    ],
)
def test_the_first_desk(reading: Triage, queue: Queue, because: Because) -> None:
    made = route(reading)
    assert (made.queue, made.reasons[0]) == (queue, because)
    assert because.title_vi


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.DENUNCIATION])
def test_a_mere_suspicion_is_restricted_until_a_person_decides(kind: Kind) -> None:
    made = route(replace(POTHOLE, kind=kind, needs_review=True))
    assert made.restricted
    assert made.ward_code is None
    assert made.action is Action.TRIAGE


def test_urgent_sets_the_level_and_says_so() -> None:
    made = route(replace(POTHOLE, urgent=True))
    assert made.level is Level.URGENT
    assert Because.URGENT in made.reasons


def test_closing_is_only_proposed_and_with_a_reason_from_the_list() -> None:
    made = route(replace(POTHOLE, kind=Kind.SPAM))
    assert made.proposed_close in {reason.id for reason in CLOSE}
    assert made.action is Action.TRIAGE


readings = st.builds(
    Triage,
    st.sampled_from(Kind),
    st.sampled_from([field.id for field in shipped().fields]),
    st.sampled_from([None, "00160"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(readings)
def test_what_holds_for_every_reading(reading: Triage) -> None:
    made = route(reading)
    assert made.restricted is (made.queue in RESTRICTED_QUEUES)
    if made.queue is Queue.WARD:
        assert made.ward_code
        assert not reading.needs_review
        assert reading.field not in ("official_conduct", "admin_procedure")
    if reading.kind in (Kind.COMPLAINT, Kind.DENUNCIATION):
        assert made.restricted
    assert (made.action is Action.ROUTE) is (made.queue in (Queue.WARD, Queue.CENTRE))


AT_WARD = TicketFacts(Queue.WARD, "00160", restricted=False, kind=Kind.REPORT, field="roads")


def test_a_ward_hands_on_to_another_ward_or_the_centre() -> None:
    assert transfer(AT_WARD, Queue.WARD, "00008") == Placement(Queue.WARD, "00008", False)
    assert transfer(AT_WARD, Queue.CENTRE, None) == Placement(Queue.CENTRE, "00160", False)


@pytest.mark.parametrize(
    ("facts", "queue", "ward"),
    [
        (AT_WARD, Queue.WARD, "00160"),
        (AT_WARD, Queue.WARD, None),
        (AT_WARD, Queue.DENUNCIATION, None),
        (replace(AT_WARD, queue=Queue.CENTRE, field="official_conduct"), Queue.WARD, "00008"),
        (TicketFacts(Queue.RECEPTION, None, True, Kind.COMPLAINT), Queue.WARD, "00160"),
    ],
)
def test_transfers_that_are_refused(facts: TicketFacts, queue: Queue, ward: str | None) -> None:
    with pytest.raises(InvalidInput):
        transfer(facts, queue, ward)


def test_reclassified_as_denunciation_it_leaves_the_ward_and_loses_its_place() -> None:
    assert reclassify(AT_WARD, Kind.DENUNCIATION, "roads") == Placement(Queue.DENUNCIATION, None, True)


def test_what_was_no_complaint_goes_back_to_a_dispatcher() -> None:
    complaint = TicketFacts(Queue.RECEPTION, None, True, Kind.COMPLAINT)
    assert reclassify(complaint, Kind.REPORT, "land") == Placement(Queue.DISPATCHER, None, False)


def test_words_about_officials_leave_the_ward() -> None:
    assert reclassify(AT_WARD, Kind.REPORT, "official_conduct") == Placement(Queue.CENTRE, "00160", False)


def test_another_field_changes_nothing_else() -> None:
    assert reclassify(AT_WARD, Kind.QUESTION, "trees") == Placement(Queue.WARD, "00160", False)
