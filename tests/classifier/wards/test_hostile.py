"""Hostile input: dates at the end of time, half surrogates, look-alikes, prefixes, offices, places elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan

import pytest

from classifier.prediction import Query
from classifier.wards import spelling, tables
from classifier.wards.units import unit
from tests.classifier.wards.reading import RESOLVER, asserted, read


@pytest.mark.parametrize(
    "moment",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max,  # noqa: DTZ901
        datetime.min,  # noqa: DTZ901
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_read(moment: datetime) -> None:
    assert RESOLVER.resolve(Query("phường Láng ngập", received_at=moment)).candidates


@pytest.mark.parametrize("text", ["\ud800", "phường\udfff Láng", "\ud800" * 100])
def test_half_a_surrogate_pair_is_a_blank(text: str) -> None:
    for each in RESOLVER.resolve(Query(text, subject=text)).evidence:
        assert text[each.start : each.end] == each.text
    assert asserted("rác ở phường\udfffLáng") == "Láng"


@pytest.mark.parametrize(("lat", "lon"), [(nan, 105.8), (21.0, inf), (0.0, 0.0), (-inf, nan)])
def test_a_position_that_is_none_says_nothing(lat: float, lon: float) -> None:
    reading = RESOLVER.resolve(Query("", lat=lat, lon=lon))
    assert reading.candidates == ()
    assert not reading.outside_hanoi


@pytest.mark.parametrize(
    "text", ["ngõ 12 Nguyễn Trãi Hà Đông có hàng quán", "quận Đống Đa Nguyễn Lương Bằng, phố Ba Đình"]
)
def test_scores_are_shares_of_one(text: str) -> None:
    assert sum(each.score for each in read(text).candidates) <= 1.0


def test_the_receiving_ward_never_asserts() -> None:
    text = "phường Minh Khai, quận Bắc Từ Liêm"
    for each in read(text).candidates:
        assert RESOLVER.resolve(Query(text, receiving_ward=each.code)).ward is None


def test_a_preposition_does_not_shorten_a_landmark() -> None:
    rows = [(row.family, name) for row in tables.landmarks() for name in row.names]
    spoken = [name if spelling.has_level_word(family, name) else f"{family} {name}" for family, name in rows]
    turned = []
    for name in spoken[::3]:
        one, two = read(name.lower()).ward, read(f"rác ở {name.lower()}").ward
        if one is not None and two is not None and one.code != two.code:
            turned.append(name)
    assert turned == []


@pytest.mark.parametrize(
    ("text", "wards"),
    [
        ("xa son dong", {"Sơn Đồng", "Đoài Phương"}),
        ("xa phu dong", {"Phù Đổng", "Cổ Đô"}),
        ("chợ Thanh Xuân", {"Thanh Xuân", "Nội Bài"}),
    ],
)
def test_names_that_look_the_same_are_kept_beside_each_other(text: str, wards: set[str]) -> None:
    assert {unit(each.code).name for each in read(text).candidates} >= wards


@pytest.mark.parametrize(
    "text",
    [
        "không ở phường Láng",
        "Đâu phải phường Láng",
        "Xã Hòa Bình, huyện Kiến Xương",
        "Xã Tân Lập huyện Vũ Thư bị ngập",
        "Bệnh viện Mắt Hà Đông",
        "khu công nghiệp Phùng Xá Mỹ Đức",
        "Em cảm ơn ạ. Phạm Ngọc Thạch",
        "Bóng đèn Rạng Đông cháy",
        "bưởi Diễn ngon",
        "Mình mua bộ ấm chén gốm Bát Tràng trên mạng",
        "em mua ở tiệm Phúc Thịnh không đưa hóa đơn",
        "Kính gửi Sở Xây dựng Hà Nội, tôi hỏi thủ tục",
        "Người ta nói phường Láng nhưng tôi ở phường Yên Sở",
    ],
)
def test_nothing_is_asserted(text: str) -> None:
    assert asserted(text) is None


def test_the_ends_of_a_stretch_do_not_narrow_each_other() -> None:
    reading = read("đèn hỏng đoạn từ Ngã Tư Sở đến Cầu Mới")
    assert reading.ward is None
    assert len(reading.candidates) > 1


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("rác ở chợ phùng khoang", "Đại Mỗ"),
        ("ở chợ vân đình", "Vân Đình"),
        ("tôi ở phường Tây Hồ nhưng chiều nào cũng sang công viên Nghĩa Đô", "Nghĩa Đô"),
        ("giáo viên nghỉ hưu của phường Ô Chợ Dừa, thăm làng cổ Đường Lâm", "Sơn Tây"),
        ("dạ không phải đông tác mà là phố đông các", "Đống Đa"),
    ],
)
def test_the_place_of_the_trouble_is_asserted(text: str, ward: str) -> None:
    assert asserted(text) == ward


@pytest.mark.parametrize(
    "text",
    [
        "nhà ngoại tôi ở xa Tan Lap, Thai Nguyen bị sạt lở",
        "xã Phúc Thọ, huyện Lâm Hà, tỉnh Lâm Đồng",
        "phường Cửa Nam cũ của tp Vinh, Nghệ An",
        "duong Nguyen Trai, quan 5, sai gon",
    ],
)
def test_a_place_elsewhere_is_said(text: str) -> None:
    reading = read(text)
    assert reading.ward is None
    assert reading.outside_hanoi
