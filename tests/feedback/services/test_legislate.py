"""New versions of the terms: who may, what is refused, what becomes of running tickets."""

from __future__ import annotations

import copy
import threading
from datetime import timedelta
from typing import Any

import pytest

from feedback.domain import terms_document
from feedback.domain.case import judge_case
from feedback.domain.errors import InvalidInput, NotAllowed, StaleVersion
from feedback.domain.permissions import Actor, Role
from feedback.domain.terms import Terms
from feedback.services import deadlines, legislate, rejudge
from feedback.services.app import App
from feedback.services.rejudge import Target
from feedback.store import tickets
from feedback.store.tables import Ticket
from tests.feedback.people import AN, DUNG, LAN
from tests.feedback.web.desk_town import Town

QUAN = Actor(None, "Quản", frozenset({Role.ADMIN}))
LONGER = {"term": "7wd", "basis": "giả định", "source": "thử"}
SHORTER = {"term": "1wd", "basis": "giả định", "source": "thử"}


def document(app: App, **edit: Any) -> dict[str, Any]:
    made = copy.deepcopy(dict(legislate.book(app, QUAN).document))
    start = app.store.now() + timedelta(minutes=1)
    return {**made, "version": "thu", "valid_from": start.isoformat(), **edit}


def levels(normal: dict[str, str], base: dict[str, Any]) -> dict[str, Any]:
    return {**base["levels"], "normal": normal}


def longer(app: App) -> dict[str, Any]:
    made = document(app)
    return {**made, "levels": levels(LONGER, made)}


def shorter(app: App) -> dict[str, Any]:
    made = document(app)
    return {**made, "levels": levels(SHORTER, made)}


def publish(
    app: App, made: dict[str, Any], *, move: bool | None, actor: Actor = QUAN, base: str = ""
) -> Terms:
    base = base or legislate.book(app, QUAN).latest.version
    return legislate.publish(app, actor, made, base=base, note="Quyết định thử", move=move)


def due_by(app: App, town: Town, code: str, terms: Terms) -> Any:
    with app.store.reading() as session:
        ticket = tickets.by_code(session, code)
        assert ticket is not None
        basis = deadlines.basis_of(app, session, ticket)
        return judge_case(deadlines.case_of(session, ticket), terms, basis.clock).answer_due_at


def test_a_version_that_keeps_running_tickets_changes_none_of_them(app: App, town: Town) -> None:
    code = town.ticket()
    before = town.look(code)
    publish(app, longer(app), move=False)
    assert rejudge.run(app) == 0
    after = town.look(code)
    assert (after.answer_due_at, after.rule_version) == (before.answer_due_at, before.rule_version)
    assert "rejudged" not in town.actions(code)


def test_a_version_that_takes_running_tickets_over_judges_each_anew_and_says_so(app: App, town: Town) -> None:
    code, done = town.ticket(), town.ticket(state="answered")
    before = town.look(code)
    terms = publish(app, longer(app), move=True)
    expected = due_by(app, town, code, terms)
    assert rejudge.run(app) == 1
    after = town.look(code)
    assert before.answer_due_at is not None
    assert after.answer_due_at == expected > before.answer_due_at
    assert after.rule_version == terms.version
    assert town.actions(code)[-1] == "rejudged"
    assert town.look(done).rule_version == before.rule_version
    with app.store.reading() as session:
        event = tickets.trail(session, after.id)[-1]
    assert event.reason == "Quyết định thử"
    assert event.before["rule_version"] == before.rule_version
    assert event.after["rule_version"] == terms.version


def test_a_ticket_is_judged_by_what_was_in_force_when_it_came(app: App, town: Town) -> None:
    old = town.ticket()
    terms = publish(app, longer(app), move=False)
    with app.store.reading() as session:
        now = app.store.now()
        assert app.rules.in_force(session, now).version == town.look(old).rule_version
        assert app.rules.in_force(session, now + timedelta(minutes=5)).version == terms.version


def test_a_correction_keeps_the_version_a_ticket_was_first_judged_by(app: App, town: Town) -> None:
    from feedback.domain.kinds import Kind, Level
    from feedback.services import placing

    code = town.ticket()
    first = town.look(code).rule_version
    publish(app, longer(app), move=False)
    found = town.look(code)
    placing.reclassify(
        app,
        DUNG,
        code,
        found.version,
        kind=Kind.REPORT,
        field_id="waste",
        level=Level.COMPLEX,
        reason_id="misread",
    )
    assert town.look(code).rule_version == first


def test_the_preview_says_what_moving_would_do_and_touches_nothing(app: App, town: Town) -> None:
    codes = [town.ticket() for _ in range(3)]
    town.ticket(level="urgent")
    town.ticket(state="closed")
    hidden = town.ticket(restricted=True, queue="reception", kind="complaint", ward_code=None, state="review")
    longest = terms_of(app, longer(app))
    found = rejudge.effect(app, QUAN, Target(terms=longest))
    assert (found.running, found.later, found.earlier, found.unchanged) == (4, 3, 0, 1)
    assert [row.code for row in found.first] == codes
    assert hidden not in {row.code for row in found.first}
    assert found.by_ward == {"00160": 3}
    assert [town.look(code).version for code in codes] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["denunciation", "complaint"])
def test_a_draft_for_one_kind_does_not_tell_how_many_there_are(app: App, town: Town, kind: str) -> None:
    made = document(app)
    made["overrides"] = [{"part": "answer", "kind": kind, **SHORTER}]
    terms = terms_of(app, made)
    none, counts = rejudge.effect(app, QUAN, Target(terms=terms)), legislate.book(app, QUAN).counts
    queue = {"denunciation": "denunciation", "complaint": "reception"}[kind]
    town.ticket(restricted=True, queue=queue, kind=kind, ward_code=None, state="review")
    assert rejudge.effect(app, QUAN, Target(terms=terms)) == none
    assert legislate.book(app, QUAN).counts == counts


def test_the_preview_counts_what_would_be_overdue_at_once(app: App, town: Town) -> None:
    town.ticket(age=timedelta(days=6))
    found = rejudge.effect(app, QUAN, Target(terms=terms_of(app, shorter(app))))
    assert (found.earlier, found.newly_overdue) == (1, 1)


def terms_of(app: App, made: dict[str, Any]) -> Terms:
    return legislate.drafted(app, QUAN, made)


def test_a_move_goes_on_where_a_process_ended(app: App, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [town.ticket() for _ in range(5)]
    monkeypatch.setattr(rejudge, "BATCH", 2)
    terms = publish(app, longer(app), move=True)
    judge, judged = deadlines.judge, []

    def dying(given: App, tx: Any, ticket: Ticket) -> None:
        judged.append(ticket.code)
        if len(judged) == 4:
            raise SystemExit(137)
        judge(given, tx, ticket)

    with monkeypatch.context() as patch:
        patch.setattr(deadlines, "judge", dying)
        with pytest.raises(SystemExit):
            rejudge.run(app)
    rejudge.run(app)
    assert {town.look(code).rule_version for code in codes} == {terms.version}
    assert [town.actions(code).count("rejudged") for code in codes] == [1] * 5
    assert legislate.book(app, QUAN).moves[0].done_at is not None


def test_a_ticket_that_cannot_be_judged_keeps_what_it_had_and_stops_nobody(
    app: App, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [town.ticket() for _ in range(3)]
    terms = publish(app, longer(app), move=True)
    judge = deadlines.judge

    def refusing(given: App, tx: Any, ticket: Ticket) -> None:
        if ticket.code == codes[1]:
            raise InvalidInput("không tính được")
        judge(given, tx, ticket)

    monkeypatch.setattr(deadlines, "judge", refusing)
    rejudge.run(app)
    moved = [town.look(code).rule_version == terms.version for code in codes]
    assert moved == [True, False, True]
    assert legislate.book(app, QUAN).moves[0].failed == 1


def test_two_clocks_move_each_ticket_once(app: App, town: Town) -> None:
    codes = [town.ticket() for _ in range(8)]
    publish(app, longer(app), move=True)
    clocks = [threading.Thread(target=rejudge.run, args=(app,)) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    rejudge.run(app)
    assert [town.actions(code).count("rejudged") for code in codes] == [1] * 8


def test_only_an_administrator_publishes(app: App) -> None:
    made = longer(app)
    for actor in (LAN, DUNG, AN):
        with pytest.raises(NotAllowed):
            publish(app, made, move=False, actor=actor)
        with pytest.raises(NotAllowed):
            rejudge.effect(app, actor, Target(terms=terms_document.current()))
        with pytest.raises(NotAllowed):
            rejudge.ask(app, actor, Target(calendar_version="x"), "thử")


def test_nothing_is_published_backwards_twice_unexplained_or_undecided(app: App) -> None:
    made = longer(app)
    past = (app.store.now() - timedelta(days=1)).isoformat()
    far = (app.store.now() + timedelta(days=800)).isoformat()
    for document, move, note in (
        ({**made, "valid_from": past}, False, "x"),
        ({**made, "valid_from": far}, False, "x"),
        (made, None, "x"),
        (made, False, "  "),
        ({**made, "receive": {"term": "9wh", "basis": "law", "source": "x"}}, False, "x"),
    ):
        with pytest.raises(InvalidInput):
            legislate.publish(
                app, QUAN, document, base=legislate.book(app, QUAN).latest.version, note=note, move=move
            )
    publish(app, made, move=False)
    with pytest.raises(InvalidInput):
        publish(app, made, move=False)


def test_of_two_editors_the_second_is_told_and_overwrites_nothing(app: App) -> None:
    base = legislate.book(app, QUAN).latest.version
    publish(app, longer(app), move=False, base=base)
    with pytest.raises(StaleVersion):
        publish(app, shorter(app), move=False, base=base)


def test_no_second_move_begins_while_one_is_under_way(app: App, town: Town) -> None:
    town.ticket()
    publish(app, longer(app), move=True)
    with pytest.raises(InvalidInput):
        publish(app, shorter(app), move=True)
    assert len(legislate.book(app, QUAN).versions) == 3, "nothing half done"
    rejudge.run(app)
    publish(app, shorter(app), move=True)


def test_of_two_who_ask_for_a_move_at_once_one_is_told(app: App, town: Town) -> None:
    town.ticket()
    target = Target(terms=publish(app, longer(app), move=False))
    start, refused = threading.Barrier(2), list[InvalidInput]()

    def ask() -> None:
        start.wait()
        try:
            rejudge.ask(app, QUAN, target, "thử")
        except InvalidInput as refusal:
            refused.append(refusal)

    people = [threading.Thread(target=ask) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(refused) == 1
    assert len(legislate.book(app, QUAN).moves) == 1


def test_a_move_needs_a_target_and_a_reason(app: App) -> None:
    with pytest.raises(InvalidInput):
        rejudge.ask(app, QUAN, Target(), "thử")
    with pytest.raises(InvalidInput):
        rejudge.ask(app, QUAN, Target(calendar_version="x"), "")


def test_an_older_calendar_is_left_only_when_somebody_decides(app: App, town: Town) -> None:
    from feedback.domain import calendar, calendar_document
    from feedback.store.tables import CalendarVersion

    older = copy.deepcopy(dict(calendar_document.shipped()))
    next_days = [(app.store.now() + timedelta(days=n)).date().isoformat() for n in range(1, 9)]
    for year in older["years"]:
        year["days_off"] = [day for day in year["days_off"] if day not in next_days]
        if str(year["year"]) == next_days[0][:4]:
            year["days_off"] = sorted({*year["days_off"], *weekdays(next_days)})
    version = calendar_document.built(older).version
    with app.store.transaction(QUAN) as tx:
        tx.session.add(CalendarVersion(version=version, document=older, added_at=tx.now))
        tx.commit()
    code = town.ticket()
    shipped_due = town.look(code).answer_due_at
    with app.store.transaction(QUAN) as tx:
        ticket = tickets.locked(tx.session, code)
        assert ticket is not None
        ticket.calendar_version = version
        deadlines.judge(app, tx, ticket)
        tx.audit("test", "rejudged")
        tx.commit()
    assert town.look(code).answer_due_at != shipped_due
    assert legislate.book(app, QUAN).calendar_moves == 1
    rejudge.ask(app, QUAN, Target(calendar_version=calendar.shipped().version), "Lịch mới")
    rejudge.run(app)
    assert town.look(code).answer_due_at == shipped_due
    assert legislate.book(app, QUAN).calendar_moves == 0


def weekdays(days: list[str]) -> list[str]:
    from datetime import date

    return [day for day in days if date.fromisoformat(day).weekday() < 5]
