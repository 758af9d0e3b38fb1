"""`feedback audit recompute`: the figures of a period made again from the audit trail."""

from __future__ import annotations

import calendar
import json
import re
import sys
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from feedback import bootstrap
from feedback.domain.errors import InvalidInput
from feedback.domain.permissions import Actor
from feedback.services import recompute
from feedback.services.recompute import Outcome, Tally
from feedback.services.report import percent
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.engine import connect

OPERATOR = Actor.system("command line")
SHOWN = 50
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


def run(settings: Settings, period: str | None, *, as_json: bool) -> int:
    """Exit code 1 where a stored figure is not what the trail says; `period` None: everything ever received."""
    try:
        start, end = days_of(period) if period else recompute.EVER
    except InvalidInput as fault:
        print(fault.message_vi, file=sys.stderr)
        return 2
    # No time limit: sums over all tickets of years take what they take.
    store = Store(connect(settings.database_url, pool_size=2, timeout_ms=0))
    app = replace(bootstrap.build(settings, pool_size=1), store=store)
    outcome = recompute.run(app, OPERATOR, recompute.scope_of(start, end), progress=_progress)
    if as_json:
        print(json.dumps(_document(outcome, start, end), ensure_ascii=False))
    else:
        print("\n".join(_lines(outcome)))
    return 0 if outcome.holds else 1


def days_of(period: str) -> tuple[date, date]:
    """First and last Hanoi day of "2026-11" or "2026-11-01..2026-11-22". Raises InvalidInput."""
    month, days = _MONTH.fullmatch(period), _DAYS.fullmatch(period)
    try:
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
        if days:
            start, end = date.fromisoformat(days[1]), date.fromisoformat(days[2])
            if start <= end:
                return start, end
            raise InvalidInput("Ngày bắt đầu phải trước ngày kết thúc.")
    except (ValueError, calendar.IllegalMonthError):
        pass
    raise InvalidInput("Kỳ viết dạng 2026-11 hoặc 2026-11-01..2026-11-22.")


def _lines(outcome: Outcome) -> list[str]:
    lines = [f"{outcome.tickets} tickets: {outcome.agreeing} agree, {outcome.wrong} disagree"]
    if outcome.unknown:
        lines[0] += f", {outcome.unknown} cannot be recomputed (their rows do not name the versions)"
    lines.append(f"on time, from events:  {_share(outcome.rebuilt)}")
    if outcome.stored is not None:
        lines.append(f"on time, from columns: {_share(outcome.stored)}")
    if outcome.shares_agree is False:
        lines.append("THE TWO SHARES DIFFER")
    for found in outcome.disagreements[:SHOWN]:
        name = found.code or f"restricted ticket, id {found.ticket_id}"
        lines.append(f"DISAGREES {name} {found.column}: stored {found.stored}, recomputed {found.recomputed}")
    hidden = len(outcome.disagreements) - SHOWN
    if hidden > 0:
        lines.append(f"… and {hidden} more (--json lists {recompute.MOST_KEPT})")
    return lines


def _share(tally: Tally) -> str:
    shown = percent(tally.share)
    return f"{tally.on_time} of {tally.judged} judged" + ("" if shown is None else f" = {shown} %")


def _document(outcome: Outcome, start: date, end: date) -> dict[str, Any]:
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "as_of": outcome.now.isoformat(),
        "holds": outcome.holds,
        "tickets": outcome.tickets,
        "agreeing": outcome.agreeing,
        "disagreeing": outcome.wrong,
        "unknown": outcome.unknown,
        "from_events": asdict(outcome.rebuilt),
        "from_columns": asdict(outcome.stored) if outcome.stored else None,
        "disagreements": [asdict(found) for found in outcome.disagreements],
    }


def _progress(done: int, total: int) -> None:
    print(f"{done} of {total} tickets", file=sys.stderr)
