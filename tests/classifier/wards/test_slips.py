"""Typing errors, telex left-overs, misheard names: put right only where no other word was meant."""

from __future__ import annotations

import pytest

from classifier.normalise import fold
from classifier.prediction import Query
from classifier.wards.telex import Retyper
from tests.classifier.wards.reading import RESOLVER, asserted, listed


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("phuwowngf Yên Sở", "Yên Sở"),
        ("xax Suoois Hai", "Suối Hai"),
        ("ddường Vũ Tông Phan", "Khương Đình"),
        ("fường Bồ Đề", "Bồ Đề"),
        ("p. Thah Liệt", "Thanh Liệt"),
        ("phường HoàngLiệt", "Hoàng Liệt"),
        ("phường Khuơng Đình", "Khương Đình"),
        ("xã Phúc Sơ huyện Mỹ Đức", "Phúc Sơn"),
        ("phường tây tịu", "Tây Tựu"),
        ("sã Hát Môn", "Hát Môn"),
        ("bãi rác nam xơn", "Trung Giã"),
        ("thôn ngải cầu", "An Khánh"),
        ("p. địh côg mất nước", "Định Công"),
        ("x. tây fươg thạch thất", "Tây Phương"),
        ("ng dân tam đồg, mê lih cũ", "Tiến Thắng"),
        ("tòa hát hát hai bê linh đàm", "Hoàng Liệt"),
    ],
)
def test_a_slip_is_understood(text: str, ward: str) -> None:
    assert asserted(text) == ward


@pytest.mark.parametrize(
    "text",
    [
        "de nghi y te phuong phun hoa chat",
        "phuong nay dong duc qua",
        "xã hội ngày càng tốt đẹp",
        "đường này nắng lắm",
        "cong an xa chua tra loi",
        "em là sinh viên mới ra trường",
        "ngõ một trăm bốn mươi",
        "mấy hàng bún chả đầu ngõ",
        "đường làng tôi lầy lội",
        "ho tro gia dinh 35 trieu dong",
        "em chua thay ai tra loi",
        "nha van hoa xa dong cua suot",
    ],
)
def test_words_are_not_bent_into_names(text: str) -> None:
    assert asserted(text) is None


def test_two_names_as_near_as_each_other_are_left_alone() -> None:
    # One letter from both Vân Điền and Vân Đình would be a guess.
    assert asserted("xã Vân Đìhn") is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("phuwowngf khuwowng trung", "phuong khuong trung"),
        ("quaanj hoangf mai", "quan hoang mai"),
        ("oo chowj duwaf", "o cho dua"),
        ("địh côg, tây fươg", "dinh cong, tay phuong"),
        ("phường hoàngg maiii", "phuong hoang mai"),
        ("boss class wifi", "boss class wifi"),
    ],
)
def test_telex_keys_become_syllables(typed: str, read: str) -> None:
    known = frozenset(
        ["phuong", "khuong", "trung", "quan", "hoang", "mai", "o", "cho", "dua", "dinh", "cong", "tay"]
    )
    assert Retyper(known).untyped(fold(typed)).text == read


def test_evidence_covers_the_keys_that_were_typed() -> None:
    text = "rác ở phuwowngf Yên Sở, mong xử lý"
    spans = [each.text for each in RESOLVER.resolve(Query(text)).evidence]
    assert spans == ["phuwowngf Yên Sở"]


def test_many_unknown_names_cost_little_and_say_nothing() -> None:
    assert RESOLVER.resolve(Query("phường Xyzab Qwert, " * 2_000)).ward is None


def test_half_typed_names_are_read() -> None:
    assert len(listed("ở Bắc Từ Liem")) > 4
