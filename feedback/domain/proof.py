"""Proof that rows of a ticket stand in sealed days: checked with a copy of the seals and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback.domain import merkle, row_hash
from feedback.domain.seal_copy import Copy
from feedback.domain.sealing import Seal

KIND = "hanoi-feedback audit proof"
FORMAT = 1


class NotAProof(ValueError):
    """A file that should hold a proof and does not."""


@dataclass(frozen=True, slots=True)
class ProvenRow:
    """One row in the tree of its day. `path` in hexadecimal, lowest first; `row`: the values of `row_hash.COLUMNS`,
    None where its content is not given away.
    """

    day: date
    id: int
    seq: int
    hash: str
    index: int
    size: int
    path: tuple[str, ...]
    row: tuple[Any, ...] | None

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "id": self.id,
            "seq": self.seq,
            "hash": self.hash,
            "index": self.index,
            "size": self.size,
            "path": list(self.path),
            "row": dict(zip(row_hash.COLUMNS, self.row, strict=True)) if self.row else None,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """`unsealed`: how many rows of the chain stand in days without a seal."""

    ticket: str
    chain: str
    rows: tuple[ProvenRow, ...]
    unsealed: int

    def text(self) -> str:
        found = {
            "kind": KIND,
            "format": FORMAT,
            "ticket": self.ticket,
            "chain": self.chain,
            "unsealed": self.unsealed,
            "rows": [row.as_json() for row in self.rows],
        }
        return json.dumps(found, ensure_ascii=False, indent=1)


def read(text: str) -> Proof:
    """Raises NotAProof."""
    try:
        found = json.loads(text)
        if (found["kind"], found["format"]) != (KIND, FORMAT):
            raise NotAProof("not a proof of this service")
        rows = tuple(_row(each) for each in found["rows"])
        return Proof(str(found["ticket"]), str(found["chain"]), rows, int(found["unsealed"]))
    except NotAProof:
        raise
    except (ValueError, KeyError, TypeError):
        raise NotAProof("not the fields of a proof") from None


def _row(found: dict[str, Any]) -> ProvenRow:
    content = found["row"]
    numbers = [found[name] for name in ("id", "seq", "index", "size")]
    if not all(type(number) is int for number in numbers):
        raise NotAProof("a number is missing")
    path = tuple(found["path"])
    for each in (found["hash"], *path):
        if len(bytes.fromhex(each)) != merkle.BYTES:
            raise NotAProof("a hash that is none")
    return ProvenRow(
        day=date.fromisoformat(found["day"]),
        id=found["id"],
        seq=found["seq"],
        hash=found["hash"],
        index=found["index"],
        size=found["size"],
        path=path,
        row=tuple(content[name] for name in row_hash.COLUMNS) if content is not None else None,
    )


def faults(proof: Proof, copy: Copy) -> Iterator[str]:
    """What the proof does not prove against the seals of `copy`, each in one sentence."""
    seals, before = copy.by_day(), None
    for row in proof.rows:
        where = f"number {row.seq} of {proof.chain}"
        for why in (*_content(proof, row), *_place(row, seals.get(row.day)), *_order(row, before)):
            yield f"{where}: {why}"
        before = row


def _content(proof: Proof, row: ProvenRow) -> Iterator[str]:
    if row.row is None:
        return
    if row_hash.of(row.row) != row.hash:
        yield "the content does not belong to the hash"
    if row.row[:2] != (proof.chain, row.seq):
        yield "the content is that of another row"


def _place(row: ProvenRow, seal: Seal | None) -> Iterator[str]:
    if seal is None:
        yield f"the copy has no seal of {row.day}"
        return
    path = [bytes.fromhex(each) for each in row.path]
    root = merkle.root_by_path(merkle.leaf(row.id, row.hash), row.index, row.size, path)
    if row.size != seal.statement.rows or root is None or root.hex() != seal.statement.root:
        yield f"the row does not stand in the sealed day {row.day}"


def _order(row: ProvenRow, before: ProvenRow | None) -> Iterator[str]:
    if before is None:
        return
    if row.seq <= before.seq:
        yield f"stands behind number {before.seq}"
    elif row.seq == before.seq + 1 and row.row is not None and row.row[-1] != before.hash:
        yield "does not continue the row before it"
