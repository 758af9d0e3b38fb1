"""Every figure made again from the audit trail, and held against the columns that the reports count.

Disagreement is an alarm: an audit row, an error in the log, a fault in `feedback doctor`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from feedback.clock import in_hanoi, midnight
from feedback.domain.clocks import Clock
from feedback.domain.events import AuditAction
from feedback.domain.history import TrailIncomplete, fold
from feedback.domain.permissions import Actor
from feedback.domain.rebuild import Rebuilt, rebuild
from feedback.domain.terms import Matter, Terms
from feedback.domain.worktime import OutsideCalendar
from feedback.services.app import App
from feedback.services.rulebook import Rulebook, VersionUnknown
from feedback.store import Session, histories
from feedback.store.histories import Kept, Scope
from feedback.store.locks import only_one
from feedback.store.queries import figures
from feedback.store.tables import AuditEvent

log = logging.getLogger(__name__)

CHAIN = "recompute"
NIGHTLY = "nightly"
AT_HOUR = 2
"""In Hanoi; a clock process that was down then makes up for it."""
ALARM_FOR = timedelta(days=60)
CLOCK = Actor.system("recompute")
MOST_KEPT = 1000
"""Disagreements listed one by one; beyond that they are only counted."""
TRAIL = "trail"
"""Stands for the column where the trail itself cannot be read."""
EVER = (date(2000, 1, 1), date(2999, 12, 31))


@dataclass(slots=True)
class Tally:
    """The counts that the on-time shares are made of (`store.queries.figures`, by the same names)."""

    received: int = 0
    answered: int = 0
    judged: int = 0
    on_time: int = 0
    taken_judged: int = 0
    taken_on_time: int = 0

    def add(self, columns: Mapping[str, Any], now: datetime) -> None:
        """Count one ticket; `now` decides what is overdue without an answer."""
        due, taken_due, taken = columns["answer_due_at"], columns["receive_due_at"], columns["accepted_at"]
        answered = columns["first_answer_at"] is not None
        self.received += 1
        self.answered += answered
        self.judged += due is not None and (answered or due < now)
        self.on_time += columns["answered_on_time"] is True
        self.taken_judged += taken_due is not None and (taken is not None or taken_due < now)
        self.taken_on_time += taken is not None and taken_due is not None and taken <= taken_due

    @property
    def share(self) -> float | None:
        return self.on_time / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`code` is None for a restricted ticket: only its number in the database is told."""

    ticket_id: int
    code: str | None
    column: str
    stored: str
    recomputed: str


@dataclass(slots=True)
class Outcome:
    """What a run found. `stored`: the same counts from the columns, None where the scope is no period of receipt."""

    scope: Scope
    now: datetime
    tickets: int = 0
    agreeing: int = 0
    unknown: int = 0
    wrong: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    rebuilt: Tally = field(default_factory=Tally)
    stored: Tally | None = None

    @property
    def shares_agree(self) -> bool | None:
        """None where the two cannot be compared: no period, or tickets that cannot be recomputed."""
        return None if self.stored is None or self.unknown else self.stored == self.rebuilt

    @property
    def holds(self) -> bool:
        return not self.wrong and self.shares_agree is not False


@dataclass(frozen=True, slots=True)
class Last:
    """The newest run, as its audit row tells it."""

    at: datetime
    tickets: int
    agreeing: int
    disagreeing: int
    unknown: int
    shares_agree: bool | None

    @property
    def holds(self) -> bool:
        return not self.disagreeing and self.shares_agree is not False


@dataclass(slots=True)
class Book:
    """Versions as the domain asks for them, one look-up for each matter."""

    rules: Rulebook
    session: Session
    _known: dict[tuple[str, str, Matter], tuple[Terms, Clock]] = field(default_factory=dict)

    def basis(self, rule_version: str, calendar_version: str, matter: Matter) -> tuple[Terms, Clock]:
        """Raises VersionUnknown."""
        key = (rule_version, calendar_version, matter)
        found = self._known.get(key)
        if found is None:
            terms = self.rules.terms(self.session, rule_version)
            found = terms, self.rules.clock(self.session, terms, calendar_version, matter)
            self._known[key] = found
        return found


Progress = Callable[[int, int], None]


def scope_of(start: date, end: date) -> Scope:
    """Received on these Hanoi days, both included."""
    return Scope(midnight(start), midnight(end + timedelta(days=1)))


def since_yesterday(now: datetime) -> Scope:
    """Received yesterday or today, still waiting, or answered since yesterday began."""
    yesterday = in_hanoi(now).date() - timedelta(days=1)
    return Scope(midnight(yesterday), midnight(yesterday + timedelta(days=2)), running=True)


def run(
    app: App, actor: Actor, scope: Scope, *, reason: str | None = None, progress: Progress | None = None
) -> Outcome:
    """Recompute every ticket of the scope on one snapshot, and write into the trail what came of it."""
    outcome = Outcome(scope, app.store.now())
    with app.store.reading() as session:
        total = histories.count(session, scope) if progress else 0
        book = Book(app.rules, session)
        for kept in histories.stream(session, scope):
            _examine(outcome, kept, book)
            if progress and outcome.tickets % histories.BATCH == 0:
                progress(outcome.tickets, total)
        if not scope.running:
            found = figures.total(session, figures.Range(scope.start, scope.end, outcome.now))
            outcome.stored = Tally(**{name: getattr(found, name) for name in asdict(outcome.rebuilt)})
    _tell(app, actor, outcome, reason)
    return outcome


def nightly(app: App) -> Outcome | None:
    """Once a night, on one host: what came in yesterday and what waits. None where it is not time, or done."""
    if not _due(app):
        return None
    with only_one(app.store.engine, CHAIN) as mine:
        if not mine or not _due(app):
            return None
        return run(app, CLOCK, since_yesterday(app.store.now()), reason=NIGHTLY)


def _due(app: App) -> bool:
    now = in_hanoi(app.store.now())
    with app.store.reading() as session:
        row = histories.last_of(session, CHAIN, reason=NIGHTLY)
    return now.hour >= AT_HOUR and (row is None or in_hanoi(row.at).date() < now.date())


def last_run(app: App) -> Last | None:
    """The newest run, by command or by night."""
    with app.store.reading() as session:
        row = histories.last_of(session, CHAIN)
    return _last(row) if row else None


def alarm(app: App) -> Last | None:
    """The newest run that found disagreement, for `ALARM_FOR`, or until a later run over everything finds none."""
    with app.store.reading() as session:
        rows = histories.since(session, CHAIN, app.store.now() - ALARM_FOR)
    for row in rows:
        found = _last(row)
        if not found.holds:
            return found
        if row.after["everything"]:
            return None
    return None


def _last(row: AuditEvent) -> Last:
    names = ("tickets", "agreeing", "disagreeing", "unknown", "shares_agree")
    return Last(row.at, *(row.after[name] for name in names))


def _examine(outcome: Outcome, kept: Kept, book: Book) -> None:
    outcome.tickets += 1
    try:
        rebuilt = rebuild(fold(kept.events), book)
    except TrailIncomplete as fault:
        outcome.wrong += 1
        _note(outcome, kept, TRAIL, "", str(fault))
        return
    except (VersionUnknown, OutsideCalendar) as fault:
        outcome.unknown += 1
        log.warning("cannot be recomputed", extra={"ticket": kept.id, "fault": str(fault)})
        return
    outcome.rebuilt.add(rebuilt.columns, outcome.now)
    wrong = rebuilt.disagreements(kept.columns)
    for name in wrong:
        _note(outcome, kept, name, shown(kept.columns[name]), shown(rebuilt.columns[name]))
    _count(outcome, rebuilt, wrong=bool(wrong))


def _count(outcome: Outcome, rebuilt: Rebuilt, *, wrong: bool) -> None:
    if wrong:
        outcome.wrong += 1
    elif rebuilt.unknown:
        outcome.unknown += 1
    else:
        outcome.agreeing += 1


def _note(outcome: Outcome, kept: Kept, column: str, stored: str, recomputed: str) -> None:
    if len(outcome.disagreements) < MOST_KEPT:
        code = None if kept.hidden else kept.code
        outcome.disagreements.append(Disagreement(kept.id, code, column, stored, recomputed))


def _tell(app: App, actor: Actor, outcome: Outcome, reason: str | None) -> None:
    with app.store.transaction(actor) as tx:
        tx.audit(
            CHAIN,
            AuditAction.RECOMPUTED,
            reason=reason,
            after={
                "from": outcome.scope.start,
                "to": outcome.scope.end,
                "running": outcome.scope.running,
                "everything": outcome.scope == scope_of(*EVER),
                "tickets": outcome.tickets,
                "agreeing": outcome.agreeing,
                "disagreeing": outcome.wrong,
                "unknown": outcome.unknown,
                "shares_agree": outcome.shares_agree,
            },
        )
        tx.commit()
    if not outcome.holds:
        columns = ", ".join(sorted({found.column for found in outcome.disagreements}))
        log.error(
            "stored figures disagree with the audit trail", extra={"count": outcome.wrong, "kind": columns}
        )


def shown(value: Any) -> str:
    """A value of a column for people: instants on a Hanoi clock."""
    if isinstance(value, datetime):
        return in_hanoi(value).isoformat()
    return "–" if value is None else str(value)
