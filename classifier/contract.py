"""The published line protocol: one JSON object in, one out."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from classifier.prediction import Query

MAX_LINE = 4_000_000


class LineInvalid(ValueError):
    """A line that is no message; `id` is its id where one could be read."""

    def __init__(self, why: str, line_id: str | int | None = None) -> None:
        super().__init__(why)
        self.id = line_id


def parse(line: bytes) -> Query:
    """One message; raises LineInvalid saying what is wrong with the line."""
    if len(line) > MAX_LINE:
        raise LineInvalid(f"dòng dài hơn {MAX_LINE} byte")
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise LineInvalid("dòng không phải UTF-8") from fault
    except (ValueError, RecursionError) as fault:
        raise LineInvalid("dòng không phải JSON hợp lệ") from fault
    if not isinstance(row, dict):
        raise LineInvalid("dòng không phải một đối tượng JSON")
    return _query(row)


def _query(row: dict[str, Any]) -> Query:
    line_id = row.get("id")
    if isinstance(line_id, bool) or not isinstance(line_id, str | int):
        raise LineInvalid("“id” phải là chuỗi hoặc số nguyên")
    text = row.get("text")
    if not isinstance(text, str):
        raise LineInvalid("“text” phải là chuỗi", line_id)
    lat, lon = _position(row.get("position"), line_id)
    return Query(
        text=_sound(text),
        subject=_optional(row, "subject", line_id),
        channel=_optional(row, "channel", line_id),
        received_at=_moment(row.get("received_at"), line_id),
        lat=lat,
        lon=lon,
        id=line_id,
        receiving_ward=_optional(row, "receiving_ward", line_id),
    )


def _sound(text: str) -> str:
    """Lone surrogates, which JSON can spell, cannot be written out again: each becomes U+FFFD, offsets stay."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _optional(row: dict[str, Any], key: str, line_id: str | int) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise LineInvalid(f"“{key}” phải là chuỗi", line_id)
    return _sound(value) if value else None


def _moment(value: object, line_id: str | int) -> datetime | None:
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise LineInvalid("“received_at” phải là thời điểm ISO 8601", line_id)


def _position(value: object, line_id: str | int) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    if isinstance(value, dict):
        lat, lon = value.get("lat"), value.get("lon")
        if _degrees(lat, 90) and _degrees(lon, 180):
            return float(lat), float(lon)  # type: ignore[arg-type]
    raise LineInvalid("“position” phải có “lat” và “lon” tính bằng độ", line_id)


def _degrees(value: object, most: int) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and abs(value) <= most  # type: ignore[arg-type]
