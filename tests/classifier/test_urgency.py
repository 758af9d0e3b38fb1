"""The safety rules and what takes them back."""

from __future__ import annotations

import pytest

from classifier.features.views import views
from classifier.lexicon import Lexicon, LexiconFault, concepts, read
from classifier.normalise import fold
from classifier.pipeline import Classifier
from classifier.prediction import Query
from classifier.urgency import safety


@pytest.mark.parametrize(
    "text",
    [
        "Dây điện bị đứt rơi xuống đường, tóe lửa",
        "Nắp cống giữa đường bị mất, xe vừa sập hố",
        "cây xà cừ vừa đổ chắn ngang đường Láng",
        "day dien bi dut roi xuong duong",
        "Bình gas bị xì, mùi gas nồng nặc cả ngõ",
        "Nhà số 5 đang cháy to",
        "Hai nhóm thanh niên đang chém nhau",
        "Giàn giáo công trình vừa sập",
        "Chó dữ xổng chuồng cắn người",
        "tram bien ap dang no lup bup, lua ban tung toe, khong ai dam lai gan vi so giat",
        "cột điện đổ chắn ngang đường, sợ quá",
        "co nguoi dang treo ra ngoai lan can cau, goi cuu ho gap",
        "nghi ngộ độc, bốn mươi người đau bụng nôn",
        "cháu bé vừa lọt cống",
        "bình ga nó xì, cửa cuốn không mở lên được",
        "mn ơi có trộm đang trèo tường vào nhà",
        "đường vừa sụp xuống một cái hố to",
        "nước đến ngực rồi, cho thuyền vào đón",
    ],
)
def test_danger_now(text: str) -> None:
    assert safety().find(views(text).folded) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Dây điện chùng xuống từ lâu, sợ có ngày đứt",
        "Năm ngoái nhà này từng cháy",
        "Đám cháy đã được dập tắt, cảm ơn các anh",
        "Nắp cống kêu nhưng không mất nắp",
        "Cây nghiêng, lo gió to là đổ",
        "Diễn tập chữa cháy nhà cao tầng",
        "Đường Láng chạy rất chậm, đỗ xe bừa bãi",
        "can bo phuong khong lam viec",
        "5 giờ sáng đã khoan đục bê tông ầm ầm",
        "Tường nứt mấy năm nay, nguy cơ đổ",
        "mất điện, bóng cháy hết",
        "xe khach no may ca dem",
        "nếu cháy nhà thì xe cứu hỏa không vào được",
        "xưởng đầu làng khói đen bốc lên mỗi tối",
        "bao lâu nay cây nghiêng, lo sợ gãy đổ",
        "Nước chảy xuống trường mầm non, con tôi học ở đó",
        "",
    ],
)
def test_no_danger(text: str) -> None:
    assert safety().find(views(text).folded) is None


def test_a_rule_does_not_outrank_a_model_that_holds_the_message_for_plainly_calm() -> None:
    text = "Cục nóng điều hòa nhà bên rơi xuống sân nước bẩn, ồn cả đêm, đề nghị phường nhắc nhở"
    assert safety().find(views(text).folded) is not None
    assert not Classifier.load().predict(Query(text)).urgent.value


def test_typed_accents_must_agree() -> None:
    found = Lexicon([("fire", "cháy")])
    assert list(found.find(fold("nhà cháy rồi")))
    assert list(found.find(fold("nha chay roi")))
    assert not list(found.find(fold("xe chạy nhanh quá đường")))


def test_phrases_stand_on_word_borders() -> None:
    assert not list(Lexicon([("x", "ga")]).find(fold("nhà ga-ra gara gan")))[1:]


def test_the_packaged_concepts_cover_the_subject() -> None:
    assert len(concepts().names) > 50
    assert len(concepts().entries) > 1_000


def test_a_broken_table_names_the_row(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "bad.tsv"
    path.write_text("name\tphrases\nx\ta;;b\n", encoding="utf-8")
    with pytest.raises(LexiconFault, match=r"bad\.tsv"):
        read(path)
