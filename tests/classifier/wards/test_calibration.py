"""Scores are probabilities, and the labelled messages of the project are read as well as promised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.corpus import FOLDER
from classifier.prediction import Query
from classifier.wards import Resolver, calibration, evaluate

WARDS = FOLDER.parent / "wards"
FILES = sorted(WARDS.glob("*.jsonl"))


def _rows(*names: str) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for file in FILES
        if file.stem in names
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_evidence_is_never_less_probable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert calibration.probability(low) <= calibration.probability(high)
    assert 0 <= calibration.probability(low) <= 1


def test_the_fit_bounds_each_bin_from_below_and_rises() -> None:
    outcomes = [(0.65, True)] * 9 + [(0.65, False)] + [(0.85, True)] * 100 + [(0.97, True)] * 20
    knots = calibration.fit(outcomes)
    assert [(seen, right) for _, _, seen, right in knots] == [(10, 9), (100, 100), (20, 20)]
    assert 0.6 < knots[0][1] < 0.9
    assert [said for _, said, *_ in knots] == sorted(said for _, said, *_ in knots)


def test_the_error_is_the_weighted_gap() -> None:
    assert calibration.error([]) == 0
    assert calibration.error([(0.9, 1.0), (0.9, 1.0), (0.2, 0.0), (0.2, 0.5)]) == pytest.approx(0.075)


def test_an_uncalibrated_resolver_says_the_strength() -> None:
    query = Query("rác ở chợ Nành")
    bare = Resolver.load(calibrated=False).resolve(query).ward
    said = Resolver.load().resolve(query).ward
    assert bare is not None and said is not None
    assert said.score > bare.score


@pytest.fixture(scope="module")
def report() -> evaluate.Report:
    return evaluate.report(_rows("w1", "w2", "w3"))


def test_the_messages_that_the_rules_were_made_with_are_read_as_promised(report: evaluate.Report) -> None:
    determined, several = report.groups["determined"], report.groups["several"]
    assert determined.asserted >= 0.9 * determined.cases
    assert determined.right >= 0.98 * determined.asserted
    assert several.share >= 0.97 * several.cases
    assert several.candidates <= 4 * several.cases
    assert several.asserted <= 0.05 * several.cases
    for group in ("none", "outside"):
        assert report.groups[group].asserted <= 0.02 * report.groups[group].cases
    assert report.groups["outside"].said_outside == report.groups["outside"].cases
    assert calibration.error(report.said) < 0.04


def test_hard_messages_are_rarely_read_wrongly() -> None:
    found = evaluate.report(_rows("w4"))
    assert found.groups["determined"].right >= 0.95 * found.groups["determined"].asserted
    assert found.groups["none"].asserted + found.groups["outside"].asserted <= 2
