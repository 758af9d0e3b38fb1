"""The loader refuses whatever is not what its manifest says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from classifier import Classifier, artefact
from classifier.artefact import ArtefactInvalid
from classifier.pipeline import MODELS


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
