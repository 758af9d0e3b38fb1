"""What reports must not tell: restricted tickets leave no trace in anything narrower than the sum over the city."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedback.services import league, overdue, report
from feedback.services.report import Scope
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, Town
from tests.feedback.web.test_reports import AN, LEAD, change, period


def everything_narrowed(town: Town) -> list[object]:
    """Whatever anybody can see that is narrower than the sum over the city."""
    span = period(town, 30)
    scopes = [
        Scope(ward_code=NGHIA_DO),
        Scope(field_id="drainage"),
        Scope(channel="web"),
        Scope(kind="report"),
    ]
    seen: list[object] = []
    for scope in [*scopes, Scope(level="normal"), Scope(NGHIA_DO, "drainage", "web")]:
        found = report.overview(town.app, AN, span, scope)
        seen += [found.total, found.before, found.series, found.groups]
        spread = report.spreads(town.app, AN, span, scope)
        seen += [spread.bins, spread.week, spread.reasons, spread.closings, spread.held, spread.extensions]
    whole = report.overview(town.app, AN, span)
    seen += [whole.groups, whole.series, report.overview(town.app, LEAD, span)]
    table = league.league(town.app, AN, span)
    return [*seen, table.ranked, table.few, overdue.overdue(town.app, AN), overdue.overdue(town.app, LEAD)]


@pytest.mark.parametrize(
    "secret",
    [
        {"queue": "denunciation", "kind": "denunciation", "restricted": True, "state": "review"},
        {"queue": "denunciation", "kind": "denunciation", "state": "open"},
        {"queue": "ward", "kind": "denunciation", "state": "open"},
        {"queue": "reception", "kind": "complaint", "restricted": True},
    ],
)
def test_a_restricted_ticket_of_a_ward_changes_nothing_but_the_citys_sum(
    town: Town, secret: dict[str, Any]
) -> None:
    town.ticket(age=timedelta(days=20))
    before = everything_narrowed(town)
    town.ticket(age=timedelta(days=20), **secret)
    assert everything_narrowed(town) == before
    assert report.overview(town.app, AN, period(town, 30)).total.received == 2


def test_the_citys_sum_is_the_same_whichever_ward_a_restricted_ticket_is_of(town: Town) -> None:
    secret: dict[str, Any] = {
        "queue": "denunciation",
        "kind": "denunciation",
        "restricted": True,
        "age": timedelta(days=20),
    }
    code = town.ticket(ward_code=NGHIA_DO, **secret)
    first = report.overview(town.app, AN, period(town, 30)).total
    change(town, code, ward_code=HAI_BA_TRUNG)
    assert report.overview(town.app, AN, period(town, 30)).total == first
