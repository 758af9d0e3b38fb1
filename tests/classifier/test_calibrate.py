"""Numbers that decisions rest on, against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier import corpus
from classifier.labels import FIELDS, KINDS
from classifier.training import assemble, calibrate, measure
from classifier.training.assemble import Judged


def test_lower_bound() -> None:
    # Wilson, one-sided 95 %: 10 of 10 → 1 / (1 + 1.6449² / 10)
    assert calibrate.lower_bound(10, 10) == pytest.approx(1 / (1 + 1.6449**2 / 10), abs=1e-4)
    assert calibrate.lower_bound(0, 10) == pytest.approx(0, abs=1e-9)
    assert calibrate.lower_bound(0, 0) == 0


def test_limits_by_lower_bounds() -> None:
    scores = np.linspace(1, 0, 400, dtype=np.float32)
    right = np.arange(400) < 300
    limit = calibrate.precise_from(scores, right, 0.97)
    kept = scores >= limit
    assert calibrate.lower_bound(int(right[kept].sum()), int(kept.sum())) >= 0.97
    assert calibrate.lower_bound(int(right[: kept.sum() + 1].sum()), int(kept.sum()) + 1) < 0.97
    assert calibrate.precise_from(scores, ~right, 0.97) == 0.995
    reached = calibrate.recalling_from(scores, right, 0.97)
    assert calibrate.lower_bound(int((scores[right] >= reached).sum()), 300) >= 0.97
    assert calibrate.lower_bound(int((scores[right] > reached).sum()), 300) < 0.97
    assert calibrate.recalling_from(scores, np.zeros(400, bool), 0.97) == 0


def test_calibration_error() -> None:
    sure = np.full(100, 0.8, np.float32)
    assert calibrate.ece(sure, np.arange(100) % 5 > 0) == pytest.approx(0, abs=1e-6)
    assert calibrate.ece(sure, np.ones(100, bool)) == pytest.approx(0.2, abs=1e-6)


def test_a_single_output_is_calibrated() -> None:
    chance = np.random.default_rng(2)
    truth = chance.normal(size=4_000)
    right = chance.random(4_000) < 1 / (1 + np.exp(-(2 * truth - 1)))
    heat, shift = calibrate.binary(truth.astype(np.float32), right)
    assert 1 / heat == pytest.approx(2, rel=0.15)
    assert shift / heat == pytest.approx(-1, abs=0.2)


MESSAGES = [
    replace(corpus.load()[at], fields=(field,), kind=kind, urgent=urgent, author=f"w{at % 2}")
    for at, (field, kind, urgent) in enumerate(
        [("roads", "report", True), ("waste", "complaint", False), ("noise", "report", False)] * 4
    )
]


def said(wrong: int) -> Judged:
    """Nearly sure of the label everywhere, but of another field in the first `wrong` messages."""
    fields, kinds = list(FIELDS), list(KINDS)
    field = np.full((len(MESSAGES), len(fields)), 0.01, np.float32)
    kind = np.full((len(MESSAGES), len(kinds)), 0.01, np.float32)
    for row, each in enumerate(MESSAGES):
        name = "trees" if row < wrong else each.fields[0]
        field[row, fields.index(name)] = 0.79
        kind[row, kinds.index(each.kind)] = 0.94
    urgent = np.array([0.9 if each.urgent else 0.1 for each in MESSAGES], np.float32)
    return Judged(field, kind, urgent, np.ones(len(MESSAGES), np.float32))


def test_figures_of_held_out_messages() -> None:
    ruled = np.array([not each.urgent for each in MESSAGES])
    limits = assemble.thresholds(said(0), MESSAGES, ruled)
    assert limits.urgent <= 0.9
    decided = assemble.decide(
        said(3), replace(limits, field_alone=0.5, legal=0.5, urgent=0.5, urgent_unclear=0.3), ruled
    )
    found = measure.held_out_authors(decided, MESSAGES)
    assert found["field_acceptable"] == found["field_exact"] == 0.75
    assert found["legal"] == {"recall": 1.0, "precision": 1.0}
    assert found["urgent_with_rules"] == found["urgent_by_model_alone"] == {"recall": 1.0, "precision": 1.0}
    assert found["field_acceptable_by_field"] == {"noise": 0.75, "roads": 0.75, "waste": 0.75}
    # Roads, waste and noise each miss one of four, and "trees" is told three times.
    assert found["field_macro_f1"] == pytest.approx(2 * 3 / (4 + 3), abs=1e-4)


def test_rules_settle_what_is_unclear_and_nothing_else() -> None:
    ruled = np.ones(len(MESSAGES), bool)
    limits = assemble.thresholds(said(0), MESSAGES, ruled)
    unclear = replace(limits, urgent=0.5, urgent_unclear=0.05)
    assert assemble.decide(said(0), unclear, ruled).urgent.all()
    calm = replace(limits, urgent=0.5, urgent_unclear=0.3)
    assert assemble.decide(said(0), calm, ruled).urgent.tolist() == [each.urgent for each in MESSAGES]
