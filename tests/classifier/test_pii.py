"""Personal data is found and masked; what only looks like it stays; no text is too odd."""

from __future__ import annotations

import json
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.__main__ import main
from classifier.contract import MAX_LINE
from classifier.pii import KINDS, PLACEHOLDERS, find, mask
from classifier.pii.evaluate import FOLDER, PARTS, UNSEEN, LabelsInvalid, read, score, unlabelled

MESSAGES = {half: read(FOLDER / f"{half}.jsonl") for half in PARTS}
GOAL = 0.97
LONG = 50_000

# fmt: off
FALSE_FRIENDS = [
    "đường Nguyễn Trãi ngập", "phường Trần Hưng Đạo cũ", "phố Bà Triệu", "ở Ba Đình",
    "o Ba Dinh, ben Co Nhue", "Em ở Hồ Tùng Mậu", "Nhà em Mai Dịch mất nước",
    "Trường THPT Nguyễn Thị Minh Khai", "Bệnh viện Phạm Ngọc Thạch", "12 Nguyễn Văn Cừ", "Bác Hồ dạy",
    "chị Hằng chú Cuội", "gọi 113, 114, 115, 1022", "tổng đài 1900545413", "miễn phí 18001234",
    "số nhà 12 ngõ 345/67/8", "ngày 12/07/2025", "08-09-2025 12 giờ", "03.07.2025 18",
    "phạt 12.500.000 đồng", "vay 1.035.000.000.000 đồng", "tài khoản bị trừ 2500000 đồng",
    "Nghị quyết số 1656/NQ-UBTVQH15", "mã HN-26-7K3F-92", "0.912345678 ha", "21.028511, 105.804817",
    "mã vận đơn 034000000012", "công ty A, MST 0100000012", "Quyết định 123/QĐ-UBND", "tòa 21B5-1203",
    "căn 12A0501", "15h 2025 người", "không không không một hai ba lần",
    "bốn năm sáu bảy tám chín mười hộ", "hai nghìn không trăm linh tám", "quán tên là Hải Sản Ông Vua",
    "anh Công an phường", "Anh Chị", "Chủ tịch Hồ Chí Minh", "các bác Tổ trưởng",
    "anh hùng lao động", "chị bán rau", "bác tài bỏ chạy", "cô giáo chủ nhiệm", "ông hàng xóm", "bà con chú ý",
    "cô dâu chú rể", "em bé", "cô hiền lành", "anh minh oan", "chị tâm sự", "em hoa mắt", "anh thông báo",
    "tòa a Hà Nội", "em là lan can sắt", "em là Sinh viên", "Cháu là Đoàn viên", "ngõ cô lan", "gọi cho Điện lực",
    "đường nguyễn văn cừ", "có tên trong sổ", "(Ký, ghi rõ họ tên)", "phí hộ chiếu là 200000", "quán bún cô hằng",
    "không nêu tên. Mong cử người", "chung cu Hoang Mai", "phố đi bộ Trần Nhân Tông",
]
# fmt: on
# fmt: off
HARD_UNITS = [
    "0", "09", "0900000123 ", "0 9 ", "o", "o9", "1.", "12-", "A", "A ", "An ", "Nguyễn Văn ",
    "nguyễn văn an ", "tên là ", "ông Nguyễn ", "không ", "không chín ", "ba số không ", "mười mươi ",
    "chị lan ", "bà, lan ", "co quan ", "em là ", "nguyễn thị ", "gọi cho Lan ", "a Long ", "hộ chiếu bê ", "cộng tám tư ",
    "@", "a@", "a a còng ", "a.b@c.d ", "x@y cham ", "biển số ", "biển số hai chín a ", "stk ",
    "stk 123456 ", "30F-", "gd 4 ", "(", "+", "(+84", "\n", "\nNguyễn Văn An", "[họ tên]", "[",
    "\u0301", "\u200b", "\ud800", "cccd 001 ", "tên em là hoa ", "Ông Bà ", "tôi là Trần ",
]
# fmt: on
PIECES = st.sampled_from(
    [
        "0900000123",
        "không chín ",
        "tên là ",
        "Nguyễn Văn An",
        "nguyễn văn an",
        " ",
        "\n",
        ", ",
        "ông ",
        "stk ",
        "123456789",
        "VCB ",
        "cccd ",
        "001099000000",
        "30F-000.00",
        "biển số ",
        "@",
        "a còng ",
        "example.com",
        " chấm ",
        "mười ",
        "số ",
        "ba ",
        "[họ tên]",
        "[số điện thoại]",
        "[",
        "]",
        "\u200b",
        "\u0301",
        "O",
        "ở ",
        "chị lan ",
        "em là ",
        "cộng tám tư chín ",
        "hộ chiếu bê ",
        "a Long",
        "\ud83d",
        "(",
        ")",
        "+84",
        ".",
        "-",
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find(text)]


def test_there_are_enough_messages_of_both_sorts() -> None:
    everything = [message for half in MESSAGES.values() for message in half]
    assert len(everything) >= 400
    assert sum(not message.spans for message in everything) >= 150
    assert {each.kind for message in everything for each in message.spans} == set(KINDS)
    assert len({message.text for message in everything}) == len(everything)
    assert len({message.register for message in everything}) >= 6


# Where errors were read once, nothing may be lost again.
@pytest.mark.parametrize("half", [part for part in PARTS if part != UNSEEN])
def test_goals(half: str) -> None:
    counts = score(MESSAGES[half])
    assert counts.touched_precision() >= GOAL
    assert counts.touched_recall() >= GOAL
    assert counts.exact_precision() >= GOAL
    assert counts.exact_recall() >= GOAL


def test_strangers_messages_are_masked_as_well_as_last_measured() -> None:
    # Short of the goal of 0.97 for names; every other kind reaches it (README of the messages).
    counts = score(MESSAGES[UNSEEN])
    assert counts.exact_precision() >= 0.97
    assert counts.exact_recall() >= 0.92
    numbers = [kind for kind in KINDS if kind != "name"]
    found = sum(counts.touched[kind] for kind in numbers)
    assert found / sum(counts.labelled[kind] for kind in numbers) >= GOAL


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("gọi 0900 000 123 nhé", "gọi [số điện thoại] nhé"),
        ("gọi O9OO.OOO.123 nhé", "gọi [số điện thoại] nhé"),
        ("gọi +84 (0)900-000-123 nhé", "gọi [số điện thoại] nhé"),
        ("gọi (024) 0000 0011 nhé", "gọi [số điện thoại] nhé"),
        ("gọi 0９0０000１23 nhé", "gọi [số điện thoại] nhé"),
        ("gọi 09\u200b00 000 1\u200d23 nhé", "gọi [số điện thoại] nhé"),
        ("0900000123/0900000124", "[số điện thoại]/[số điện thoại]"),
        ("số không chín không ba số không ba số một hai ạ", "số [số điện thoại] ạ"),
        ("so o chin khong khong khong khong khong mot hai ba", "so [số điện thoại]"),
        ("cccd 001 099 000 000", "cccd [số căn cước]"),
        ("số 001099000000 sai ngày sinh", "số [số căn cước] sai ngày sinh"),
        ("cmnd 010000012", "cmnd [số căn cước]"),
        ("hộ chiếu C0000012", "hộ chiếu [số hộ chiếu]"),
        ("mst cá nhân 8000000012", "mst cá nhân [mã số thuế]"),
        ("thẻ GD 4 01 0000000012", "thẻ [số bảo hiểm]"),
        ("stk 19000000000012 tcb", "stk [số tài khoản] tcb"),
        ("thư an.000@example.com", "thư [thư điện tử]"),
        ("email an không một a còng example chấm com", "email [thư điện tử]"),
        ("xe 30F-000.00 chắn", "xe [biển số xe] chắn"),
        ("biển số hai chín bê một không không không không không ạ", "biển số [biển số xe] ạ"),
        ("ông Nguyễn Văn An nói", "ông [họ tên] nói"),
        ("tôi tên là nguyễn văn an ở đây", "tôi tên là [họ tên] ở đây"),
        ("toi ten la nguyen van nam nam nay", "toi ten la [họ tên] nam nay"),
        ("chị lan ở tầng ba với bác thụ", "chị [họ tên] ở tầng ba với bác [họ tên]"),
        ("gọi anh tuấn anh nhé", "gọi anh [họ tên] nhé"),
        ("em là thúy ạ, em tên là thu em ở đây", "em là [họ tên] ạ, em tên là [họ tên] em ở đây"),
        ("anh tên tiến anh ở phố vọng", "anh tên [họ tên] anh ở phố vọng"),
        ("cụ nguyễn thị sáu dột nhà", "cụ [họ tên] dột nhà"),
        ("tôi nguyễn văn mạnh xin hỏi", "tôi [họ tên] xin hỏi"),
        ("em la Ly, em hoi", "em la [họ tên], em hoi"),
        ("toi ten Chu Van Loi nhe", "toi ten [họ tên] nhe"),
        ("c Vân bên 1 cửa, a Long bv", "c [họ tên] bên 1 cửa, a [họ tên] bv"),
        ("gọi cho Lan (0900 000 779) với", "gọi cho [họ tên] ([số điện thoại]) với"),
        ("số hộ chiếu cũ 100000432", "số hộ chiếu cũ [số hộ chiếu]"),
        ("hộ chiếu bê không không không không không bốn năm", "hộ chiếu [số hộ chiếu]"),
        ("số cộng tám tư chín không không không không không bốn sáu chín", "số [số điện thoại]"),
        ("mail là lan chấm trần a còng example chấm v n nhé", "mail là [thư điện tử] nhé"),
        ("biển kiểm soát hai chín xê một ba số không bốn năm", "biển kiểm soát [biển số xe]"),
        ("tôi là mè văn phúm quê sơn la", "tôi là [họ tên] quê sơn la"),
        ("em là giàng a chứ công nhân", "em là [họ tên] công nhân"),
        ("Em tên Kpă H'Juen ở trọ", "Em tên [họ tên] ở trọ"),
        ("chủ tk VONG A SANG, vcb", "chủ tk [họ tên], vcb"),
        ("bà bảy sương với ông năm tẻo", "bà [họ tên] với ông [họ tên]"),
        ("Anh Tuấn và Hùng ở tầng 5", "Anh [họ tên] và [họ tên] ở tầng 5"),
        ("Bác sĩ Nhàn rất tận tình", "Bác sĩ [họ tên] rất tận tình"),
        ("Bảo vệ chung cư tên Thuyết", "Bảo vệ chung cư tên [họ tên]"),
        ("xe hai chín c không không không ba tư đổ đất", "xe [biển số xe] đổ đất"),
        ("xe biển đỏ TM 00-31", "xe biển đỏ [biển số xe]"),
        ("xe đuôi 000.37 chạy ẩu", "xe đuôi [biển số xe] chạy ẩu"),
        ("MST của vợ tôi: 0100000734, sai", "MST của vợ tôi: [mã số thuế], sai"),
        ("số chín trăm không không không ba chín bảy zalo", "số chín trăm không không không ba chín bảy zalo"),
        ("điện thoại không chín trăm không không không một hai bảy", "điện thoại [số điện thoại]"),
        ("email pê hát a en chấm gái gạch dưới hai a còng example chấm com", "email [thư điện tử]"),
        ("Đèn hỏng.\nTrân trọng,\nLò Thị Ún", "Đèn hỏng.\nTrân trọng,\n[họ tên]"),
    ],
)  # fmt: skip
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_false_friends_stay(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("half", PARTS)
def test_composition_does_not_matter(half: str) -> None:
    for message in MESSAGES[half]:
        parted = unicodedata.normalize("NFD", message.text)
        again = [(kind, unicodedata.normalize("NFC", words)) for kind, words in found(parted)]
        assert again == found(unicodedata.normalize("NFC", message.text)), message.id


@pytest.mark.parametrize("half", PARTS)
def test_masking_leaves_nothing_and_only_once(half: str) -> None:
    for message in MESSAGES[half]:
        masked = mask(message.text)
        assert find(masked) == ()
        assert mask(masked) == masked


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_and_masked_once(text: str) -> None:
    pieces = find(text)
    assert all(each.kind in PLACEHOLDERS and 0 <= each.start < each.end <= len(text) for each in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    masked = mask(text)
    assert mask(masked) == masked


@given(st.text(max_size=40).filter(lambda text: not any(char.isalnum() or char in "+(@" for char in text)))
def test_what_stands_before_only_moves_the_span(before: str) -> None:
    spans = [(each.start - len(before), each.end - len(before)) for each in find(before + " 0900000123 .")]
    assert spans == [(1, 11)]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\ud800", "\udfff0900000123\ud83d", "😭😭 👍", "\x00\x01\x02", "İ" * 9, "[họ tên]" * 3, "ﬀ①²"],
)
def test_odd_texts(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("unit", HARD_UNITS)
def test_long_texts_cost_little(unit: str) -> None:
    text = (unit * (LONG // len(unit) + 1))[:LONG]
    begin = time.process_time()
    mask(text)
    # Two hundred times the time of an ordinary text of that length would still pass; a square would not.
    assert time.process_time() - begin < 5


def test_labels_are_read() -> None:
    text, spans = unlabelled("gọi ⟦phone|0900 000 123⟧ gặp ông ⟦name|An⟧")
    assert text == "gọi 0900 000 123 gặp ông An"
    assert [text[each.start : each.end] for each in spans] == ["0900 000 123", "An"]
    for wrong in ("⟦phone|0900", "⟦odd|x⟧"):
        with pytest.raises(ValueError, match=r"nhãn|loại"):
            unlabelled(wrong)


def test_command_masks_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "messages.txt"
    file.write_text('gọi 0900000123\n{"id": 7, "text": "ông An ở số 5"}\n', encoding="utf-8")
    assert main(["pii", str(file)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "gọi [số điện thoại]"
    assert json.loads(second) == {"id": 7, "text": "ông [họ tên] ở số 5"}
    assert main(["pii", "--json", str(file)]) == 0
    spans = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert spans == [
        {"found": [{"kind": "phone", "start": 4, "end": 14}]},
        {"id": 7, "found": [{"kind": "name", "start": 4, "end": 6}]},
    ]


def test_command_names_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pii", str(tmp_path / "absent.txt")]) == 2
    assert "absent.txt" in capsys.readouterr().err
    file = tmp_path / "broken.jsonl"
    file.write_bytes(b'{"text": \n{"id": 1}\n\xff\xfe\n{"text": "\\ud800 0900000123"}\n')
    assert main(["pii", str(file)]) == 1
    said = capsys.readouterr()
    assert [f"dòng {number}" in said.err for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert json.loads(said.out) == {"text": "\ud800 [số điện thoại]"}
    file.write_text("a" * (MAX_LINE + 1) + "\n", encoding="utf-8")
    assert main(["pii", str(file)]) == 1
    assert capsys.readouterr().out == ""
    file.write_text('{"id": "x", "text": "không có văn phong"}\n', encoding="utf-8")
    assert main(["pii", "--evaluate", str(file)]) == 2
    assert "dòng 1" in capsys.readouterr().err


def test_command_evaluates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pii", "--evaluate"]) == 0
    said = capsys.readouterr().out
    assert all(kind in said for kind in KINDS)


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelsInvalid, match="absent"):
        read(tmp_path / "absent.jsonl")
