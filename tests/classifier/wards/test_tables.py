"""The tables are sound, and the loader says where they are not."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from classifier.shares import wilson
from classifier.wards import Resolver, check, cli, evaluate, tables
from classifier.wards.gazetteer import find_old, place_codes
from classifier.wards.tables import TableFault, rows


def test_nothing_in_the_tables_must_be_put_right() -> None:
    assert check.check().faults == ()


def test_tables_are_as_large_as_promised() -> None:
    assert len([name for row in tables.streets() for name in row.names]) >= 600
    assert len([name for row in tables.landmarks() for name in row.names]) >= 600


def test_known_collisions_are_kept() -> None:
    collisions = " ".join(check.check().collisions)
    for pair in ("Việt Hùng, Việt Hưng", "Đông Xuân, Đồng Xuân", "Xuân Đình, Xuân Đỉnh"):
        assert pair in collisions


def test_a_wrong_header_or_an_unknown_unit_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "odd.tsv").write_text("# c\na\tb\n1\t2\t3\n", encoding="utf-8")
    monkeypatch.setattr(tables, "files", lambda _: tmp_path)
    with pytest.raises(TableFault, match=r"odd.tsv:2: columns"):
        list(rows("odd", ("a", "c")))
    with pytest.raises(TableFault, match=r"odd.tsv:3: 3 cells"):
        list(rows("odd", ("a", "b")))


def test_unknown_places_are_refused() -> None:
    with pytest.raises(TableFault, match="Atlantis"):
        place_codes("Atlantis")
    with pytest.raises(TableFault, match="Atlantis"):
        find_old("Atlantis", "Ba Đình")


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["wards", *words])
    return int(arguments.run(arguments))


def test_explain_says_what_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("explain", "phường Nghĩa Đô cũ, quận Cầu Giấy") == 0
    shown = capsys.readouterr().out
    assert "nay thuộc 3 đơn vị" in shown
    assert "chưa xác định" in shown


def test_check_and_street_comparison(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    points = tmp_path / "points.json"
    points.write_text(json.dumps({"Chùa Bộc": {"00229": 3, "00004": 2}}), encoding="utf-8")
    assert _run("check", "--streets", str(points)) == 0
    assert "Chùa Bộc: missing Ba Đình" in capsys.readouterr().out


def test_evaluation_counts_and_names_errors() -> None:
    report = evaluate.report(
        [
            {"id": 1, "text": "phường Láng", "wards": ["00199"], "style": "chat", "ward_case": "new_name"},
            {"id": 2, "text": "phường Bồ Đề", "wards": ["00199"], "style": "chat", "ward_case": "new_name"},
            {"id": 3, "text": "không rõ", "wards": [], "style": "asr", "ward_case": "none"},
        ],
        Resolver.load(),
    )
    tally = report.groups["determined"]
    assert (tally.cases, tally.asserted, tally.right) == (2, 2, 1)
    assert report.groups["none"].asserted == 0
    assert [line.split(" ")[0] for line in report.errors] == ["2"]
    assert any("determined" in line for line in report.lines())


@pytest.mark.parametrize("words", [("evaluate",), ("calibrate",), ("check", "--streets")])
@pytest.mark.parametrize(
    "content", [None, "no json\n", '["a list"]\n', "\udcff", '{"text": "a", "wards": "00004"}\n']
)
def test_an_unreadable_file_is_told_in_one_line(
    words: tuple[str, ...], content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.jsonl"
    if content is not None:
        file.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert _run(*words, str(file)) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"wards: {file}")
    assert told.count("\n") == 1


def test_interval_is_wilsons() -> None:
    low, high = wilson(98, 100)
    assert low == pytest.approx(0.930, abs=0.001)
    assert high == pytest.approx(0.994, abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)
