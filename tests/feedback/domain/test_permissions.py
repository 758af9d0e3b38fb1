"""Permissions as sentences about people.

Lan is an officer and Hùng the lead in ward 00160; Mai an officer in ward 00008; Điệp dispatches at the
Centre, An audits, Quản administers, Tâm handles denunciations.
"""

from dataclasses import replace

import pytest

from feedback.domain.errors import NotAllowed
from feedback.domain.kinds import Kind, Queue
from feedback.domain.permissions import (
    CITIZEN_ACTIONS,
    GENERAL_ACTIONS,
    SYSTEM_ACTIONS,
    TICKET_ACTIONS,
    Action,
    Actor,
    Role,
    TicketFacts,
    allowed,
    require,
)

LAN = Actor(1, "Lan", frozenset({Role.WARD_OFFICER}), "00160")
HUNG = Actor(2, "Hùng", frozenset({Role.WARD_LEAD}), "00160")
MAI = Actor(3, "Mai", frozenset({Role.WARD_OFFICER}), "00008")
DIEP = Actor(4, "Điệp", frozenset({Role.DISPATCHER}))
AN = Actor(5, "An", frozenset({Role.AUDITOR}))
QUAN = Actor(6, "Quản", frozenset({Role.ADMIN}))
TAM = Actor(7, "Tâm", frozenset({Role.DENUNCIATION_OFFICER}))
STAFF = [LAN, HUNG, MAI, DIEP, AN, QUAN, TAM]
CITIZEN = Actor.citizen()
TRIAGE = Actor.system("triage")

POTHOLE = TicketFacts(Queue.WARD, "00160", restricted=False, kind=Kind.REPORT, field="roads")
RUDE_CLERK = TicketFacts(Queue.CENTRE, "00160", restricted=False, kind=Kind.REPORT, field="official_conduct")
LATE_FILE = replace(RUDE_CLERK, field="admin_procedure")
UNSURE = TicketFacts(Queue.DISPATCHER, None, restricted=False, kind=Kind.REPORT)
COMPLAINT = TicketFacts(Queue.RECEPTION, None, restricted=True, kind=Kind.COMPLAINT)
DENUNCIATION = TicketFacts(Queue.DENUNCIATION, None, restricted=True, kind=Kind.DENUNCIATION)
EVERY_TICKET = [POTHOLE, RUDE_CLERK, LATE_FILE, UNSURE, COMPLAINT, DENUNCIATION]


def who_may(action: Action, ticket: TicketFacts | None = None) -> set[str]:
    return {person.name for person in STAFF if allowed(person, action, ticket)}


def test_the_ward_and_the_dispatcher_answer_a_pothole() -> None:
    assert who_may(Action.ANSWER, POTHOLE) == {"Lan", "Hùng", "Điệp"}


def test_the_neighbouring_ward_does_not_even_see_it() -> None:
    assert who_may(Action.READ, POTHOLE) == {"Lan", "Hùng", "Điệp", "An"}


@pytest.mark.parametrize("ticket", [RUDE_CLERK, LATE_FILE])
def test_centre_tickets_are_not_for_wards(ticket: TicketFacts) -> None:
    assert who_may(Action.READ, ticket) == {"Điệp", "An"}
    assert who_may(Action.ANSWER, ticket) == {"Điệp"}


def test_a_ward_never_handles_words_about_its_own_clerk_even_when_misplaced() -> None:
    assert who_may(Action.READ, replace(RUDE_CLERK, queue=Queue.WARD)) == {"Điệp", "An"}


def test_a_commune_service_point_may_be_given_a_procedure() -> None:
    assert "Lan" in who_may(Action.ANSWER, replace(LATE_FILE, queue=Queue.WARD))


def test_only_tam_knows_of_a_denunciation() -> None:
    for action in set(Action):
        assert who_may(action, DENUNCIATION) <= {"Tâm"}
    assert who_may(Action.READ, DENUNCIATION) == {"Tâm"}


@pytest.mark.parametrize("queue", Queue)
@pytest.mark.parametrize("restricted", [True, False])
def test_a_denunciation_stays_secret_on_whatever_desk_it_lies(queue: Queue, restricted: bool) -> None:
    misplaced = TicketFacts(queue, "00160", restricted, Kind.DENUNCIATION, "roads")
    assert who_may(Action.READ, misplaced) == {"Tâm"}


def test_the_denunciation_desk_is_secret_whatever_the_kind() -> None:
    assert who_may(Action.READ, replace(DENUNCIATION, kind=Kind.REPORT)) == {"Tâm"}


def test_a_complaint_is_for_reception_only() -> None:
    assert who_may(Action.READ, COMPLAINT) == who_may(Action.HAND_OVER, COMPLAINT) == {"Điệp", "Tâm"}


def test_a_restricted_mark_alone_shuts_the_ward_out() -> None:
    assert who_may(Action.READ, replace(POTHOLE, restricted=True)) == {"Điệp", "Tâm"}


def test_the_auditor_reads_and_changes_nothing() -> None:
    for ticket in EVERY_TICKET:
        assert {a for a in Action if allowed(AN, a, ticket)} <= {Action.READ}
    assert {a for a in Action if allowed(AN, a)} == {
        Action.VIEW_FIGURES,
        Action.EXPORT_FIGURES,
        Action.VIEW_AUDIT,
        Action.VIEW_TERMS,
    }


def test_the_auditor_never_sees_a_phone_number() -> None:
    assert "An" not in who_may(Action.READ_CONTACT, POTHOLE)


def test_the_administrator_manages_and_never_answers_or_reads() -> None:
    for ticket in EVERY_TICKET:
        assert {a for a in Action if allowed(QUAN, a, ticket)} <= {Action.RESEND}
    assert who_may(Action.MANAGE_USERS) == who_may(Action.MANAGE_QUARANTINE) == {"Quản"}


def test_an_officer_takes_free_tickets_and_only_the_lead_those_of_a_colleague() -> None:
    assert allowed(LAN, Action.ASSIGN, POTHOLE)
    assert allowed(LAN, Action.ASSIGN, replace(POTHOLE, assigned_to=LAN.user_id))
    assert not allowed(LAN, Action.ASSIGN, replace(POTHOLE, assigned_to=99))
    assert allowed(HUNG, Action.ASSIGN, replace(POTHOLE, assigned_to=99))


def test_an_officer_without_a_ward_reaches_nothing() -> None:
    nobody = replace(LAN, ward_code=None)
    assert not allowed(nobody, Action.READ, POTHOLE)
    assert not allowed(nobody, Action.READ, replace(POTHOLE, ward_code=None))


def test_two_roles_add_up_but_do_not_mix() -> None:
    both = replace(LAN, roles=frozenset({Role.WARD_OFFICER, Role.AUDITOR}))
    assert allowed(both, Action.ANSWER, POTHOLE)
    assert allowed(both, Action.READ, RUDE_CLERK)
    assert not allowed(both, Action.ANSWER, RUDE_CLERK)


def test_a_citizen_rates_and_reopens_and_nothing_more() -> None:
    assert {a for a in Action if allowed(CITIZEN, a, POTHOLE)} == CITIZEN_ACTIONS
    assert not any(allowed(CITIZEN, action) for action in Action)
    assert not allowed(CITIZEN, Action.READ_CONTACT, POTHOLE)


def test_the_service_routes_and_never_decides() -> None:
    assert {a for a in Action if allowed(TRIAGE, a, UNSURE)} == SYSTEM_ACTIONS
    for action in (Action.ANSWER, Action.CLOSE, Action.REJECT, Action.HAND_OVER, Action.RECLASSIFY):
        assert not allowed(TRIAGE, action, UNSURE)


def test_somebody_without_roles_may_nothing() -> None:
    stranger = Actor(9, "Khách")
    assert not any(allowed(stranger, action, ticket) for action in Action for ticket in (*EVERY_TICKET, None))


def test_both_tables_name_every_role() -> None:
    assert set(TICKET_ACTIONS) == set(GENERAL_ACTIONS) == set(Role)


def test_a_refusal_is_raised_in_vietnamese() -> None:
    with pytest.raises(NotAllowed, match="không có quyền"):
        require(MAI, Action.ANSWER, POTHOLE)
    require(LAN, Action.ANSWER, POTHOLE)
