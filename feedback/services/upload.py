"""Files handed in with the portal form: what they are by their first bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from feedback.domain.errors import InvalidInput
from feedback.services.intake import Upload

MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_NAME = 120
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/avif": (".avif",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
}
"""The endings of each kind, the first one for files that come with another."""
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif", b"avif"})


class Refusal(StrEnum):
    """What is wrong with a file."""

    TOO_MANY = "too_many"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"


class UploadRefused(InvalidInput):
    """A file cannot be taken. `name` is the file's, shortened and printable."""

    default_vi = "Không nhận được tệp đính kèm này."

    def __init__(self, refusal: Refusal, name: str = "") -> None:
        super().__init__(field="files")
        self.refusal = refusal
        self.name = name


@dataclass(frozen=True, slots=True)
class File:
    """One file as handed in. `content_type` is read from the bytes, never taken from the sender."""

    name: str
    content_type: str
    data: bytes
    sha256: str


def content_type(data: bytes) -> str | None:
    """The media type by magic bytes, or None for whatever is not on the list (photos and PDF)."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "image/avif" if data[8:12] == b"avif" else "image/heic"
    return "application/pdf" if data.startswith(b"%PDF-") else None


def check(given: Sequence[tuple[str, bytes]]) -> tuple[File, ...]:
    """Name and bytes of each file become checked files. Raises UploadRefused for the first that cannot be taken."""
    if len(given) > MAX_FILES:
        raise UploadRefused(Refusal.TOO_MANY)
    return tuple(_checked(_name(name), data) for name, data in given)


def _checked(name: str, data: bytes) -> File:
    if not data:
        raise UploadRefused(Refusal.EMPTY, name)
    if len(data) > MAX_FILE_BYTES:
        raise UploadRefused(Refusal.TOO_LARGE, name)
    kind = content_type(data)
    if kind is None:
        raise UploadRefused(Refusal.UNKNOWN_TYPE, name)
    return File(_named_as(kind, name), kind, data, hashlib.sha256(data).hexdigest())


def _named_as(kind: str, name: str) -> str:
    """A photo called `photo.html` or `photo.exe` must not be opened as that by whoever downloads it."""
    endings = ENDINGS[kind]
    return name if name.lower().endswith(endings) else f"{name[: MAX_NAME - len(endings[0])]}{endings[0]}"


def _name(name: str) -> str:
    """The last part of the path, printable, short; the ending survives."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable()).strip() or "tep"
    if len(clean) <= MAX_NAME:
        return clean
    stem, dot, ending = clean.rpartition(".")
    tail = dot + ending if dot and len(ending) <= 10 else ""
    return (stem or clean)[: MAX_NAME - len(tail)] + tail


def parts(files: Sequence[File]) -> tuple[Upload, ...]:
    """The files in the order of the form, as they go with its message."""
    return tuple(Upload(part, file.sha256, file.content_type, file.data) for part, file in enumerate(files))
