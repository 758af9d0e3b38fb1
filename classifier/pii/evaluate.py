"""Precision and recall on messages labelled by hand: `⟦phone|0900 000 123⟧` marks a piece and its kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classifier.pii import KINDS, Found, find
from classifier.shares import wilson

FOLDER = Path(__file__).parent.parent / "corpus" / "pii"
PARTS = ("dev", "test", "late", "blind", "dev2", "blind2", "dev3", "strangers")
UNSEEN = "strangers"
"""The part by which the finder is judged: nothing was improved with it."""
"""Who wrote which part, and which of them the rules have seen, says the README there."""
_LABEL = re.compile(r"⟦([a-z]+)\|(.*?)⟧", re.DOTALL)


class LabelsInvalid(ValueError):
    """A file of labelled messages cannot be read; says which, where and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message without its labels, and what they mark."""

    id: str
    register: str
    text: str
    spans: tuple[Found, ...]


@dataclass
class Score:
    """Counts of pieces: labelled, found, and found rightly to the letter or at least touching."""

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)

    def exact_precision(self) -> float:
        """Share of the found that is right to the letter."""
        return _share(self.exact.total(), self.found.total())

    def exact_recall(self) -> float:
        """Share of the labelled that was found to the letter."""
        return _share(self.exact.total(), self.labelled.total())

    def touched_precision(self) -> float:
        """Share of the found that touches a label of its kind."""
        return _share(self.true.total(), self.found.total())

    def touched_recall(self) -> float:
        """Share of the labelled that something of its kind touches."""
        return _share(self.touched.total(), self.labelled.total())


def read(file: Path) -> list[Labelled]:
    """The messages of a file; raises LabelsInvalid."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise LabelsInvalid(f"{file}: không đọc được ({fault})") from fault
    return [_message(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _message(file: Path, number: int, line: str) -> Labelled:
    try:
        row = json.loads(line)
        text, spans = unlabelled(row["text"])
        return Labelled(str(row["id"]), str(row["register"]), text, spans)
    except (ValueError, KeyError, TypeError) as fault:
        raise LabelsInvalid(f"{file}, dòng {number}: không phải tin có nhãn ({fault!r})") from fault


def unlabelled(text: str) -> tuple[str, tuple[Found, ...]]:
    """The text as the citizen wrote it, and its labelled pieces; raises ValueError for a label that is none."""
    parts: list[str] = []
    spans: list[Found] = []
    at = length = 0
    for match in _LABEL.finditer(text):
        if match[1] not in KINDS:
            raise ValueError(f"loại lạ {match[1]!r}")
        parts += [text[at : match.start()], match[2]]
        start = length + match.start() - at
        length, at = start + len(match[2]), match.end()
        spans.append(Found(match[1], start, length))
    plain = "".join([*parts, text[at:]])
    if "⟦" in plain or "⟧" in plain:
        raise ValueError("ngoặc nhãn không khớp")
    return plain, tuple(spans)


def score(messages: Iterable[Labelled]) -> Score:
    """Count over all messages."""
    total = Score()
    for message in messages:
        found = find(message.text)
        total.labelled.update(each.kind for each in message.spans)
        total.found.update(each.kind for each in found)
        total.exact.update(each.kind for each in found if each in message.spans)
        total.touched.update(each.kind for each in message.spans if _touches(each, found))
        total.true.update(each.kind for each in found if _touches(each, message.spans))
    return total


def _touches(piece: Found, others: Sequence[Found]) -> bool:
    return any(
        piece.kind == other.kind and piece.start < other.end and other.start < piece.end for other in others
    )


def report(title: str, messages: Sequence[Labelled]) -> list[str]:
    """A table by kind, then everything together with its interval, exact and touching."""
    counts = score(messages)
    clean = sum(not message.spans for message in messages)
    lines = [
        f"{title}: {len(messages)} tin, {clean} tin không có gì phải che",
        f"{'':<12}{'nhãn':>6}{'đúng':>8}{'đủ':>8}",
    ]
    for kind in KINDS:
        right = counts.exact[kind]
        precision, recall = _share(right, counts.found[kind]), _share(right, counts.labelled[kind])
        lines.append(f"{kind:<12}{counts.labelled[kind]:>6}{precision:>8.3f}{recall:>8.3f}")
    lines.append(_total("khớp từng chữ", counts.exact.total(), counts.exact.total(), counts))
    return [*lines, _total("chạm nhau", counts.true.total(), counts.touched.total(), counts)]


def _total(title: str, true: int, reached: int, counts: Score) -> str:
    cells = []
    for name, right, of in (("đúng", true, counts.found.total()), ("đủ", reached, counts.labelled.total())):
        low, high = wilson(right, of)
        cells.append(f"{name} {_share(right, of):.3f} [{low:.3f}–{high:.3f}]")
    return f"{title}: {', '.join(cells)}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
