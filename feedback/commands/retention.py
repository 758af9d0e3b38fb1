"""`feedback retention …`"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from feedback import bootstrap
from feedback.domain import retention
from feedback.domain.errors import InvalidInput
from feedback.domain.retention import Plan
from feedback.services import retain, rights
from feedback.services.retain import Done
from feedback.settings import Settings


def rules() -> int:
    """The table as it stands. Exit code 1 and the faulty line where it cannot be read."""
    plan = _plan()
    if plan is None:
        return 1
    for rule in plan.rules:
        print(f"{rule.id:<28}{rule.years:>4} years  {'giả định' if rule.assumed else 'law'}")
    print(f"version {plan.version}")
    return 0


def run(settings: Settings, *, dry_run: bool) -> int:
    """Erase what is due, with progress; a rehearsal only counts. Exit code 1 where a row could not be erased."""
    plan = _plan()
    if plan is None:
        return 1
    app = bootstrap.build(settings, pool_size=2)
    if dry_run:
        _print(retain.count(app, plan), "due")
        return 0
    from classifier.pii import mask  # heavy, and not needed for a rehearsal

    rights.finish(app)
    done = retain.run(app, plan, mask, progress=_progress)
    _print(done, "erased")
    return 1 if any(row.failed for row in done) else 0


def _plan() -> Plan | None:
    try:
        return retention.shipped()
    except InvalidInput as fault:
        print(fault.message_vi, file=sys.stderr)
        return None


def _progress(done: Done) -> None:
    if done.due:
        print(f"{done.rule.id}: {done.erased + done.failed} of {done.due}", file=sys.stderr, flush=True)


def _print(rows: Sequence[Done], column: str) -> None:
    print(f"{'rule':<28}{column:>9}{'failed':>9}")
    total = 0
    for row in rows:
        number = row.due if column == "due" or row.rule.subject == "login" else row.erased
        note = "  (audit trail: counted only)" if row.rule.subject == "login" else ""
        print(f"{row.rule.id:<28}{number:>9}{row.failed:>9}{note}")
        total += 0 if note else number
    print(f"{'total':<28}{total:>9}")
