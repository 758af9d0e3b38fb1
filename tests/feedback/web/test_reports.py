"""Reports beside the figures: who may see what, which tickets stand behind a number, what a reader is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.errors import InvalidInput, NotAllowed
from feedback.domain.permissions import Actor, Role
from feedback.services import answer, ending, league, monthly, overdue, report
from feedback.services.periods import Period, month_of, today
from feedback.services.report import Scope
from feedback.store.queries.figures import By, Counted
from feedback.store.queries.spread import Step
from feedback.store.tables import ExtensionRow, PauseRow, Ticket, User
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, SYSTEM, Town

AN = Actor(1, "An", frozenset({Role.AUDITOR}))
DUNG = Actor(2, "Dũng", frozenset({Role.DISPATCHER}))
LEAD = Actor(3, "Hoa", frozenset({Role.WARD_LEAD}), NGHIA_DO)
CLOSER = Actor(None, "Dũng", frozenset({Role.DISPATCHER}))
OLD = timedelta(days=100)


def period(town: Town, days: int = 200) -> Period:
    last = today(town.app.store.now())
    return Period(last - timedelta(days=days), last)


def change(town: Town, code: str, **values: Any) -> None:
    with town.app.store.transaction(SYSTEM) as tx:
        ticket = tx.session.query(Ticket).filter_by(code=code).one()
        for name, value in values.items():
            setattr(ticket, name, value)
        tx.audit(f"ticket:{ticket.id}", "triaged")
        tx.commit()


def codes(town: Town, actor: Actor, counted: Counted, scope: Scope = report.EVERYTHING) -> set[str]:
    return {line.code for line in report.tickets(town.app, actor, period(town), scope, counted).lines}


def busy_town(town: Town) -> dict[str, str]:
    """One ticket for every way to be counted, by name."""
    named = {
        name: town.ticket(age=OLD) for name in ("on_time", "late", "overdue", "reopened", "rated", "rejected")
    }
    for name in ("on_time", "reopened", "rated", "rejected"):
        town.answer_after(named[name], timedelta(hours=3))
    town.answer_after(named["late"], timedelta(hours=90), late=True)
    change(town, named["reopened"], reopened=1)
    change(town, named["rated"], rating=4)
    change(town, named["rejected"], state="rejected", outcome_reason="outside")
    named["fresh"] = town.ticket()
    return named


def test_behind_every_number_stand_as_many_tickets(town: Town) -> None:
    busy_town(town)
    total = report.overview(town.app, AN, period(town)).total
    for counted in Counted:
        assert len(codes(town, AN, counted)) == getattr(total, counted.value), counted


def test_the_numbers_count_what_they_say(town: Town) -> None:
    named = busy_town(town)
    assert codes(town, AN, Counted.LATE) == {named["late"], named["overdue"]}
    assert codes(town, AN, Counted.OVERDUE) == {named["overdue"]}
    assert codes(town, AN, Counted.REOPENED) == {named["reopened"]}
    assert codes(town, AN, Counted.REJECTED) == {named["rejected"]}
    assert codes(town, AN, Counted.RATED) == {named["rated"]}
    assert named["fresh"] not in codes(town, AN, Counted.JUDGED)


def test_every_link_of_the_page_leads_to_the_tickets_it_counts(town: Town) -> None:
    busy_town(town)
    change(town, town.ticket(age=OLD, ward_code=HAI_BA_TRUNG), queue="centre")
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    last = today(town.app.store.now())
    asked = f"/so-lieu?from={last - timedelta(days=200)}&to={last}"
    followed = 0
    for by in By:
        page = visitor.text(f"{asked}&by={by}")
        for address, number in re.findall(r'<a href="(/so-lieu/ho-so[^"]+)">([\d.]+)</a>', page):
            listed = visitor.text(address.replace("&amp;", "&")).count('class="ticket-row')
            assert listed == int(number.replace(".", "")), address
            followed += 1
    assert followed > 30


def test_a_ticket_that_owes_nothing_is_never_judged(town: Town) -> None:
    code = town.ticket(age=OLD)
    town.answer_after(code, timedelta(hours=1))
    change(town, code, answer_due_at=None)
    total = report.overview(town.app, AN, period(town)).total
    assert (total.judged, total.on_time, total.share) == (0, 0, None)


def test_what_the_centre_answers_is_no_wards_merit_or_fault(town: Town) -> None:
    town.ticket(queue="centre")
    town.ticket(field_id="official_conduct")
    town.ticket()
    groups = report.overview(town.app, AN, period(town)).groups[By.WARD]
    assert {group.key: group.figures.received for group in groups} == {None: 2, NGHIA_DO: 1}


def test_a_lead_learns_nothing_of_words_about_the_own_officials(town: Town) -> None:
    town.ticket()
    town.ticket(field_id="official_conduct")
    town.ticket(queue="centre", field_id="official_conduct")
    found = report.overview(town.app, LEAD, period(town))
    assert found.total.received == 1
    assert [group.key for group in found.groups[By.FIELD]] == ["drainage"]
    assert len(codes(town, LEAD, Counted.RECEIVED)) == 1


def test_a_lead_cannot_ask_for_another_ward(town: Town) -> None:
    other = Scope(ward_code=HAI_BA_TRUNG)
    for ask in (report.overview, report.spreads):
        with pytest.raises(NotAllowed):
            ask(town.app, LEAD, period(town), other)
    with pytest.raises(NotAllowed):
        report.officers(town.app, LEAD, period(town), HAI_BA_TRUNG)
    with pytest.raises(NotAllowed):
        monthly.monthly(town.app, LEAD, month_of(today(town.app.store.now())), HAI_BA_TRUNG)
    with pytest.raises(NotAllowed):
        report.tickets(town.app, LEAD, period(town), other, Counted.RECEIVED)


def test_officers_are_shown_by_name_and_only_to_their_own_ward_and_the_auditor(town: Town) -> None:
    for name in ("binh", "anh"):
        town.hire(name, Role.WARD_OFFICER, NGHIA_DO)
    with town.app.store.reading() as session:
        ids = {user.name: user.id for user in session.query(User)}
    for name, hours in (("Binh", 2), ("Anh", 30), ("Anh", 10)):
        code = town.ticket(age=OLD)
        town.answer_after(code, timedelta(hours=hours))
        change(town, code, answered_by=ids[name])
    for actor in (LEAD, AN):
        found = report.officers(town.app, actor, period(town), NGHIA_DO).officers
        assert found is not None
        assert [(one.name, one.answered, one.median) for one in found] == [
            ("Anh", 2, 72_000),
            ("Binh", 1, 7200),
        ]
    assert report.officers(town.app, AN, period(town)).officers is None, (
        "never the whole city's persons in a row"
    )
    for nobody in (DUNG, Actor(9, "Cán bộ", frozenset({Role.WARD_OFFICER}), NGHIA_DO)):
        with pytest.raises(NotAllowed):
            report.officers(town.app, nobody, period(town), NGHIA_DO)


def test_a_lead_sees_only_the_own_ward_in_the_table(town: Town) -> None:
    for ward in (NGHIA_DO, HAI_BA_TRUNG):
        town.answer_after(town.ticket(age=OLD, ward_code=ward), timedelta(hours=1))
    assert len(league.league(town.app, AN, period(town)).few) == 2
    mine = league.league(town.app, LEAD, period(town))
    assert [one.ward_code for one in (*mine.ranked, *mine.few)] == [NGHIA_DO]
    assert mine.city.of == 2


def test_pauses_and_extensions_are_counted_by_reason(town: Town) -> None:
    code = town.ticket(age=timedelta(days=20))
    ticket = town.look(code)
    now = town.app.store.now()
    begun, until = now - timedelta(days=14), now - timedelta(days=7)
    with town.app.store.transaction(SYSTEM) as tx:
        tx.session.add(
            PauseRow(ticket_id=ticket.id, round=0, reason="waiting_citizen", started_at=begun, until=until)
        )
        tx.session.add(
            ExtensionRow(
                ticket_id=ticket.id,
                round=0,
                reason="survey",
                term="3wd",
                asked_at=begun,
                decided_at=until,
                decision="approved",
            )
        )
        tx.audit(f"ticket:{ticket.id}", "paused")
        tx.commit()
    found = report.spreads(town.app, AN, period(town))
    held = found.held[0]
    assert (held.reason, held.pauses, held.tickets) == ("waiting_citizen", 1, 1)
    assert held.time == town.app.calendar.worked_between(begun, until), "a pause ends at its bound by itself"
    assert (found.extensions.granted, found.extensions.refused, found.extensions.open) == (1, 0, 0)


def test_what_was_closed_unanswered_is_counted_by_reason(town: Town) -> None:
    for reason in ("spam", "withdrawn", "spam"):
        code = town.ticket()
        ending.close(town.app, CLOSER, code, town.look(code).version, reason)
    answered = town.ticket()
    answer.submit(town.app, CLOSER, answered, town.look(answered).version, "Đã xử lý.")
    ending.close(town.app, CLOSER, answered, town.look(answered).version, "done")
    found = report.spreads(town.app, AN, period(town))
    assert found.closings == [("spam", 2), ("withdrawn", 1)]
    page = town.log_in(town.hire("an", Role.AUDITOR)).text("/so-lieu/phan-bo")
    assert "Đóng khi chưa trả lời" in page
    assert "Người dân rút phản ánh" in page


def test_the_overdue_list_says_how_late_and_whom_it_waits_for(town: Town) -> None:
    town.hire("anh", Role.WARD_OFFICER, NGHIA_DO)
    with town.app.store.reading() as session:
        anh = session.query(User).one().id
    first, second = town.ticket(age=OLD, assigned_to=anh), town.ticket(age=timedelta(days=60))
    town.ticket(age=OLD, queue="centre")
    town.ticket()
    found = overdue.overdue(town.app, AN)
    assert [ward.name for ward in found.wards] == ["Phường Nghĩa Đô", None]
    assert [late.ticket.code for late in found.wards[0].late] == [first, second]
    oldest = found.wards[0].late[0]
    assert oldest.ticket.assignee == "Anh"
    assert oldest.by == town.app.calendar.worked_between(oldest.ticket.due, town.app.store.now()) or oldest.by
    assert [ward.name for ward in overdue.overdue(town.app, LEAD).wards] == ["Phường Nghĩa Đô"]


def test_a_list_that_stops_early_says_so(town: Town) -> None:
    for _ in range(3):
        town.ticket(age=OLD)
    assert (overdue.overdue(town.app, AN, 2).listed, overdue.overdue(town.app, AN, 2).more) == (2, True)
    assert not overdue.overdue(town.app, AN, 3).more


def test_a_series_adds_up_to_the_figures_and_has_the_step_of_its_length(town: Town) -> None:
    for days in (3, 40, 90):
        town.ticket(age=timedelta(days=days))
    for days, step in ((10, Step.DAY), (100, Step.WEEK), (300, Step.MONTH), (1000, Step.QUARTER)):
        found = report.overview(town.app, AN, period(town, days))
        assert found.period.step() is step
        assert sum(point.received for point in found.series) == found.total.received


def test_the_period_before_is_the_month_before_or_as_many_days() -> None:
    from datetime import date

    assert month_of(date(2026, 3, 15)).before() == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert month_of(date(2026, 1, 1)).before() == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert Period(date(2026, 3, 2), date(2026, 3, 8)).before() == Period(date(2026, 2, 23), date(2026, 3, 1))


@pytest.mark.parametrize(
    "address",
    [
        "/so-lieu?level=sehr",
        "/so-lieu?channel=%3Cscript%3E",
        "/so-lieu?kind=alles",
        "/so-lieu?ward=" + "9" * 60,
        "/so-lieu?field=%00",
        "/so-lieu/ho-so?counted=alles",
        "/so-lieu/ho-so?after=-1",
        "/so-lieu/ho-so?after=99999999999999999999999",
        "/so-lieu/ho-so?after=%D9%A1",
        "/so-lieu/bao-cao?month=2026-13",
        "/so-lieu/bao-cao?month=x",
        "/so-lieu/bang-xep-hang?from=2026-01-01",
    ],
)
def test_what_cannot_be_asked_is_refused_clearly(town: Town, address: str) -> None:
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    assert visitor.get(address).status_code == 422


def test_a_scope_of_unknown_codes_finds_nothing_and_breaks_nothing(town: Town) -> None:
    town.ticket()
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    assert "99999" in visitor.text("/so-lieu?ward=99999")
    with pytest.raises(InvalidInput):
        report.overview(town.app, AN, period(town), Scope(field_id="a\0b"))


def test_the_sentences_say_what_is_uncertain(town: Town) -> None:
    busy_town(town)
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    last = today(town.app.store.now())
    page = visitor.text(f"/so-lieu?from={last - timedelta(days=200)}&to={last}")
    assert "4 trên 6 hồ sơ" in page
    assert "Số hồ sơ còn ít" in page
    assert "Kỳ trước không có số liệu để so sánh." in page
    assert "1 hồ sơ còn trong hạn" in page


def test_the_monthly_sheet_of_a_chair_is_about_the_own_ward(town: Town) -> None:
    day = today(town.app.store.now()) - timedelta(days=60)
    town.ticket(age=timedelta(days=60))
    town.ticket(age=timedelta(days=60), ward_code=HAI_BA_TRUNG)
    visitor = town.log_in(town.hire("chu-tich", Role.WARD_CHAIR, NGHIA_DO))
    page = visitor.text(f"/so-lieu/bao-cao?month={day:%Y-%m}")
    assert "Phường Nghĩa Đô" in page
    assert "Hai Bà Trưng" not in page
    assert "0 trên 1 hồ sơ" in page
    assert "Chưa đủ số liệu để xếp hạng" in page


def test_a_month_that_runs_is_marked_as_unfinished(town: Town) -> None:
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    now = today(town.app.store.now())
    assert "Tháng này chưa kết thúc" in visitor.text(f"/so-lieu/bao-cao?month={now:%Y-%m}")
    assert "Tháng này chưa kết thúc" not in visitor.text("/so-lieu/bao-cao")
