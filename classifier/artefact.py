"""Reading and writing a trained artefact: plain arrays and JSON, every file named by its SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import packing
from classifier.features.vectoriser import Block, Vectoriser
from classifier.heads import Head
from classifier.labels import FIELDS, KINDS
from classifier.lexicon import Lexicon

Floats = NDArray[np.float32]
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
WEIGHTS = "weights.npz"
WORDS = "vocabulary.json"
HEADS = "heads.json"
LABELS = {"field": tuple(FIELDS), "kind": tuple(KINDS), "urgent": ("urgent",)}
"""Each head with its outputs, in the order of the columns."""
BLOCKS = {(view, how) for view in ("plain", "written") for how in ("word", "skip", "char")}
MOST_BYTES = 64_000_000
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")
# Whatever reading a damaged file of numbers or JSON can raise.
_BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError, RecursionError, MemoryError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class ArtefactInvalid(RuntimeError):
    """The artefact is missing, incomplete or not what its manifest says; the message says which file and how."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where decisions change, chosen on held-out authors; all between 0 and 1.

    `field_alone` by the lower 95 % bound of precision; `legal`, `urgent` and `urgent_unclear` by that of recall. From
    `secondary` a second field is told, below `familiar` (share of known words) a text is strange, `rule_score` is how
    often a safety rule is right where the model is not sure.
    """

    field_alone: float
    legal: float
    urgent: float
    urgent_unclear: float
    secondary: float
    familiar: float
    rule_score: float

    def __post_init__(self) -> None:
        """Raises ValueError for what is no share."""
        for name in self.__slots__:
            value = getattr(self, name)
            if not isinstance(value, float) or not 0 <= value <= 1:
                raise ValueError(f"threshold {name} is no share")


@dataclass(frozen=True, slots=True)
class Scored:
    """A message on its way: its features, their rows of weights, the hidden units, and the scores of all heads.

    `values` hold the scale of the rows. Scores stand side by side, before bias and temperature.
    """

    columns: NDArray[np.int32]
    values: Floats
    rows: Floats
    units: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class Artefact:
    """Everything a prediction needs.

    `steps` times `scale` is a row of weights for each feature (see packing); its first columns are the linear scores of
    all heads side by side, the others lead to the hidden units, whose `unit_bias` is added and whose `unit_weights`
    (units × scores) add to the linear ones. Bytes are multiplied out row by row, as a message needs them.
    """

    version: str
    vectoriser: Vectoriser
    steps: packing.Bytes
    scale: Floats
    unit_bias: Floats
    unit_weights: Floats
    heads: Mapping[str, Head]
    thresholds: Thresholds

    def score(self, columns: NDArray[np.int32], values: Floats) -> Scored:
        """The scores of one message from its features."""
        rows = self.steps[columns].astype(np.float32)
        values = values * self.scale[columns]
        product, count = values @ rows, self.unit_weights.shape[1]
        # Units below zero rest.
        units = np.maximum(product[count:] + self.unit_bias, 0)
        return Scored(columns, values, rows, units, product[:count] + units @ self.unit_weights)

    def added(self, scored: Scored, column: int, first: int = 0, last: int | None = None) -> Floats:
        """What each feature of a message (from `first` to before `last`) added to one score.

        Exact while the same units are awake.
        """
        through = self.unit_weights[:, column] * (scored.units > 0)
        rows, values = scored.rows[first:last], scored.values[first:last]
        return np.asarray(
            (rows[:, column] + rows[:, self.unit_weights.shape[1] :] @ through) * values, np.float32
        )


def sha256(content: bytes) -> str:
    """Hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()


def current(models: Path) -> Path:
    """The folder that models/CURRENT names; raises ArtefactInvalid when there is none."""
    try:
        name = (models / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as fault:
        raise ArtefactInvalid(f"không đọc được {CURRENT} trong {models.name}/") from fault
    if not _NAME.fullmatch(name) or not (models / name).is_dir():
        raise ArtefactInvalid(f"{CURRENT} trỏ tới “{name[:80]}”, thư mục không có trong {models.name}/")
    return models / name


def load(folder: Path) -> Artefact:
    """The artefact of a folder; raises ArtefactInvalid when a file is missing, changed or unreadable."""
    content = _checked(folder)
    try:
        return _built(content)
    except _BROKEN as fault:
        raise ArtefactInvalid(
            f"{folder.name}: nội dung không đúng khuôn dạng ({type(fault).__name__})"
        ) from fault


def _checked(folder: Path) -> dict[str, bytes]:
    content = {MANIFEST: _read(folder, MANIFEST)}
    try:
        digests = json.loads(content[MANIFEST])["sha256"]
        files = {name: str(digests[name]) for name in (WEIGHTS, WORDS, HEADS)}
    except _BROKEN as fault:
        raise ArtefactInvalid(f"{folder.name}: không đọc được {MANIFEST}") from fault
    for name, digest in files.items():
        content[name] = _read(folder, name)
        if sha256(content[name]) != digest:
            raise ArtefactInvalid(f"{folder.name}: tệp {name} không khớp mã băm trong {MANIFEST}")
    return content


def _fit(heads: Mapping[str, Head], vectoriser: Vectoriser, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raises ValueError where parts that are well formed do not belong together or hold no number."""
    start = 0
    if {name: head.labels for name, head in heads.items()} != LABELS:
        raise ValueError("heads with other labels")
    for name in LABELS:
        head = heads[name]
        whole = head.start == start and head.bias.shape == (len(head.labels),)
        if not whole or not np.isfinite(head.bias).all() or not 0 < head.temperature < 1_000:
            raise ValueError(f"head {name} does not fit")
        start += len(head.labels)
    bias, out = arrays["unit_bias"], arrays["unit_weights"]
    if out.ndim != 2 or bias.shape != (out.shape[0],) or out.shape[1] != start:
        raise ValueError("units do not fit")
    if any(block.idf.shape != (len(block.vocabulary),) for block in vectoriser.blocks):
        raise ValueError("a vocabulary does not fit its weights")
    if any((block.view, block.analyser) not in BLOCKS for block in vectoriser.blocks):
        raise ValueError("an unknown block")
    numbers = (bias, out, arrays["weight_scale"], *(block.idf for block in vectoriser.blocks))
    if arrays["weights"].dtype != np.int8 or not all(np.isfinite(each).all() for each in numbers):
        raise ValueError("weights are no numbers")


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    except OSError as fault:
        raise ArtefactInvalid(f"{folder.name}: không đọc được {name}") from fault
    raise ArtefactInvalid(f"{folder.name}: thiếu tệp {name}, hoặc tệp quá lớn")


def _built(content: Mapping[str, bytes]) -> Artefact:
    manifest = json.loads(content[MANIFEST])
    arrays = _arrays(content[WEIGHTS])
    words = json.loads(content[WORDS])
    blocks = [
        Block(
            name=each["name"],
            view=each["view"],
            analyser=each["analyser"],
            vocabulary={gram: at for at, gram in enumerate(each["grams"])},
            idf=arrays[f"idf_{each['name']}"].astype(np.float32),
        )
        for each in words["blocks"]
    ]
    lexicon = Lexicon([(str(name), str(phrase)) for name, phrase in words["concepts"]])
    vectoriser = Vectoriser(blocks, lexicon, float(words["concept_weight"]))
    steps, unit_weights = arrays["weights"], arrays["unit_weights"]
    scale = arrays["weight_scale"].astype(np.float32)
    if steps.shape != (vectoriser.width, sum(unit_weights.shape)) or scale.shape != (vectoriser.width,):
        raise ValueError("weights do not fit the vocabulary")
    known = json.loads(content[HEADS])
    heads = {
        name: Head(
            tuple(each["labels"]), int(each["start"]), arrays[f"bias_{name}"], float(each["temperature"])
        )
        for name, each in known["heads"].items()
    }
    _fit(heads, vectoriser, arrays)
    return Artefact(
        str(manifest["version"]),
        vectoriser,
        steps,
        scale,
        arrays["unit_bias"],
        unit_weights,
        heads,
        Thresholds(**known["thresholds"]),
    )


def _arrays(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
            raise ValueError("weights too large")
    with np.load(io.BytesIO(content), allow_pickle=False) as packed:
        return {name: packed[name] for name in packed.files}


def write(folder: Path, made: Artefact, notes: Mapping[str, Any]) -> str:
    """Write the files and the manifest; returns the SHA-256 over all files. Same artefact, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_arrays(folder / WEIGHTS, made)
    _write_json(folder / WORDS, _words(made.vectoriser))
    heads = {
        name: {"labels": head.labels, "start": head.start, "temperature": head.temperature}
        for name, head in made.heads.items()
    }
    thresholds = {name: getattr(made.thresholds, name) for name in Thresholds.__slots__}
    _write_json(folder / HEADS, {"heads": heads, "thresholds": thresholds})
    digests = {name: sha256((folder / name).read_bytes()) for name in (WEIGHTS, WORDS, HEADS)}
    manifest = {"version": made.version, "sha256": digests, "thresholds": thresholds, **notes}
    _write_json(folder / MANIFEST, manifest, indent=1)
    return sha256("".join(digests.values()).encode())


def _write_arrays(path: Path, made: Artefact) -> None:
    arrays: dict[str, NDArray[Any]] = {"weights": made.steps, "weight_scale": made.scale.astype(np.float16)}
    arrays |= {"unit_bias": made.unit_bias, "unit_weights": made.unit_weights}
    arrays |= {f"idf_{block.name}": block.idf.astype(np.float16) for block in made.vectoriser.blocks}
    arrays |= {f"bias_{name}": head.bias for name, head in made.heads.items()}
    with path.open("wb") as out:
        np.savez(out, **arrays)  # type: ignore[arg-type]


def _words(vectoriser: Vectoriser) -> dict[str, Any]:
    blocks = [
        {"name": block.name, "view": block.view, "analyser": block.analyser, "grams": list(block.vocabulary)}
        for block in vectoriser.blocks
    ]
    return {
        "blocks": blocks,
        "concepts": vectoriser.lexicon.entries,
        "concept_weight": vectoriser.concept_weight,
    }


def _write_json(path: Path, content: object, indent: int | None = None) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
