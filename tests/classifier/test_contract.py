"""The published line protocol, through a real process."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from classifier.contract import LineInvalid, parse
from classifier.labels import FIELDS, KINDS

ROOT = Path(__file__).parents[2]
KEYS = [
    "id", "ward", "ward_candidates", "field", "field_candidates", "kind", "urgent", "needs_review", "evidence",
    "model", "secondary_fields", "outside_hanoi", "language", "reasons",
        "gist",
]  # fmt: skip
GOOD: list[dict[str, Any]] = [
    {"id": "a", "text": "Nắp cống trước nhà 5 phố Lò Đúc bị mất, xe máy vừa ngã xuống"},
    {"id": 7, "text": "Giấy khai sinh quá hẹn 10 ngày chưa có", "subject": "Chậm trả hồ sơ ở phường Cửa Nam"},
    {"id": "e", "text": ""},
    {"id": "p", "text": "den duong tat ca tuan", "position": {"lat": 21.03, "lon": 105.85}, "extra": 1},
    {"id": "s", "text": "lẻ \ud800 đây", "received_at": "2026-01-05T08:00:00+07:00"},
]
BAD = [
    b"rubbish",
    b"[1]",
    b'{"id": "x"}',
    b'{"id": true, "text": "a"}',
    b"\xff\xfe",
    b'{"id": "y", "text": "a", "position": {"lat": 999, "lon": 1}}',
    b'{"id": "z", "text": "a", "received_at": "mai"}',
    b"[" * 5000,
]


@cache
def answers() -> list[dict[str, Any]]:
    sent = b"\n".join([json.dumps(row).encode() for row in GOOD] + BAD + [json.dumps(GOOD[0]).encode()])
    done = subprocess.run(
        [sys.executable, "-m", "classifier", "predict"], input=sent, capture_output=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_one_answer_a_line_in_order() -> None:
    ids = [row["id"] for row in answers()]
    assert ids == ["a", 7, "e", "p", "s", None, None, "x", None, None, "y", "z", None, "a"]


def test_exact_keys() -> None:
    for row in answers()[: len(GOOD)]:
        assert list(row) == KEYS


def test_values_are_labels_and_probabilities() -> None:
    for row in answers()[: len(GOOD)]:
        assert row["field"]["id"] in FIELDS and row["kind"]["id"] in KINDS
        assert row["field"] == row["field_candidates"][0]
        scores = [row["field"], row["kind"], row["urgent"], *row["field_candidates"], *row["ward_candidates"]]
        assert all(0 <= each["score"] <= 1 for each in scores)
        assert row["ward"] is None or row["ward"] in row["ward_candidates"]


def test_evidence_is_cut_from_the_original() -> None:
    for sent, row in zip(GOOD, answers(), strict=False):
        for span in row["evidence"]:
            source = sent["subject"] if span.get("in") == "subject" else sent["text"]
            assert source[span["start"] : span["end"]] == span["text"] != ""
            assert span["why"]


def test_bad_lines_say_why_and_the_run_goes_on() -> None:
    rows = answers()[len(GOOD) : -1]
    assert len(rows) == len(BAD)
    assert all(set(row) == {"id", "error"} and row["error"] for row in rows)
    assert answers()[-1] == answers()[0]


def test_a_review_has_a_reason() -> None:
    for row in answers()[: len(GOOD)]:
        # A ward that only the sender can name is told, and asks for no review.
        assert row["reasons"] or not row["needs_review"]
        assert row["reasons"] or row["ward"]


def test_a_dangling_surrogate_keeps_offsets() -> None:
    assert len(parse(json.dumps({"id": 1, "text": "a\ud800b"}).encode()).text) == 3


@pytest.mark.parametrize("line", BAD)
def test_parse_refuses(line: bytes) -> None:
    with pytest.raises(LineInvalid):
        parse(line)


def test_a_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "classifier", "predict", "--models", str(tmp_path)],
        input=b"", capture_output=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.decode().startswith("predict: ") and done.stderr.count(b"\n") == 1
