"""The month on one sheet: for the chair of a ward, or for the whole city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback.domain.permissions import Actor
from feedback.services import league, report
from feedback.services.app import App
from feedback.services.league import Standing
from feedback.services.periods import Period
from feedback.services.report import Report, Scope, Spread, span
from feedback.store.queries import spread
from feedback.store.queries.figures import By
from feedback.store.queries.spread import Point, Step


@dataclass(frozen=True, slots=True)
class Monthly:
    """`year`: the twelve months up to this one. `standing` is the ward's place, of `wards` that have one."""

    report: Report
    spread: Spread
    year: Sequence[Point]
    standing: Standing | None
    wards: int


def monthly(app: App, actor: Actor, month: Period, ward_code: str | None) -> Monthly:
    """Somebody bound to a ward gets that ward. Raises NotAllowed."""
    scope = report.bound(actor, Scope(ward_code=ward_code))
    with app.store.reading() as session:
        months = spread.series(
            session, span(app, Period(_eleven_before(month.start), month.end), scope), Step.MONTH
        )
    standing, wards = _place(app, actor, month, scope.ward_code)
    return Monthly(
        report=report.overview(app, actor, month, scope, [By.FIELD, By.CHANNEL]),
        spread=report.spreads(app, actor, month, scope),
        year=months,
        standing=standing,
        wards=wards,
    )


def _place(app: App, actor: Actor, month: Period, ward_code: str | None) -> tuple[Standing | None, int]:
    if ward_code is None:
        return None, 0
    table = league.league(app, actor, month)
    mine = [one for one in (*table.ranked, *table.few) if one.ward_code == ward_code]
    return (mine[0] if mine else None), table.wards


def _eleven_before(first: date) -> date:
    return (
        date(first.year, first.month + 1, 1).replace(year=first.year - 1)
        if first.month < 12
        else date(first.year, 1, 1)
    )
