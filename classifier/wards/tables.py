"""Reading the reviewable tables under `data/`: tab-separated, `#` comments, one header line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


class TableFault(ValueError):
    """A table of the gazetteer is not what the code expects; names the file and the line."""


def rows(name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The rows of `data/<name>.tsv` as tuples in the order of `columns`; missing last cells are empty."""
    text = files("classifier.wards").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    header: tuple[str, ...] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if header is None:
            header = cells
            if header != columns:
                raise TableFault(f"{name}.tsv:{number}: columns {header} instead of {columns}")
            continue
        if len(cells) > len(columns) or not cells[0]:
            raise TableFault(f"{name}.tsv:{number}: {len(cells)} cells for {len(columns)} columns")
        yield cells + ("",) * (len(columns) - len(cells))


def listed(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The parts of a cell that holds a list."""
    return tuple(part.strip() for part in cell.split(separator) if part.strip())
