"""How fast citizens are answered: the figures everybody is judged by, and the tickets behind each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from feedback.domain.errors import InvalidInput, NotAllowed
from feedback.domain.permissions import WARD_ROLES, Action, Actor, Role, require
from feedback.domain.proportions import Count
from feedback.services.app import App
from feedback.services.periods import Period
from feedback.store.queries import behind, figures, lists, spread
from feedback.store.queries.behind import Page
from feedback.store.queries.figures import By, Counted, Figures, Group, Range
from feedback.store.queries.spread import Bin, Extensions, Officer, Paused, Point

CITY_WIDE = frozenset({Role.AUDITOR, Role.DISPATCHER})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is narrowed to; None: not narrowed."""

    ward_code: str | None = None
    field_id: str | None = None
    channel: str | None = None
    level: str | None = None
    kind: str | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Report:
    """`scope` is what the report is really narrowed to: somebody bound to a ward gets that ward.

    `before` is the count on time of the period before, `names` ward codes to names.
    """

    period: Period
    scope: Scope
    total: Figures
    before: Count
    series: Sequence[Point]
    groups: Mapping[By, Sequence[Group]]
    names: Mapping[str, str]

    @property
    def ward_code(self) -> str | None:
        """The one ward the report is about, if it is."""
        return self.scope.ward_code


@dataclass(frozen=True, slots=True)
class Held:
    """Pauses for one reason: how many, of how many tickets, and the working time they took by the city's hours."""

    reason: str
    pauses: int
    tickets: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Spread:
    """How first answers, receipts, rejections, closings without an answer, pauses and extensions of a period spread."""

    period: Period
    scope: Scope
    bins: Sequence[Bin]
    week: Sequence[Sequence[int]]
    reasons: Sequence[tuple[str | None, int]]
    closings: Sequence[tuple[str | None, int]]
    held: Sequence[Held]
    extensions: Extensions
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Officers:
    """`officers` is None where no ward is chosen yet: persons are only shown ward by ward."""

    period: Period
    ward_code: str | None
    officers: Sequence[Officer] | None
    names: Mapping[str, str]


def overview(
    app: App, actor: Actor, period: Period, scope: Scope = EVERYTHING, by: Collection[By] = tuple(By)
) -> Report:
    """The figures of a period and of the one before, broken down `by`. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    scope = bound(actor, scope)
    wanted = span(app, period, scope)
    with app.store.reading() as session:
        return Report(
            period=period,
            scope=scope,
            total=figures.total(session, wanted),
            before=Count(*figures.share(session, span(app, period.before(), scope))),
            series=spread.series(session, wanted, period.step()),
            groups={one: figures.groups(session, wanted, one) for one in by},
            names=_names(lists.wards(session)),
        )


def spreads(app: App, actor: Actor, period: Period, scope: Scope = EVERYTHING) -> Spread:
    """What the pictures of a period are drawn from. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    scope = bound(actor, scope)
    wanted = span(app, period, scope)
    with app.store.reading() as session:
        return Spread(
            period=period,
            scope=scope,
            bins=spread.bins(session, wanted),
            week=spread.week(session, wanted),
            reasons=spread.reasons(session, wanted),
            closings=spread.closings(session, wanted),
            held=_held(app, spread.pauses(session, wanted)),
            extensions=spread.extensions(session, wanted),
            names=_names(lists.wards(session)),
        )


def officers(app: App, actor: Actor, period: Period, ward_code: str | None = None) -> Officers:
    """What each officer of one ward answered: for its lead and chair, and for the auditor. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    if Role.AUDITOR not in actor.roles:
        if not actor.roles & WARD_ROLES or ward_code not in (None, actor.ward_code):
            raise NotAllowed
        ward_code = actor.ward_code
    with app.store.reading() as session:
        found = None
        if ward_code is not None:
            found = spread.officers(session, span(app, period, Scope(ward_code=ward_code)))
        return Officers(period, ward_code, found, _names(lists.wards(session)))


def tickets(
    app: App,
    actor: Actor,
    period: Period,
    scope: Scope,
    counted: Counted,
    *,
    elsewhere: bool = False,
    after: int | None = None,
) -> Page:
    """The tickets behind one number, the newest first, as far as the actor may read them. Raises NotAllowed.

    `elsewhere`: only those that no ward answers for.
    """
    require(actor, Action.VIEW_FIGURES)
    wanted = span(app, period, bound(actor, scope))
    with app.store.reading() as session:
        return behind.page(session, actor, wanted, counted, elsewhere=elsewhere, after=after)


def bound(actor: Actor, scope: Scope) -> Scope:
    """Narrowed to the actor's ward, unless the actor sees the whole city. Raises NotAllowed for somebody else's ward."""
    if actor.roles & CITY_WIDE:
        return scope
    if actor.ward_code is None or scope.ward_code not in (None, actor.ward_code):
        raise NotAllowed
    return replace(scope, ward_code=actor.ward_code)


def span(app: App, period: Period, scope: Scope) -> Range:
    """The period and scope as the database counts them. Raises InvalidInput for codes that cannot be."""
    narrowed = asdict(scope)
    if any(value is not None and (len(value) > 40 or "\0" in value) for value in narrowed.values()):
        raise InvalidInput("Bộ lọc chưa đúng.", field="scope")
    start, end = period.bounds
    return Range(start, end, app.store.now(), **narrowed)


def hours(seconds: float | None) -> float | None:
    """Working hours with one decimal."""
    return None if seconds is None else round(seconds / 3600, 1)


def days(seconds: float | None) -> float | None:
    """Calendar days with one decimal."""
    return None if seconds is None else round(seconds / 86_400, 1)


def percent(share: float | None) -> float | None:
    """With one decimal; never rounded up to 100 while something was late, nor down to 0 while something was not."""
    if share is None:
        return None
    if 0.999 <= share < 1:
        return 99.9
    return 0.1 if 0 < share < 0.001 else round(100 * share, 1)


def _held(app: App, pauses: Sequence[Paused]) -> list[Held]:
    by_reason: dict[str, list[Paused]] = {}
    for pause in pauses:
        by_reason.setdefault(pause.reason, []).append(pause)
    return [
        Held(
            reason,
            len(of),
            len({pause.ticket_id for pause in of}),
            sum((app.calendar.worked_between(pause.start, pause.end) for pause in of), timedelta()),
        )
        for reason, of in sorted(by_reason.items())
    ]


def _names(wards: Sequence[lists.WardChoice]) -> dict[str, str]:
    return {ward.code: ward.name for ward in wards}
