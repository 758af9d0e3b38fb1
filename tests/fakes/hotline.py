"""A local call recorder: drops transcripts as a careful sender does (hidden name, then rename)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

Turns = Sequence[tuple[str, str]]


def drop(folder: Path, name: str, body: bytes, age_seconds: float = 0) -> Path:
    """Atomic; `age_seconds` sets the file time back, so that a test need not wait."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden = folder / f".{name}.tmp"
    hidden.write_bytes(body)
    if age_seconds:
        written = time.time() - age_seconds
        os.utime(hidden, (written, written))
    return hidden.rename(folder / name)


def transcript(
    call_id: str,
    turns: Turns,
    *,
    caller_number: str = "",
    branch: str = "",
    agent: str = "",
    summary: str = "",
    started_at: datetime | None = None,
) -> bytes:
    """The service's own JSON; `turns` are (speaker "caller" or "agent", text)."""
    record = {
        "call_id": call_id,
        "started_at": (started_at or datetime.now(UTC)).isoformat(),
        "caller_number": caller_number,
        "called_number": "1022",
        "branch": branch,
        "agent": agent,
        "summary": summary,
        "segments": [
            {
                "speaker": speaker,
                "start": number * 4.0,
                "end": number * 4.0 + 3.5,
                "text": text,
                "confidence": 0.9,
            }
            for number, (speaker, text) in enumerate(turns)
        ],
        "asr": {"engine": "fake-asr", "model": "vi-1"},
    }
    return json.dumps(record, ensure_ascii=False).encode()


def vcon(
    uuid: str,
    turns: Turns,
    *,
    caller_number: str = "",
    branch_key: str = "",
    summary: str = "",
    started_at: datetime | None = None,
) -> bytes:
    """A vCon with a recording, the pressed key and a transcript; speakers are "caller" or "agent"."""
    start = (started_at or datetime.now(UTC)).isoformat()
    history = [{"party": 0, "event": "join", "time": start}]
    if branch_key:
        history.append({"party": 0, "event": "keydown", "button": branch_key, "time": start})
    body = {
        "turns": [{"speaker": 0 if speaker == "caller" else 1, "text": text} for speaker, text in turns],
    }
    analysis = [{"type": "transcript", "dialog": 0, "vendor": "fake-asr", "body": body, "encoding": "json"}]
    if summary:
        analysis.append(
            {"type": "summary", "dialog": 0, "vendor": "fake", "body": summary, "encoding": "none"}
        )
    record = {
        "vcon": "0.0.2",
        "uuid": uuid,
        "created_at": start,
        "parties": [
            {"tel": f"tel:{caller_number}", "role": "caller"},
            {"tel": "tel:1022", "name": "Tổng đài viên 07", "role": "agent"},
        ],
        "dialog": [
            {
                "type": "recording",
                "start": start,
                "duration": 62.0,
                "parties": [0, 1],
                "originator": 0,
                "mediatype": "audio/wav",
                "party_history": history,
            }
        ],
        "analysis": analysis,
    }
    return json.dumps(record, ensure_ascii=False).encode()
