"""The loader refuses whatever is not what its manifest says."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import Classifier, artefact
from classifier.artefact import ArtefactInvalid
from classifier.pipeline import MODELS
from feedback.jobs.reader import load_reader


@pytest.fixture
def models(tmp_path: Path) -> Path:
    name = artefact.current(MODELS).name
    shutil.copytree(MODELS / name, tmp_path / name)
    (tmp_path / "CURRENT").write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", [artefact.WEIGHTS, artefact.WORDS, artefact.HEADS])
def test_a_changed_file_is_refused(models: Path, name: str) -> None:
    path = artefact.current(models) / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(ArtefactInvalid, match=name):
        Classifier.load(models)


def test_a_missing_file_is_refused(models: Path) -> None:
    (artefact.current(models) / artefact.WEIGHTS).unlink()
    with pytest.raises(ArtefactInvalid, match=artefact.WEIGHTS):
        Classifier.load(models)


@pytest.mark.parametrize("content", ["", "../elsewhere", "absent"])
def test_current_must_name_a_folder_beside_it(models: Path, content: str) -> None:
    (models / "CURRENT").write_text(content)
    with pytest.raises(ArtefactInvalid, match="CURRENT"):
        Classifier.load(models)


def test_a_manifest_with_right_hashes_and_wrong_content_is_refused(models: Path) -> None:
    folder = artefact.current(models)
    (folder / artefact.HEADS).write_text("{}")
    manifest = json.loads((folder / artefact.MANIFEST).read_text())
    manifest["sha256"][artefact.HEADS] = artefact.sha256(b"{}")
    manifest["thresholds"] = {"unknown": 1}
    (folder / artefact.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ArtefactInvalid, match="khuôn dạng"):
        Classifier.load(models)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    made = artefact.load(artefact.current(MODELS))
    assert artefact.write(tmp_path / "a", made, {}) == artefact.write(tmp_path / "b", made, {})
    assert (tmp_path / "a" / artefact.WEIGHTS).read_bytes() == (
        tmp_path / "b" / artefact.WEIGHTS
    ).read_bytes()


def rewritten(folder: Path, name: str, content: bytes) -> None:
    """Another content under its own right hash: damage that no hash can tell."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / artefact.MANIFEST).read_text())
    manifest["sha256"][name] = artefact.sha256(content)
    (folder / artefact.MANIFEST).write_text(json.dumps(manifest))


def heads(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / artefact.HEADS).read_text())
    return content


def arrays(folder: Path, **changed: object) -> bytes:
    with np.load(folder / artefact.WEIGHTS) as packed:
        content = {name: packed[name] for name in packed.files} | changed
    out = io.BytesIO()
    np.savez(out, **content)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda known: known["thresholds"].update(field_alone=2.0),
        lambda known: known["thresholds"].update(legal="0.1"),
        lambda known: known["thresholds"].update(urgent=None),
        lambda known: known["thresholds"].pop("familiar"),
        lambda known: known["heads"].pop("urgent"),
        lambda known: known["heads"]["field"].update(temperature=0),
        lambda known: known["heads"]["field"].update(start=500),
        lambda known: known["heads"]["kind"].update(labels=["xyz"] * 7),
    ],
)
def test_heads_that_do_not_fit_are_refused(models: Path, change: Callable[[Any], object]) -> None:
    folder = artefact.current(models)
    known = heads(folder)
    change(known)
    rewritten(folder, artefact.HEADS, json.dumps(known).encode())
    with pytest.raises(ArtefactInvalid, match="khuôn dạng"):
        Classifier.load(models)


@pytest.mark.parametrize(
    "changed",
    [
        {"unit_weights": np.full((64, 30), np.nan, np.float32)},
        {"unit_bias": np.zeros(3, np.float32)},
        {"bias_field": np.zeros(3, np.float32)},
        {"idf_words": np.zeros(3, np.float16)},
        {"weights": np.zeros((4, 94), np.float32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_numbers_that_do_not_fit_are_refused(models: Path, changed: dict[str, object]) -> None:
    folder = artefact.current(models)
    rewritten(folder, artefact.WEIGHTS, arrays(folder, **changed))
    with pytest.raises(ArtefactInvalid, match="khuôn dạng"):
        Classifier.load(models)


@pytest.mark.parametrize("content", [b"", b"PK", b"[" * 200_000, b"\xff\xfe"])
@pytest.mark.parametrize("name", [artefact.WEIGHTS, artefact.WORDS, artefact.HEADS])
def test_damage_under_a_right_hash_is_refused(models: Path, name: str, content: bytes) -> None:
    rewritten(artefact.current(models), name, content)
    with pytest.raises(ArtefactInvalid):
        Classifier.load(models)


@pytest.mark.parametrize(
    "content", [b"", b"[" * 200_000, b"\xff", b'{"sha256": {"../../CURRENT": "x"}}', b"[]"]
)
def test_a_damaged_manifest_is_refused(models: Path, content: bytes) -> None:
    (artefact.current(models) / artefact.MANIFEST).write_bytes(content)
    with pytest.raises(ArtefactInvalid, match=artefact.MANIFEST):
        Classifier.load(models)


@pytest.mark.parametrize("content", [b"a" * 5_000, b"\xff", b"..", b"a\x00b", b"/etc"])
def test_a_current_that_names_nothing_is_refused(models: Path, content: bytes) -> None:
    (models / "CURRENT").write_bytes(content)
    with pytest.raises(ArtefactInvalid, match="CURRENT"):
        Classifier.load(models)
    assert load_reader(models) is None  # people triage, the worker goes on
