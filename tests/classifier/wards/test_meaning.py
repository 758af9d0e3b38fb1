"""False friends, collisions, streets, institutions, "cũ", outside Hanoi: what a name means where it stands."""

from __future__ import annotations

import pytest

from classifier.prediction import Query
from classifier.wards import unit
from tests.classifier.wards.reading import RESOLVER, asserted, listed, read


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("xã Trần Phú mất điện", "Trần Phú"),
        ("xã Thanh Trì mất điện", "Thanh Trì"),
        ("xã Chương Dương mất điện", "Chương Dương"),
        ("phường Chương Dương", "Hồng Hà"),
        ("xã Hồng Hà, huyện Đan Phượng", "Ô Diên"),
        ("phường Hồng Hà", "Hồng Hà"),
        ("xã Hòa Phú, huyện Ứng Hòa", "Hòa Xá"),
        ("xã Hòa Phú", "Hòa Phú"),
        ("xã Thanh Xuân, Sóc Sơn", "Nội Bài"),
        ("phường Thanh Xuân", "Thanh Xuân"),
        ("xã Yên Sở, huyện Hoài Đức", "Dương Hòa"),
        ("phường Yên Sở", "Yên Sở"),
    ],
)
def test_false_friends(text: str, ward: str) -> None:
    assert asserted(text) == ward


@pytest.mark.parametrize(
    ("text", "wards"),
    [
        ("phường Trần Phú, quận Hoàng Mai", {"Hoàng Mai", "Lĩnh Nam", "Yên Sở"}),
        ("phường Thanh Trì, quận Hoàng Mai", {"Vĩnh Hưng", "Lĩnh Nam"}),
        ("phường Nghĩa Đô cũ", {"Nghĩa Đô", "Tây Hồ", "Ngọc Hà"}),
        ("P. Minh Khai cũ", {"Bạch Mai", "Tương Mai", "Tây Tựu", "Xuân Phương", "Dương Hòa"}),
        ("phường Thanh Xuân Nam trước đây", {"Thanh Xuân", "Thanh Liệt"}),
    ],
)
def test_split_units_and_namesakes_abstain(text: str, wards: set[str]) -> None:
    reading = read(text)
    assert reading.ward is None
    assert {unit(each.code).name for each in reading.candidates} >= wards - {
        "Dương Hòa",
        "Tây Tựu",
        "Xuân Phương",
    }
    assert "chưa đủ căn cứ" in reading.reasons[0]


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("phường Việt Hưng", "Việt Hưng"),
        ("phuong Viet Hung", "Việt Hưng"),
        ("xã Đông Xuân Sóc Sơn", "Sóc Sơn"),
        ("phường Xuân Đỉnh", "Xuân Đỉnh"),
        ("xã Xuân Đình, Phúc Thọ", "Phúc Lộc"),
        ("xã Đại Hưng Mỹ Đức", "Mỹ Đức"),
        ("xã Đại Hùng Ứng Hòa", "Ứng Hòa"),
        ("xã Tiền Phong huyện Thường Tín", "Thường Tín"),
        ("xã Tiên Phong huyện Ba Vì", "Quảng Oai"),
        ("phuong trung tu", "Kim Liên"),
    ],
)
def test_names_that_collide_without_accents(text: str, ward: str) -> None:
    reading = read(text)
    names = {unit(each.code).name for each in reading.candidates}
    assert ward in names
    assert reading.ward is None or unit(reading.ward.code).name == ward


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("số 20 phố Hai Bà Trưng lấn chiếm vỉa hè", "Cửa Nam"),
        ("ngõ 12 phố Tạ Hiện ồn", "Hoàn Kiếm"),
        ("đường Xuân Diệu ngập", "Tây Hồ"),
        ("phố Chùa Bộc tắc", "Kim Liên"),
        ("cổng bệnh viện Bạch Mai lộn xộn", "Kim Liên"),
        ("bến xe Yên Nghĩa", "Yên Nghĩa"),
        ("sân bay Nội Bài", "Nội Bài"),
        ("quanh hồ Hoàn Kiếm", "Hoàn Kiếm"),
        ("chợ Ninh Hiệp", "Phù Đổng"),
        ("làng gốm Bát Tràng", "Bát Tràng"),
    ],
)
def test_streets_and_institutions_are_not_wards_of_that_name(text: str, ward: str) -> None:
    assert asserted(text) == ward


def test_a_bridge_lies_on_two_banks() -> None:
    assert listed("trên cầu Long Biên") == {"Hồng Hà", "Bồ Đề"}
    assert asserted("trên cầu Long Biên") is None


def test_a_bare_district_name_is_the_district() -> None:
    assert len(listed("khu vực Cầu Giấy ngập")) > 4
    assert asserted("phường Cầu Giấy ngập") == "Cầu Giấy"


@pytest.mark.parametrize(
    "text",
    [
        "chúc anh chị bình minh vui vẻ, làm việc quang minh chính đại",
        "tôi mong cuộc sống bình yên, hợp đồng ký rồi",
        "Anh Minh Khai đã hỗ trợ tôi rất nhiệt tình",
        "Tôi là Trần Hưng Đạo, hỏi thủ tục khai sinh",
        "vẫn còn có bị mãi làm phiền, thành công tự nhiên",
        "van con co bi mai lam phien",
        "quán phở ngon mà ồn quá, giải phóng mặt bằng chậm",
    ],
)
def test_common_words_and_persons_are_no_places(text: str) -> None:
    reading = read(text)
    assert reading.ward is None
    assert reading.candidates == ()


@pytest.mark.parametrize(
    "text",
    [
        "em ở quận Bình Thạnh TP HCM hỏi thủ tục",
        "phường Quang Trung, thành phố Vinh, Nghệ An",
        "xã Tân Lập huyện Vũ Thư tỉnh Thái Bình có xe quá tải",
        "phuong Hoa Binh tinh Phu Tho",
        "dân Từ Sơn Bắc Ninh hỏi căn cước",
    ],
)
def test_outside_hanoi_is_said(text: str) -> None:
    reading = read(text)
    assert reading.outside_hanoi
    assert reading.ward is None
    assert reading.candidates == ()


@pytest.mark.parametrize(
    "text", ["phố Bắc Ninh nào đó ở phường Láng", "xe khách Nam Định đỗ ở bến xe Giáp Bát"]
)
def test_streets_and_coaches_do_not_lead_outside(text: str) -> None:
    assert not read(text).outside_hanoi


def test_the_trouble_counts_not_the_home() -> None:
    assert asserted("nhà em ở phường Phú Diễn nhưng quán bia trên phố Hàm Long gây ồn") == "Cửa Nam"
    assert asserted("bà con xã Hát Môn chúng tôi phản ánh khói bên xã Liên Minh bay sang") == "Liên Minh"


def test_two_places_are_listed_not_guessed() -> None:
    reading = read("rác ở phường Láng và phường Bồ Đề")
    assert reading.ward is None
    assert {unit(each.code).name for each in reading.candidates} == {"Láng", "Bồ Đề"}


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("phường Thạch Bàn cũ, đường Nguyễn Đức Thuận", "Gia Lâm"),
        ("phố Bà Triệu, quận Hà Đông", "Hà Đông"),
        ("Linh Đàm, phường Hoàng Liệt", "Hoàng Liệt"),
        ("phường Mai Dịch cũ, phố Trần Vỹ", "Phú Diễn"),
    ],
)
def test_clues_are_intersected(text: str, ward: str) -> None:
    assert asserted(text) == ward


@pytest.mark.parametrize(
    ("text", "ward"),
    [("xã thư nâm", "Thư Lâm"), ("phường nĩnh lam", "Lĩnh Nam"), ("phường nong biên", "Long Biên")],
)
def test_speech_recognised_sounds(text: str, ward: str) -> None:
    assert asserted(text) == ward


def test_a_longer_unknown_name_weakens_the_reading() -> None:
    assert asserted("Phường Láng Hạ Long") is None
    assert read("phường Bồ Đề Thượng").candidates[0].score < read("phường Bồ Đề").candidates[0].score


def test_position_chooses_among_the_heirs_of_a_split_unit() -> None:
    text = "phường Thạch Bàn cũ mất nước"
    near = RESOLVER.resolve(Query(text, lat=21.0197, lon=105.896))
    assert RESOLVER.resolve(Query(text)).ward is None
    assert unit(near.candidates[0].code).name == "Long Biên"
    far = RESOLVER.resolve(Query(text, lat=10.77, lon=106.7))
    assert far.candidates == RESOLVER.resolve(Query(text)).candidates


def test_position_alone_lists_but_never_asserts() -> None:
    reading = RESOLVER.resolve(Query("mất nước", lat=21.0386, lon=105.838))
    assert reading.ward is None
    assert unit(reading.candidates[0].code).name == "Ba Đình"
    assert RESOLVER.resolve(Query("mất nước", lat=10.77, lon=106.7)).outside_hanoi


def test_the_subject_counts_and_is_marked() -> None:
    reading = RESOLVER.resolve(Query("mất nước ba ngày", subject="Phường Bồ Đề"))
    assert reading.ward is not None and reading.ward.code == "00118"
    assert [each.in_subject for each in reading.evidence] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "toi gui don ma chua thay tra loi",
        "ca lang mat nuoc, nha van hoa dong cua",
        "Đề nghị ấn định công suất trạm biến áp, toà nhà chung chưa có nhà xe",
        "hội phụ huynh đóng cho hai phòng học",
        "xã hội bây giờ cần thống nhất cách làm",
    ],
)
def test_ordinary_words_never_assert_a_ward(text: str) -> None:
    assert asserted(text) is None


def test_denied_and_neighbouring_places_step_back() -> None:
    assert asserted("bãi rác ở phường Láng, giáp phường Yên Hòa") == "Láng"
    assert listed("không phải phường Láng mà là phường Bồ Đề") == {"Bồ Đề"}


def test_the_longer_name_beats_level_word_plus_short_name() -> None:
    assert "Đan Phượng" not in listed("chợ Phùng Khoang ngập rác")
    assert asserted("phuong trung liet") is None
    assert listed("phuong trung liet") == {"Ô Chợ Dừa", "Kim Liên", "Đống Đa"}


def test_a_name_with_a_slip_needs_a_level_word() -> None:
    assert asserted("dạ em ở phường văn phúc hà đông ạ") == "Hà Đông"
    assert read("toàn chuyện vẫn phức tạp").candidates == ()
