"""How the wards stand beside each other, and how sure that is. Five tickets are no place in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.domain import proportions
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.proportions import Count, Interval, Limits, Ranks
from feedback.domain.search import fold
from feedback.services.app import App
from feedback.services.periods import Period
from feedback.services.report import CITY_WIDE, Scope, span
from feedback.store.queries import figures, lists
from feedback.store.queries.figures import By

ENOUGH = 30
"""Judged tickets from which a ward has a place; with fewer the interval is wider than the city's whole spread."""
_FUNNEL_POINTS = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """One ward. `ranks` is None below `ENOUGH`; `change` is the interval of the share minus that of the period before."""

    ward_code: str
    name: str
    count: Count
    interval: Interval
    ranks: Ranks | None
    before: Count
    change: Interval

    @property
    def moved(self) -> int:
        """1 clearly better than before, -1 clearly worse, 0 no clear change."""
        return int(self.change.low > 0) - int(self.change.high < 0)


@dataclass(frozen=True, slots=True)
class League:
    """`ranked` by the middle of the interval, so that small wards do not jump to the ends; `few` by name.

    Somebody bound to a ward finds only that ward in both, placed among all. `city` is the sum over the wards; `beyond`
    are those whose distance from it is hardly chance (outside the 99.8 % limits of the funnel).
    """

    period: Period
    ranked: Sequence[Standing]
    few: Sequence[Standing]
    city: Count
    wards: int
    funnel: Sequence[Limits]
    beyond: Sequence[Standing]
    whole_city: bool


def league(app: App, actor: Actor, period: Period) -> League:
    """The table of a period. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    with app.store.reading() as session:
        now = _counts(figures.shares(session, span(app, period, Scope()), By.WARD))
        before = _counts(figures.shares(session, span(app, period.before(), Scope()), By.WARD))
        names = {ward.code: ward.name for ward in lists.wards(session)}
    whole_city = bool(actor.roles & CITY_WIDE)
    ranked, few = table(now, before, names)
    mine = [one for one in (*ranked, *few) if whole_city or one.ward_code == actor.ward_code]
    city = Count(sum(one.hits for one in now.values()), sum(one.of for one in now.values()))
    placed = [one for one in mine if one.ranks is not None]
    return League(
        period=period,
        ranked=placed,
        few=[one for one in mine if one.ranks is None],
        city=city,
        wards=len(ranked),
        funnel=_funnel(city, [one.count.of for one in mine]),
        beyond=[
            one
            for one in placed
            if one.count.share not in proportions.funnel(city.share, [one.count.of])[0].outer
        ],
        whole_city=whole_city,
    )


def table(
    now: Mapping[str, Count], before: Mapping[str, Count], names: Mapping[str, str]
) -> tuple[list[Standing], list[Standing]]:
    """The wards with a place, best first, and those with too few judged tickets, by name."""
    enough = [code for code, count in now.items() if count.of >= ENOUGH]
    places = dict(zip(enough, proportions.ranks([now[code] for code in enough]), strict=True))
    all_wards = [
        Standing(
            ward_code=code,
            name=names.get(code, code),
            count=count,
            interval=proportions.wilson(count),
            ranks=places.get(code),
            before=before.get(code, Count(0, 0)),
            change=proportions.change(before.get(code, Count(0, 0)), count),
        )
        for code, count in now.items()
        if count.of
    ]
    ranked = [one for one in all_wards if one.ranks is not None]
    ranked.sort(key=lambda one: (-one.interval.middle, fold(one.name)))
    return ranked, sorted((one for one in all_wards if one.ranks is None), key=lambda one: fold(one.name))


def _counts(shares: Mapping[str, tuple[int, int]]) -> dict[str, Count]:
    return {code: Count(on_time, judged) for code, (on_time, judged) in shares.items()}


def _funnel(city: Count, sizes: Sequence[int]) -> list[Limits]:
    """Limits round the city's share for the sizes that wards have, evenly spread."""
    if not city.of or not sizes:
        return []
    largest = max(*sizes, ENOUGH)
    wanted = {max(1, round(largest * part / _FUNNEL_POINTS)) for part in range(1, _FUNNEL_POINTS + 1)}
    return proportions.funnel(city.share, sorted(wanted))
