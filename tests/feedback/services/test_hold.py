"""Legal holds: set, lifted once, out of reach like everything else."""

from __future__ import annotations

import random

import pytest

from feedback.domain import codes
from feedback.domain.errors import IllegalChange, InvalidInput, NotAllowed, NotFound
from feedback.services import hold
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import erasing
from feedback.store.tables import AuditEvent, LegalHold
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import AN, BINH, DUNG, HOA, LAN, THU
from tests.feedback.services.keeping import age

COURT = ("court", "TAND quận thử nghiệm, số 1/2026")

UNKNOWN = codes.new_code(2026, random.Random(7))


def held(app: App, code: str) -> bool:
    with app.store.reading() as session:
        return erasing.is_held(session, ticket(app, code).id)


def test_a_hold_is_set_and_lifted_and_stands_in_the_trail(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    number = hold.put(app, HOA, code, *COURT)
    assert held(app, code)
    hold.lift(app, HOA, number, "ended")
    assert not held(app, code)
    with app.store.reading() as session:
        chain = f"ticket:{ticket(app, code).id}"
        rows = session.query(AuditEvent).filter_by(chain=chain).order_by(AuditEvent.seq).all()
        assert [(row.action, row.reason) for row in rows[-2:]] == [
            ("held", "court"),
            ("hold_lifted", "ended"),
        ]


def test_a_hold_on_a_person_covers_every_ticket(app: App, settings: Settings) -> None:
    one, two = routed(app, settings), routed(app, settings)
    stranger = routed(app, settings, phone="0900000055")
    number = hold.put(app, HOA, one, *COURT, everything=True)
    assert [held(app, code) for code in (one, two, stranger)] == [True, True, False]
    hold.lift(app, HOA, number, "by_mistake")
    assert not held(app, two)


def test_lifting_twice_is_refused(app: App, settings: Settings) -> None:
    number = hold.put(app, HOA, routed(app, settings), *COURT)
    hold.lift(app, HOA, number, "ended")
    with pytest.raises(IllegalChange, match="đã được gỡ"):
        hold.lift(app, HOA, number, "ended")


def test_one_of_two_holds_is_enough(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    first = hold.put(app, HOA, code, *COURT)
    hold.put(app, HOA, code, "inspection", "Thanh tra thử nghiệm")
    hold.lift(app, HOA, first, "ended")
    assert held(app, code)


@pytest.mark.parametrize(
    ("reason", "authority"), [("", "TAND"), ("curiosity", "TAND"), ("court", "  "), ("court", "x" * 201)]
)
def test_a_hold_needs_a_reason_and_an_authority(
    app: App, settings: Settings, reason: str, authority: str
) -> None:
    with pytest.raises(InvalidInput):
        hold.put(app, HOA, routed(app, settings), reason, authority)


def test_nobody_else_holds(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    number = hold.put(app, HOA, code, *COURT)
    for other in (LAN, DUNG, AN, BINH, THU):
        with pytest.raises(NotFound):
            hold.put(app, other, code, *COURT)
        with pytest.raises(NotFound):
            hold.lift(app, other, number, "ended")


def test_a_hold_on_a_person_is_the_privacy_officers_to_lift(app: App, settings: Settings) -> None:
    number = hold.put(app, HOA, routed(app, settings), *COURT, everything=True)
    with pytest.raises(NotAllowed):
        hold.lift(app, THU, number, "ended")


def test_a_denunciation_is_held_by_its_own_officer_and_unknown_to_the_other(
    app: App, settings: Settings
) -> None:
    code = routed(app, settings, reading(kind="denunciation"))
    for typed in (code, UNKNOWN, "bừa"):
        with pytest.raises(NotFound):
            hold.put(app, HOA, typed, *COURT)
    number = hold.put(app, THU, code, *COURT)
    with pytest.raises(NotFound):
        hold.lift(app, HOA, number, "ended")
    with pytest.raises(NotFound):
        hold.lift(app, HOA, number + 1000, "ended")
    from feedback.services import rights_desk

    assert rights_desk.board(app, HOA).holds == []


def test_what_is_erased_is_not_held(app: App, settings: Settings) -> None:
    code = routed(app, settings)
    age(app, code, 1, erased_at=app.store.now())
    with pytest.raises(IllegalChange, match="đã được xóa"):
        hold.put(app, HOA, code, *COURT)
    with app.store.reading() as session:
        assert session.query(LegalHold).count() == 0
