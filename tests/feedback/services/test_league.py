"""The table of wards: nobody is placed on five tickets, and no place is more exact than the figures are."""

from __future__ import annotations

import random

from feedback.domain.proportions import Count
from feedback.services import league
from feedback.services.league import ENOUGH

NONE: dict[str, Count] = {}
NAMES: dict[str, str] = {"a": "Xã Ứng Hòa", "b": "Phường Ba Đình", "c": "Xã Ô Diên"}


def city(rng: random.Random) -> dict[str, Count]:
    found = {}
    for place in range(126):
        of, share = rng.randint(ENOUGH, 900), rng.betavariate(18, 2)
        found[f"{place:05}"] = Count(sum(rng.random() < share for _ in range(of)), of)
    return found


def test_a_ward_with_five_of_five_is_never_first() -> None:
    now = {**city(random.Random(5)), "klein": Count(5, 5)}
    ranked, few = league.table(now, NONE, NAMES)
    assert "klein" not in [one.ward_code for one in ranked]
    assert [one.ward_code for one in few] == ["klein"]
    assert few[0].ranks is None


def test_the_smallest_ward_that_is_ranked_does_not_jump_ahead_of_a_large_one() -> None:
    ranked, _ = league.table({"a": Count(ENOUGH, ENOUGH), "b": Count(1990, 2000)}, NONE, NAMES)
    assert [one.ward_code for one in ranked] == ["b", "a"]
    assert {(one.ranks.best, one.ranks.worst) for one in ranked if one.ranks} == {(1, 2)}


def test_every_place_in_the_table_lies_in_the_range_of_its_ward_or_beside_equals() -> None:
    ranked, _ = league.table(city(random.Random(126)), NONE, NAMES)
    assert len(ranked) == 126
    for one in ranked:
        assert one.ranks is not None
        assert 1 <= one.ranks.best <= one.ranks.worst <= 126
        better = sum(other.interval.low > one.interval.high for other in ranked)
        assert one.ranks.best <= better + 1, "nobody is put behind more wards than are clearly apart"


def test_a_change_is_only_called_clear_when_zero_is_out_of_the_question() -> None:
    now = {"a": Count(95, 100), "b": Count(95, 100), "c": Count(50, 100)}
    before = {"a": Count(93, 100), "b": Count(60, 100), "c": Count(95, 100)}
    ranked, _ = league.table(now, before, NAMES)
    assert {one.ward_code: one.moved for one in ranked} == {"a": 0, "b": 1, "c": -1}


def test_a_ward_without_a_period_before_has_no_change() -> None:
    ranked, _ = league.table({"a": Count(95, 100)}, NONE, NAMES)
    assert ranked[0].moved == 0
    assert ranked[0].before.of == 0


def test_a_ward_where_nothing_was_judged_stands_nowhere() -> None:
    assert league.table({"a": Count(0, 0)}, NONE, NAMES) == ([], [])


def test_the_few_stand_in_the_order_of_names_without_their_accents() -> None:
    few = league.table({code: Count(1, 2) for code in "abc"}, NONE, NAMES)[1]
    assert [one.name for one in few] == ["Phường Ba Đình", "Xã Ô Diên", "Xã Ứng Hòa"]
