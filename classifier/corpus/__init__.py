"""The training messages: JSON lines by author, written for this project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "messages"


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
        """From a row of the corpus or of an evaluation file; raises KeyError or TypeError on a malformed one."""
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
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            messages.append(Message.from_row(json.loads(line)))
        except (ValueError, KeyError, TypeError) as fault:
            raise CorpusFault(f"{path.name}, dòng {number}: {type(fault).__name__} {fault}") from fault
    return messages


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of the corpus in a fixed order."""
    return sorted(folder.glob("*.jsonl"))


def load(folder: Path = FOLDER) -> list[Message]:
    """All training messages; raises CorpusFault when there are none or a line is broken."""
    messages = [message for path in files(folder) for message in read(path)]
    if not messages:
        raise CorpusFault(f"không có tin nào trong {folder.name}")
    return messages


def digest(messages: Sequence[Message]) -> str:
    """SHA-256 over the content of the messages, in order."""
    total = hashlib.sha256()
    for message in messages:
        total.update(repr(message).encode())
    return total.hexdigest()
