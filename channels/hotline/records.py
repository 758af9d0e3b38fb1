"""Files with many calls: JSON lines and CSV are split into one JSON object per call."""

from __future__ import annotations

import csv
import io
import json

from channels.errors import UnsupportedPayload

MAX_RECORDS = 20_000
_NESTED = {"asr_engine": "engine", "asr_model": "model"}


def split(name: str, body: bytes) -> tuple[bytes, ...]:
    """The calls in a file, by the ending of its name. Raises UnsupportedPayload for an unreadable CSV."""
    ending = name.rpartition(".")[2].lower()
    if ending in {"jsonl", "ndjson"}:
        return tuple(row for row in body.removeprefix(b"\xef\xbb\xbf").splitlines() if row.strip())[
            :MAX_RECORDS
        ]
    if ending == "csv":
        return _from_csv(body)
    return (body,)


def _from_csv(body: bytes) -> tuple[bytes, ...]:
    try:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        raise UnsupportedPayload("tệp CSV không phải UTF-8") from None
    except csv.Error:
        raise UnsupportedPayload("tệp CSV hỏng") from None
    return tuple(_as_json(row) for row in rows[:MAX_RECORDS])


def _as_json(row: dict[str | None, str | list[str] | None]) -> bytes:
    plain = {name: text for name, text in row.items() if name and isinstance(text, str) and text}
    record: dict[str, object] = {name: text for name, text in plain.items() if name not in _NESTED}
    engine = {_NESTED[name]: text for name, text in plain.items() if name in _NESTED}
    if engine:
        record["asr"] = engine
    # The key order of the file is kept: the same row gives the same bytes.
    return json.dumps(record, ensure_ascii=False).encode()
