"""Turn the public coordinates of the 526 former units into the project's own table.

Usage: python scripts/build_positions.py DATASET_DB
DATASET_DB is `vietnamadminunits/data/dataset.db` of the package vietnamadminunits 1.0.4 (MIT). Writes
classifier/wards/data/places.tsv.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "classifier" / "wards" / "data" / "places.tsv"
HEAD = """\
# Where the 526 units of before July 2025 lie: middle and bounding box, degrees WGS 84.
# Source: tables of the package vietnamadminunits 1.0.4 (MIT licence).
# Made by scripts/build_positions.py; do not edit by hand.
code	lat	lon	south	west	north	east
"""
QUERY = "SELECT wardCode, wardLat, wardLon, wardBounds FROM admin_units_legacy WHERE provinceCode = '01' ORDER BY wardCode"


def main(database: str) -> None:
    lines = []
    with sqlite3.connect(database) as connection:
        for code, lat, lon, bounds in connection.execute(QUERY):
            south, west, north, east = (float(each) for each in re.findall(r"\d+\.\d+", bounds))
            cells = [code, *(f"{each:.5f}" for each in (lat, lon, south, west, north, east))]
            lines.append("\t".join(cells))
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
