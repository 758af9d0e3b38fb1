"""The training messages (JSON lines by author) and phrases (tables by writer), written for this project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.labels import FIELDS, KINDS

FOLDER = Path(__file__).parent / "messages"
PHRASES = Path(__file__).parent / "phrases"
UNSEEN = Path(__file__).parent / "unseen"
"""Messages of authors whose texts nothing was improved with."""


class CorpusFault(ValueError):
    """The corpus cannot be used for training; the message names the row."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message. `fields[0]` is the primary field, the others are acceptable too."""

    id: str
    author: str
    card: str
    register: str
    channel: str
    text: str
    subject: str | None
    fields: tuple[str, ...]
    kind: str
    urgent: bool
    place: str

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Message:
        """From a row of the corpus or of an evaluation file; raises KeyError, TypeError or ValueError on a malformed one."""
        if (
            not isinstance(row, dict)
            or not isinstance(row["fields"], list)
            or not isinstance(row["urgent"], bool)
        ):
            raise TypeError("fields must be a list, urgent true or false")
        if not row["fields"] or not {*row["fields"]} <= FIELDS.keys() or row["kind"] not in KINDS:
            raise ValueError("nhãn lạ")
        style = str(row.get("register") or row.get("style") or "")
        return cls(
            id=str(row["id"]),
            author=str(row.get("author", "")),
            card=str(row.get("card", row["id"])),
            register=style,
            channel=str(row.get("channel", "")),
            text=str(row["text"]),
            subject=row.get("subject") or None,
            fields=tuple(row["fields"]),
            kind=str(row["kind"]),
            urgent=bool(row["urgent"]),
            place=str(row.get("place") or ""),
        )


def read(path: Path) -> list[Message]:
    """The messages of one JSON lines file; raises CorpusFault naming the line that cannot be read."""
    messages = []
    for number, line in enumerate(lines(path), 1):
        if not line.strip():
            continue
        try:
            messages.append(Message.from_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            raise CorpusFault(f"{path.name}, dòng {number}: {type(fault).__name__} {fault}") from fault
    return messages


def lines(path: Path) -> list[str]:
    """The lines of a text file; raises CorpusFault for what is no UTF-8. Only a line feed ends a line."""
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as fault:
        raise CorpusFault(f"{path.name}: không phải UTF-8") from fault


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of the corpus in a fixed order."""
    return sorted(folder.glob("*.jsonl"))


def load(folder: Path = FOLDER) -> list[Message]:
    """All training messages; raises CorpusFault when there are none or a line is broken."""
    messages = [message for path in files(folder) for message in read(path)]
    if not messages:
        raise CorpusFault(f"không có tin nào trong {folder.name}")
    return messages


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words by which people name or show a matter of one field."""

    field: str
    text: str


def phrases(folder: Path = PHRASES) -> list[Phrase]:
    """The phrases of all tables, each once; raises CorpusFault naming the row that cannot be read."""
    found: dict[Phrase, None] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, row in enumerate(lines(path), 1):
            if row and not row.startswith("#"):
                found[_phrase(row, f"{path.name}, dòng {number}")] = None
    return list(found)


def _phrase(row: str, where: str) -> Phrase:
    cells = row.split("\t")
    if len(cells) != 3 or cells[0] not in FIELDS or not cells[2].strip():
        raise CorpusFault(f"{where}: cần lĩnh vực, chủ đề và cụm từ")
    return Phrase(cells[0], cells[2].strip())


def digest(items: Sequence[Message | Phrase]) -> str:
    """SHA-256 over the content of the messages and phrases, in order."""
    total = hashlib.sha256()
    for item in items:
        total.update(repr(item).encode())
    return total.hexdigest()
