"""Second labels, agreement and the check that names tell nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classifier import corpus
from classifier.corpus import check, leak, second

MESSAGES = corpus.load()


def table(folder: Path, name: str, *rows: str) -> None:
    (folder / name).write_text("\n".join(["# heading", *rows]) + "\n", encoding="utf-8")


def test_authors_and_second_annotators_agree() -> None:
    found = second.agreement(MESSAGES, second.read(second.FOLDER / second.LABELS))
    assert found.messages >= 400
    assert found.field_kappa > 0.85
    assert found.kind_kappa > 0.85
    assert found.urgent_kappa > 0.85


def test_second_labels_belong_to_messages() -> None:
    for name in (second.LABELS, second.SETTLED):
        assert check.unknown(MESSAGES, second.read(second.FOLDER / name)) == []
    assert check.unknown(MESSAGES[:1], ["absent"]) == ["absent: có nhãn thứ hai nhưng không có tin"]


def test_both_fields_are_accepted_and_the_last_word_counts(tmp_path: Path) -> None:
    one = replace(MESSAGES[0], id="x-1", fields=("roads",), kind="report", urgent=False)
    two, three = replace(one, id="x-2"), replace(one, id="x-3")
    table(tmp_path, second.LABELS, "x-1\tdrainage,roads\tproposal\t1", "x-2\twaste\treport\t0")
    table(tmp_path, second.SETTLED, "x-2\tpollution\tcomplaint\t1")
    first, settled, untouched = second.merged([one, two, three], tmp_path)
    assert (first.fields, first.kind, first.urgent) == (("roads", "drainage"), "report", False)
    assert (settled.fields, settled.kind, settled.urgent) == (("pollution",), "complaint", True)
    assert untouched == three


@pytest.mark.parametrize(
    "row", ["x-1\troads\treport", "x-1\tnothing\treport\t0", "x-1\troads\todd\t0", "x-1\troads\treport\tyes"]
)
def test_a_broken_row_is_named(tmp_path: Path, row: str) -> None:
    table(tmp_path, second.LABELS, row)
    with pytest.raises(corpus.CorpusFault, match=r"labels\.tsv, dòng 2"):
        second.read(tmp_path / second.LABELS)


def test_a_message_has_one_row(tmp_path: Path) -> None:
    table(tmp_path, second.LABELS, "x-1\troads\treport\t0", "x-1\troads\treport\t0")
    with pytest.raises(corpus.CorpusFault, match="dòng 3"):
        second.read(tmp_path / second.LABELS)


def test_kappa() -> None:
    # Two raters, 50 cases: 20 both yes, 15 both no, 5 and 10 apart; by hand 0.4.
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert second.kappa(pairs) == pytest.approx(0.4)
    assert second.kappa([("y", "y")] * 3) == 1
    assert second.kappa([("y", "n"), ("n", "y")]) == -1


def test_agreement_needs_messages() -> None:
    with pytest.raises(corpus.CorpusFault):
        second.agreement(MESSAGES[:3], {})


def told_by_place(number: int) -> corpus.Message:
    field, place = (("waste", "phố Hàng Bồ"), ("noise", "phố Lò Đúc"))[number % 2]
    return replace(
        MESSAGES[0], author=f"w{number % 4}", text=f"Ở {place} lại thế", place=place, fields=(field,)
    )


def test_a_street_that_means_a_field_is_a_leak() -> None:
    found = leak.leak([told_by_place(number) for number in range(400)])
    assert found.told == found.right == 400
    assert found.leaks


def test_level_words_are_no_names_and_persons_are() -> None:
    message = replace(MESSAGES[0], text="Tôi là Lê Thị Na ở chợ Hôm", place="chợ Hôm")
    assert leak.names(message) == ("hom", "le", "thi", "na")
    assert not leak.leak([]).leaks
