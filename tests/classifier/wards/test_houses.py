"""House numbers: as written, as spoken, and what they decide."""

from __future__ import annotations

import pytest

from classifier.normalise import fold
from classifier.prediction import Query
from classifier.wards import Resolver
from classifier.wards.houses import Houses, build, number_near, spoken_number
from classifier.wards.tables import NumberRow, TableFault


@pytest.mark.parametrize(
    ("text", "street", "numbers"),
    [
        ("nhà em ở số 165 Thái Hà", "thai ha", (165,)),
        ("ngõ 94 phố Tân Triều", "tan trieu", (94,)),
        ("số 5 ngõ 94 Tân Triều", "tan trieu", (94,)),
        ("ngõ 94/12 Tân Triều", "tan trieu", (94,)),
        ("12/94 Tân Triều", "tan trieu", (12, 94)),
        ("ngách 12/94 Tân Triều", "tan trieu", (12, 94)),
        ("165-167 Thái Hà", "thai ha", (165,)),
        ("165A Thái Hà", "thai ha", (165,)),
        ("đường Láng, số 1194", "lang", (1194,)),
        ("tòa nhà một sáu lăm thái hà", "thai ha", (165,)),
        ("ngõ một trăm hai sáu hoàng hoa thám", "hoang hoa tham", (126,)),
        ("ngã ba thái hà", "thai ha", ()),
        ("12.000 Thái Hà", "thai ha", ()),
        ("Thái Hà", "thai ha", ()),
    ],
)
def test_the_number_named_with_a_street(text: str, street: str, numbers: tuple[int, ...]) -> None:
    folded = fold(text)
    start = folded.text.index(street)
    assert number_near(folded, start, start + len(street)) == numbers


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("chin muoi tu", 94),
        ("bon bon", 44),
        ("muoi hai", 12),
        ("mot tram linh nam", 105),
        ("hai tram", 200),
        ("mot tram hai", 120),
        ("mot cham hai muoi", 120),
        ("mot nghin mot tram chin tu", 1194),
        ("hai khong bay", 207),
    ],
)
def test_spoken_numbers(words: str, value: int) -> None:
    assert spoken_number(words.split()) == value


def _row(side: str, first: int, last: int, unit: str, confidence: float = 0.9) -> NumberRow:
    return NumberRow("Phố Thử", side, first, last, (unit,), confidence)


HOUSES = Houses(
    [
        _row("odd", 1, 99, "A"),
        _row("odd", 151, 199, "A"),
        _row("odd", 301, 301, "B"),
        _row("even", 2, 100, "B"),
        _row("even", 400, 400, "C"),
    ],
    lambda unit: (unit,),
)


@pytest.mark.parametrize(
    ("numbers", "units", "at_least", "at_most"),
    [
        ((51,), ("A",), 0.9, 0.9),
        ((121,), ("A",), 0.8, 0.89),
        ((299,), ("B",), 0.7, 0.89),
        ((310,), ("B",), 0.6, 0.8),
        ((50,), ("B",), 0.9, 0.9),
        ((51, 61), ("A",), 0.9, 0.9),
    ],
)
def test_known_numbers_and_those_between(
    numbers: tuple[int, ...], units: tuple[str, ...], at_least: float, at_most: float
) -> None:
    found = HOUSES.locate("phố thử", numbers)
    assert found is not None
    assert found[0] == units
    assert at_least <= found[1] <= at_most


@pytest.mark.parametrize("numbers", [(), (250,), (900,), (50, 51)])
def test_unknown_or_disagreeing_numbers_say_nothing(numbers: tuple[int, ...]) -> None:
    assert HOUSES.locate("Phố Thử", numbers) is None


def test_other_streets_say_nothing() -> None:
    assert HOUSES.locate("Phố Khác", (1,)) is None
    assert "Phố Khác" not in HOUSES


def test_a_number_in_two_places_is_a_contradiction() -> None:
    torn = Houses([_row("odd", 1, 99, "A"), _row("odd", 51, 99, "B")], lambda unit: (unit,))
    assert torn.overlaps() == ["number 51 of pho thu lies in two places"]
    assert HOUSES.overlaps() == []


def test_a_number_of_an_unknown_street_is_refused() -> None:
    with pytest.raises(TableFault, match="Phố Thử"):
        build([_row("odd", 1, 9, "A")], lambda unit: (unit,), {"Phố Khác"})


RESOLVER = Resolver.load()


def test_a_known_number_decides_where_the_street_alone_does_not() -> None:
    assert RESOLVER.resolve(Query("đèn đường hỏng ở đường Giải Phóng")).ward is None
    ward = RESOLVER.resolve(Query("đèn hỏng trước số 78 đường Giải Phóng")).ward
    assert ward is not None and ward.name == "Phường Kim Liên"


def test_a_number_never_overrules_the_ward_that_is_named() -> None:
    ward = RESOLVER.resolve(Query("số 78 đường Giải Phóng, phường Hoàng Mai")).ward
    assert ward is not None and ward.name == "Phường Hoàng Mai"
