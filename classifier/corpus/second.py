"""Every training message labelled again by people who saw neither its author's labels nor each other's.

`second/labels.tsv` holds their labels, `second/settled.tsv` the last word where the two had nothing in common. Where they
differ in the field, both are acceptable; the author, who knew the situation, names the primary one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.corpus import CorpusFault, Message, lines
from classifier.labels import FIELDS, KINDS

FOLDER = Path(__file__).parent / "second"
LABELS = "labels.tsv"
SETTLED = "settled.tsv"
BESIDE = "second"
"""The folder of second labels beside messages that are only measured with."""
_URGENT = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class Labels:
    """What one annotator says of a message; the primary field first."""

    fields: tuple[str, ...]
    kind: str
    urgent: bool


def read(path: Path) -> dict[str, Labels]:
    """Labels by message id; raises CorpusFault naming the row that cannot be read. No file, no labels."""
    if not path.is_file():
        return {}
    found: dict[str, Labels] = {}
    for number, row in enumerate(lines(path), 1):
        if row and not row.startswith("#"):
            message, labels = _row(row, f"{path.name}, dòng {number}")
            if message in found:
                raise CorpusFault(f"{path.name}, dòng {number}: {message} đã có ở trên")
            found[message] = labels
    return found


def _row(row: str, where: str) -> tuple[str, Labels]:
    cells = row.split("\t")
    if len(cells) != 4:
        raise CorpusFault(f"{where}: cần mã tin, lĩnh vực, loại, khẩn")
    message, listed, kind, urgent = cells
    fields = tuple(listed.split(","))
    if not set(fields) <= FIELDS.keys() or kind not in KINDS or urgent not in _URGENT:
        raise CorpusFault(f"{where}: nhãn lạ")
    return message, Labels(fields, kind, _URGENT[urgent])


def merged(messages: Iterable[Message], folder: Path = FOLDER) -> list[Message]:
    """The messages with what both annotators accept."""
    second, settled = read(folder / LABELS), read(folder / SETTLED)
    return [_merged(each, second.get(each.id), settled.get(each.id)) for each in messages]


def _merged(message: Message, second: Labels | None, last: Labels | None) -> Message:
    if last is not None:
        return replace(message, fields=last.fields, kind=last.kind, urgent=last.urgent)
    if second is None:
        return message
    return replace(message, fields=tuple(dict.fromkeys((*message.fields, *second.fields))))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares of agreement between author and second annotator, and Cohen's kappa (1960)."""

    messages: int
    field_exact: float
    field_kappa: float
    field_acceptable: float
    """The second's primary field stands among the author's, or the author's among the second's."""
    kind: float
    kind_kappa: float
    urgent: float
    urgent_kappa: float


def agreement(messages: Sequence[Message], second: Mapping[str, Labels]) -> Agreement:
    """How far authors and second annotators agree on the messages that both labelled; raises CorpusFault on none."""
    pairs = [(each, second[each.id]) for each in messages if each.id in second]
    if not pairs:
        raise CorpusFault("không có tin nào được gán nhãn hai lần")
    fields = [(one.fields[0], other.fields[0]) for one, other in pairs]
    kinds = [(one.kind, other.kind) for one, other in pairs]
    urgent = [(str(one.urgent), str(other.urgent)) for one, other in pairs]
    near = sum(one.fields[0] in other.fields or other.fields[0] in one.fields for one, other in pairs)
    return Agreement(
        len(pairs), _same(fields), kappa(fields), near / len(pairs), _same(kinds), kappa(kinds),
        _same(urgent), kappa(urgent),
    )  # fmt: skip


def _same(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(one == other for one, other in pairs) / len(pairs)


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Agreement beyond chance: 1 complete, 0 as by chance; 1 where only one label occurs."""
    one, other = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    chance = sum(one[label] * other[label] for label in one) / len(pairs) ** 2
    return 1.0 if chance == 1 else (_same(pairs) - chance) / (1 - chance)
