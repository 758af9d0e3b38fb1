"""`feedback clock due` and `feedback clock worked` against a table that was worked out by hand."""

import tomllib
from pathlib import Path

import pytest

from feedback.cli_clock import due, worked
from feedback.domain.instants import read_instant

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "working_time.toml").read_text(encoding="utf-8"))


def named(rows: list[dict[str, str]], key: str) -> list[object]:
    return [pytest.param(row, id=f"{row['from']} {row[key]}: {row['why']}") for row in rows]


@pytest.mark.parametrize("case", named(TABLE["due"], "term"))
def test_due_as_worked_out_by_hand(case: dict[str, str]) -> None:
    assert due(case["from"], case["term"]) == read_instant(case["due"]).isoformat()


@pytest.mark.parametrize("case", named(TABLE["worked"], "to"))
def test_worked_as_worked_out_by_hand(case: dict[str, str]) -> None:
    assert worked(case["from"], case["to"]) == int(case["seconds"])


def test_no_case_is_written_twice() -> None:
    rows = [tuple(row.values())[:2] for rows in TABLE.values() for row in rows]
    assert len(rows) == len(set(rows)) >= 160
