"""The figures everybody is judged by, counted by hand."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from feedback.domain.errors import InvalidInput, NotAllowed
from feedback.domain.permissions import Actor, Role
from feedback.services import export, report, spreadsheet
from feedback.services.periods import Period, presets, today
from feedback.store.queries.figures import By
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, Town

AN = Actor(1, "An", frozenset({Role.AUDITOR}))


def period(town: Town, days: int = 200) -> Period:
    last = today(town.app.store.now())
    return Period(last - timedelta(days=days), last)


def answered(town: Town, code: str, *, late: bool, seconds: int) -> None:
    town.answer_after(code, timedelta(seconds=seconds), late=late)


def test_an_empty_period_has_no_shares(town: Town) -> None:
    found = report.overview(town.app, AN, period(town))
    assert found.total.received == 0
    assert found.total.share is None
    assert found.total.median is None
    assert found.groups[By.WARD] == []


def test_shares_median_and_percentile_are_those_counted_by_hand(town: Town) -> None:
    old = timedelta(days=100)
    for seconds in (3600, 7200, 10_800):
        answered(town, town.ticket(age=old), late=False, seconds=seconds)
    answered(town, town.ticket(age=old, ward_code=HAI_BA_TRUNG), late=True, seconds=360_000)
    town.ticket(age=old)  # overdue without an answer: late
    town.ticket()  # still within its term: not judged
    total = report.overview(town.app, AN, period(town)).total
    assert (total.received, total.answered, total.on_time, total.judged) == (6, 4, 3, 5)
    assert total.share == 0.6
    assert total.median == 9000
    assert total.p90 == pytest.approx(10_800 + 0.7 * (360_000 - 10_800))


def test_restricted_tickets_count_in_the_total_only(town: Town) -> None:
    town.ticket()
    town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review", field_id="land")
    found = report.overview(town.app, AN, period(town))
    assert found.total.received == 2
    assert [group.figures.received for group in found.groups[By.WARD]] == [1]
    assert [group.key for group in found.groups[By.FIELD]] == ["drainage"]
    assert sum(group.figures.received for group in found.groups[By.CHANNEL]) == 1


def test_a_lead_gets_the_figures_of_the_own_ward(town: Town) -> None:
    town.ticket()
    town.ticket(ward_code=HAI_BA_TRUNG)
    lead = Actor(2, "Hoa", frozenset({Role.WARD_LEAD}), NGHIA_DO)
    found = report.overview(town.app, lead, period(town))
    assert found.total.received == 1
    assert [group.key for group in found.groups[By.WARD]] == [NGHIA_DO]


def test_the_period_is_counted_in_hanoi_days_both_included(town: Town) -> None:
    town.ticket(age=timedelta(days=40))
    last = today(town.app.store.now())
    day = last - timedelta(days=40)
    assert report.overview(town.app, AN, Period(day, day)).total.received == 1
    assert report.overview(town.app, AN, Period(day + timedelta(days=1), last)).total.received == 0


def test_the_csv_opens_in_spreadsheets_and_the_export_is_audited(town: Town) -> None:
    town.ticket()
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    got = visitor.get("/so-lieu/csv?period=year")
    assert got.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(got.data.decode("utf-8-sig"))))
    assert rows[0][0] == "Theo"
    assert ["Phường/xã", "Phường Nghĩa Đô"] in [row[:2] for row in rows]
    with town.app.store.reading() as session:
        from feedback.store.tables import AuditEvent

        event = session.query(AuditEvent).filter_by(action="figures_exported").one()
        assert event.actor == "An"


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-1", "@SUM", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert spreadsheet.safe_cell(cell) == f"'{cell}"
    assert spreadsheet.safe_cell("Nghĩa Đô") == "Nghĩa Đô"


def test_a_share_below_one_never_reads_as_hundred() -> None:
    assert report.percent(0.99999) == 99.9
    assert report.percent(1.0) == 100.0
    assert report.percent(None) is None


def test_presets_end_today_or_before() -> None:
    named = presets(date(2026, 3, 2))
    assert named["week"] == Period(date(2026, 3, 2), date(2026, 3, 2))
    assert named["last_month"] == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert named["quarter"].start == date(2026, 1, 1)
    assert presets(date(2026, 1, 1))["last_month"].start == date(2025, 12, 1)


def test_periods_that_make_no_sense_are_refused(town: Town) -> None:
    with pytest.raises(InvalidInput):
        Period(date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(InvalidInput):
        Period(date(2000, 1, 1), date(2026, 1, 1))
    visitor = town.log_in(town.hire("an", Role.AUDITOR))
    assert visitor.get("/so-lieu?from=2026-13-01&to=2026-01-01").status_code == 422
    assert visitor.get("/so-lieu?from=2026-01-01").status_code == 422


def test_nobody_else_exports(town: Town) -> None:
    dispatcher = Actor(3, "Dũng", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        export.figures_csv(town.app, dispatcher, period(town))
