"""Turn the public facts of Resolution 1656/NQ-UBTVQH15 into the project's own reviewable tables.

Usage: python scripts/build_wards.py WARDS_CSV EDGES_CSV
Writes classifier/wards/data/{units,old_units}.tsv. The hand-written tables beside them are not touched.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "classifier" / "wards" / "data"
SOURCE = "# Source: Resolution 1656/NQ-UBTVQH15 (16 June 2025); codes: official letter 1027/CTK-CSCL. Public facts."
UNIT_TYPES = ("Phường", "Xã", "Thị trấn", "Quận", "Huyện", "Thị xã")


def split_type(full: str) -> tuple[str, str]:
    """`Phường Ba Đình` → (`phường`, `Ba Đình`)."""
    for kind in UNIT_TYPES:
        if full.startswith(kind + " "):
            name = full[len(kind) + 1 :]
            return kind.lower(), " ".join(word[:1].upper() + word[1:] for word in name.split(" "))
    raise ValueError(f"no unit type in {full!r}")


def write(path: Path, about: str, columns: list[str], rows: list[list[str]]) -> None:
    lines = [f"# {about}", SOURCE, "# Made by scripts/build_wards.py; do not edit by hand."]
    lines += ["\t".join(columns), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def units(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as source:
        rows = []
        for row in csv.DictReader(source):
            kind, name = split_type(row["name"])
            rows.append([row["code"], kind, name, row["area_km2"], row["population"], row["lon"], row["lat"]])
    return rows


def edges(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as source:
        rows = []
        for row in csv.DictReader(source):
            kind, name = split_type(row["old_name"])
            district_kind, district = split_type(row["old_district"])
            cells = (row["old_code"], kind, name, district_kind, district)
            rows.append([*cells, row["new_code"], row["mode"], row["has_residents"]])
    return rows


def main(wards_csv: str, edges_csv: str) -> None:
    write(
        DATA / "units.tsv",
        "The 126 units of Hanoi since 1 July 2025: area in km2, population, longitude and latitude of the seat.",
        ["code", "type", "name", "km2", "population", "lon", "lat"],
        units(Path(wards_csv)),
    )
    write(
        DATA / "old_units.tsv",
        "The 526 units of 1 January to 30 June 2025, one row for each new unit that took a part over.",
        ["code", "type", "name", "district_type", "district", "new_code", "mode", "residents"],
        edges(Path(edges_csv)),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
