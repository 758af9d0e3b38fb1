"""Training: counted once or text by text, the same features; the same seed, the same weights; whole authors held out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from classifier import artefact, corpus, packing
from classifier.artefact import Artefact
from classifier.corpus import Phrase
from classifier.heads import softmax
from classifier.labels import FIELDS, KINDS
from classifier.lexicon import concepts, field_of
from classifier.training import assemble, calibrate, folds, linear, measure, network, run, samples
from classifier.training.folds import HEADS, Drawn, Material, Model, Recipe

SEED = 7
SMALL = Recipe(network=network.Plan(units=8, rounds=2))
AUTHORS = ("a1", "a2", "a3")


@cache
def drawn() -> Drawn:
    messages = [each for each in corpus.load() if each.author in AUTHORS][::5]
    return folds.draw(Material(messages, [Phrase("roads", "ổ gà to như cái chậu")]), SEED)


@cache
def model() -> Model:
    return folds.fit(drawn(), drawn().rows((), SMALL), SEED, SMALL)


@cache
def made() -> Artefact:
    scores = {name: rows.copy() for name, rows in model().scores(drawn().material.messages).items()}
    mixed = assemble.mixtures(scores, drawn().material.messages)
    said = assemble.judged(scores, mixed)
    messages = drawn().material.messages
    limits = assemble.thresholds(said, messages, measure.ruled(messages))
    return assemble.artefact("test", model(), mixed, limits)


def test_features_are_those_of_the_run_time() -> None:
    rows = np.arange(60)
    vectoriser, features = drawn().library.choose(rows, concepts(), 0.3, Recipe().blocks)
    texts = samples.training(drawn().material.messages, SEED)[:60]
    np.testing.assert_allclose(features.toarray(), linear.matrix(vectoriser, texts).toarray(), atol=1e-6)
    assert features.nnz > 5_000


def test_the_artefact_says_what_the_training_measured() -> None:
    messages = drawn().material.messages[:40]
    scores = model().scores(messages)
    mixed = assemble.mixtures(model().scores(drawn().material.messages), drawn().material.messages)
    wanted = assemble.judged(scores, mixed)
    for row, sample in enumerate(samples.plain(messages)):
        scored = made().score(*made().vectoriser.transform(sample.read))
        np.testing.assert_allclose(
            made().heads["field"].probabilities(scored.scores), wanted.field[row], atol=0.02
        )
        urgent = made().heads["urgent"].probabilities(scored.scores)[0]
        assert urgent == pytest.approx(wanted.urgent[row], abs=0.03)


def test_the_same_seed_gives_the_same_weights_and_another_gives_others() -> None:
    again = folds.fit(drawn(), drawn().rows((), SMALL), SEED, SMALL)
    assert (again.network.hidden == model().network.hidden).all()
    assert all((again.heads[name].weights == model().heads[name].weights).all() for name in HEADS)
    other = folds.fit(drawn(), drawn().rows((), SMALL), SEED + 1, SMALL)
    assert (other.network.hidden != model().network.hidden).any()


def test_the_same_corpus_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        built, figures = run.build(drawn().material, "test", SEED, SMALL, 2, lambda _: None)
        digests.add(artefact.write(tmp_path / name, built, {}))
        assert figures["messages"] == len(drawn().material.messages)
        assert 0.4 < figures["field_acceptable"] < 1
    assert len(digests) == 1


def test_held_out_authors_are_not_learnt_from() -> None:
    messages = drawn().material.messages
    groups = folds.by_author(messages, 2)
    assert sorted(at for group in groups for at in group) == list(range(len(messages)))
    for group in groups:
        inside = {messages[at].author for at in group}
        kept = drawn().library.sources[drawn().rows(group, SMALL)]
        assert not inside & {messages[at].author for at in kept if at < len(messages)}


def test_phrases_can_be_left_out() -> None:
    whole, without = drawn().rows((), SMALL), drawn().rows((), replace(SMALL, phrase_weight=0.0))
    assert 1 <= len(whole) - len(without) <= len(samples.BENDS)


def test_names_of_places_are_not_counted() -> None:
    message = replace(
        drawn().material.messages[0], text="Mất nước ở phường Cống Vị", place="phường Cống Vị", subject=None
    )
    (sample,) = samples.plain([message])
    assert "cong" not in sample.read.plain
    assert "phuong" in sample.read.plain


def test_the_network_learns_what_no_sum_of_words_can() -> None:
    # Exclusive or: one of two words, not both.
    table = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], np.float32)
    wanted = np.array([[0], [1], [1], [0]], np.float32)
    features = csr_matrix(np.tile(table, (64, 1)))
    task = network.Task(np.tile(wanted, (64, 1)), np.ones(256, np.float32))
    plan = network.Plan(units=16, rounds=60, batch=32, rate=0.02, drop_features=0, drop_units=0)
    said = network.fit(features, [task], plan, SEED).scores(csr_matrix(table))
    assert ((said > 0) == (wanted > 0)).all()


def test_packed_weights_keep_their_rows() -> None:
    weights = np.random.default_rng(1).normal(size=(50, 9)).astype(np.float32)
    weights[3], weights[4] = 0, weights[4] * 1e-3
    steps, scale = packing.pack(weights)
    read = steps * scale.astype(np.float32)[:, None]
    most = np.abs(weights).max(axis=1, keepdims=True)
    assert (np.abs(read - weights) <= most / 126 + 1e-9).all()
    assert (np.abs(steps).max(axis=1) >= 126).sum() == 49


def test_classes_are_calibrated_one_by_one() -> None:
    chance = np.random.default_rng(3)
    right = chance.integers(0, 3, 3_000).tolist()
    scores = chance.normal(size=(3_000, 3)).astype(np.float32)
    scores[np.arange(3_000), right] += 1
    scores[:, 2] += 1.5  # the third class is told too often
    heat, bias = calibrate.biased(scores, right)
    chances = softmax((scores + bias) / np.float32(heat))
    assert abs(float(chances[:, 2].mean()) - right.count(2) / 3_000) < 0.02
    assert bias[2] < bias[0] - 0.8


def test_concepts_name_their_fields() -> None:
    assert field_of("water.cut") == "water_supply"
    assert field_of("roads.hole.more") == "roads"
    assert field_of("thanks.words") is None


def test_the_shipped_artefact_knows_its_corpus() -> None:
    import json

    from classifier.pipeline import MODELS

    manifest = json.loads((artefact.current(MODELS) / artefact.MANIFEST).read_text())
    known = run.sources()
    assert manifest["corpus"]["sha256"] == corpus.digest([*known.messages, *known.phrases])
    assert manifest["labels"] == {"field": list(FIELDS), "kind": list(KINDS)}
