"""Villages, craft villages, roads with numbers and estates of the outer districts; names that must not be taken for them."""

from __future__ import annotations

import pytest

from classifier.prediction import Query
from classifier.wards.roads import road_forms, said_numbers
from tests.classifier.wards.reading import RESOLVER, asserted


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("thôn Nhân Lý nước ngập cả tuần", "Xuân Mai"),
        ("thon Bai Noi mat nuoc sach", "Kiều Phú"),
        ("thôn Đồng Lư, huyện Quốc Oai, rác chất đống", "Hưng Đạo"),
        ("làng nghề tò he Xuân La ồn quá", "Phượng Dực"),
        ("thôn Trinh Tiết đường hỏng", "Mỹ Đức"),
        ("thôn Bá Dương Nội đèn đường hỏng", "Ô Diên"),
        ("chợ gia cầm Hà Vĩ mùi hôi", "Chương Dương"),
        ("ngã tư Sơn Đồng kẹt xe", "Sơn Đồng"),
        ("bệnh viện đa khoa Quốc Oai thu sai tiền", "Quốc Oai"),
        ("bv Thanh Oai chờ lâu", "Thanh Oai"),
        ("chung cư Hateco Apollo mất nước", "Xuân Phương"),
        ("KĐT Masteri West Heights thang máy hỏng", "Tây Mỗ"),
        ("đường Đặng Phúc Thông ngập", "Phù Đổng"),
        ("khu du lịch Ao Vua xả thải", "Suối Hai"),
    ],
)
def test_places_of_the_outskirts(text: str, ward: str) -> None:
    assert asserted(text) == ward


@pytest.mark.parametrize(
    "text",
    [
        "số nhà 5, Sóc Sơn",
        "số nhà 5, Quốc Oai",
        "đề nghị Sở Tài nguyên và Môi trường trả lời",
        "em tư vấn giúp chị Xuân Quỳnh",
        "duong do quan quan ly",
        "ho tro gia dinh 35 trieu dong ve xa",
        "tong dai taxi mai linh",
        "chu ky cua gia dinh va mau luu",
        "ho di den va mui hoi nong nac",
        "khu tập thể Kim Mã thang máy hỏng",
        "quốc lộ 6 tắc đường",
    ],
)
def test_words_and_long_roads_assert_nothing(text: str) -> None:
    assert asserted(text) is None


@pytest.mark.parametrize(
    "road",
    ["quốc lộ 21B", "QL21B", "ql 21b", "QL.21B", "quốc lộ hai mốt bê", "quoc lo hai mot b", "quốc lộ 21 B"],
)
def test_a_numbered_road_is_known_in_every_spelling(road: str) -> None:
    _, clues = RESOLVER.clues(f"{road} qua Kim Bài nhiều ổ gà")
    assert "Quốc lộ 21B" in {clue.name for clue in clues}
    assert asserted(f"{road}, thị trấn Kim Bài nhiều ổ gà") == "Thanh Oai"


def test_the_second_ocean_park_lies_outside() -> None:
    assert RESOLVER.resolve(Query("cư dân Vinhomes Ocean Park 2 phản ánh")).outside_hanoi
    assert asserted("cư dân Vinhomes Ocean Park phản ánh") == "Gia Lâm"


def test_said_numbers() -> None:
    assert said_numbers("427") == ("bốn hai bảy", "bốn trăm hai bảy", "bốn trăm hai mươi bảy")
    assert said_numbers("21") == ("hai một", "hai mốt", "hai mươi mốt")
    assert said_numbers("6") == ("sáu",)
    assert road_forms("Hàng Bạc") == ()
    assert "ĐT.427" in road_forms("Tỉnh lộ 427")
