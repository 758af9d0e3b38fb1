"""What is known beside the words: position, date, the ward that received the message."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from classifier.prediction import Query, WardReading
from classifier.wards import Resolver, position
from classifier.wards.units import old_units, unit, units

RESOLVER = Resolver.load()


def _at(code: str) -> tuple[float, float]:
    found = unit(code)
    return found.lat, found.lon


def _best(reading: WardReading) -> str:
    return reading.candidates[0].code


def test_each_former_unit_has_a_box() -> None:
    assert set(position.boxes()) == {old.code for old in old_units()}


def test_most_seats_lie_in_their_own_unit() -> None:
    right = sum(next(iter(position.shares(each.lat, each.lon)), "") == each.code for each in units())
    assert right >= 120


def test_the_middle_of_a_former_unit_speaks_for_its_heir() -> None:
    whole = [old for old in old_units() if len(old.heirs) == 1]
    boxes = position.boxes()
    right = sum(
        next(iter(position.shares(boxes[old.code].lat, boxes[old.code].lon))) == old.heirs[0] for old in whole
    )
    assert right >= 0.98 * len(whole)


def test_shares_are_a_distribution() -> None:
    shares = position.shares(21.02, 105.83)
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_a_position_alone_is_a_short_list_never_an_assertion() -> None:
    lat, lon = _at("00367")
    reading = RESOLVER.resolve(Query("rác chưa ai dọn", lat=lat, lon=lon))
    assert reading.ward is None
    assert 1 <= len(reading.candidates) <= 4
    assert _best(reading) == "00367"


def test_a_position_far_away_is_outside() -> None:
    assert RESOLVER.resolve(Query("mất nước", lat=10.78, lon=106.7)).outside_hanoi


@pytest.mark.parametrize("code", ["00352", "00364"])
def test_a_position_chooses_between_the_heirs_of_a_split_ward(code: str) -> None:
    lat, lon = _at(code)
    plain = RESOLVER.resolve(Query("phường Khương Trung cũ"))
    placed = RESOLVER.resolve(Query("phường Khương Trung cũ", lat=lat, lon=lon))
    assert {each.code for each in plain.candidates} == {"00352", "00364"}
    assert _best(placed) == code


def test_a_position_elsewhere_in_the_city_changes_nothing() -> None:
    lat, lon = _at("00475")
    placed = RESOLVER.resolve(Query("phường Khương Trung cũ", lat=lat, lon=lon))
    assert placed.candidates == RESOLVER.resolve(Query("phường Khương Trung cũ")).candidates


def test_the_receiving_ward_orders_a_list_and_decides_nothing() -> None:
    for code in ("00352", "00364"):
        reading = RESOLVER.resolve(Query("phường Khương Trung cũ", receiving_ward=code))
        assert _best(reading) == code
        assert reading.ward is None
    alone = RESOLVER.resolve(Query("mất nước ba hôm rồi", receiving_ward="00352"))
    assert alone.candidates == ()


BEFORE = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)
AFTER = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)


def test_a_name_means_what_it_meant_on_its_day() -> None:
    # Phường Nghĩa Đô of before was split; the name lives on in a unit of today.
    heirs = next(old.heirs for old in old_units() if old.name == "Nghĩa Đô")
    early = RESOLVER.resolve(Query("rác ở phường Nghĩa Đô", received_at=BEFORE))
    late = RESOLVER.resolve(Query("rác ở phường Nghĩa Đô", received_at=AFTER))
    assert {each.code for each in early.candidates} == set(heirs)
    assert late.ward is not None and late.ward.name == "Phường Nghĩa Đô"


def test_a_time_without_a_zone_is_hanois() -> None:
    naive = RESOLVER.resolve(Query("rác ở phường Nghĩa Đô", received_at=datetime(2025, 7, 1, 0, 30)))  # noqa: DTZ001
    assert naive.ward is not None


def test_a_vanished_name_says_until_when_it_was_used() -> None:
    reading = RESOLVER.resolve(Query("phường Trung Tự cũ"))
    assert "tên dùng đến 1/1/2025" in " ".join(reading.reasons)
