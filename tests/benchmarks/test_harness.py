"""The harness runs and judges; how fast anything is, only the benchmark itself says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import report, runner
from benchmarks.figures import Figure, Verdict, guarded, latencies, percentile
from benchmarks.sizes import BY_NAME, TINY

MEASURED = ("webhook", "city")


@pytest.fixture(scope="module")
def outcome() -> tuple[list[Figure], report.Circumstances]:
    """The measurements that need no classifier, at the smallest size."""
    return runner.run(TINY, MEASURED)


def test_every_figure_is_measured(outcome: tuple[list[Figure], report.Circumstances]) -> None:
    figures, _ = outcome
    assert [figure for figure in figures if figure.verdict is Verdict.FAILED] == []
    assert {figure.part for figure in figures} == {"webhook", "desk", "audit", "escalation"}
    assert all(figure.value is not None and figure.value >= 0 for figure in figures)


def test_nothing_sent_stays_unacknowledged(outcome: tuple[list[Figure], report.Circumstances]) -> None:
    figures, _ = outcome
    refused = next(figure for figure in figures if figure.name == "not acknowledged")
    assert refused.value == 0


def test_record_holds_every_figure(
    outcome: tuple[list[Figure], report.Circumstances], tmp_path: Path
) -> None:
    figures, found = outcome
    report.record(figures, found, tmp_path)
    stored = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in stored["figures"]] == [figure.name for figure in figures]
    table = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert all(f"| {figure.name} |" in table for figure in figures)


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [
        (100.0, 100.0, Verdict.OK),
        (100.1, 100.0, Verdict.OVER),
        (1.0, 0.0, Verdict.OVER),
        (5.0, None, Verdict.NONE),
        (None, 100.0, Verdict.FAILED),
    ],
)
def test_verdict(value: float | None, limit: float | None, verdict: Verdict) -> None:
    assert Figure("part", "name", value, "ms", limit=limit).verdict is verdict


def test_what_is_over_or_missing_is_said_in_words() -> None:
    figures = [
        Figure("desk", "inbox", 101, "ms", limit=100),
        Figure("triage", "not measured", None, ""),
        Figure("memory", "web", 99, "MB", limit=130),
    ]
    said = "\n".join(report.over(figures))
    assert "inbox: over its limit" in said
    assert "not measured" in said
    assert "web" not in said


def test_a_failure_keeps_what_was_measured_before_it() -> None:
    def measured() -> Iterator[Figure]:
        yield Figure("part", "first", 1.0, "s")
        raise RuntimeError("no classifier")

    first, failed = guarded("part", measured())
    assert first.value == 1.0
    assert failed.verdict is Verdict.FAILED
    assert failed.note == "RuntimeError: no classifier"


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_percentile_covers_its_share(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


def test_limit_is_for_the_p95() -> None:
    middle, slow = latencies("desk", "inbox", [0.01] * 90 + [0.2] * 10, limit_p95=100)
    assert middle.verdict is Verdict.NONE
    assert (slow.value, slow.verdict) == (200.0, Verdict.OVER)


def test_only_the_tiny_size_is_careless() -> None:
    assert [size.name for size in BY_NAME.values() if not size.durable] == ["tiny"]
