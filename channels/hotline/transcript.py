"""The service's own transcript format: one JSON object per call."""

from __future__ import annotations

from channels.document import Node
from channels.errors import UnsupportedPayload
from channels.hotline.call import MAX_TURNS, Call, Turn, side
from channels.instants import from_iso


def read(node: Node) -> Call:
    """Raises UnsupportedPayload for a record without any words."""
    segments = node.nodes("segments")[:MAX_TURNS]
    full_text = node.text("full_text")
    if not segments and full_text is None:
        raise UnsupportedPayload("bản ghi cuộc gọi không có lời nào")
    engine = node.node("asr")
    return Call(
        call_id=node.text("call_id"),
        turns=tuple(Turn(side(item.text("speaker")), item.text("text") or "") for item in segments),
        full_text=full_text,
        summary=node.text("summary"),
        caller_number=node.text("caller_number"),
        caller_name=node.text("caller_name"),
        called_number=node.text("called_number"),
        branch=node.text("branch"),
        agent=node.text("agent"),
        engine=" ".join(part for part in (engine.text("engine"), engine.text("model")) if part),
        confidence=_mean(tuple(item.number("confidence") for item in segments)),
        started_at=from_iso(node.text("started_at")),
    )


def _mean(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None and 0 <= value <= 1]
    return sum(known) / len(known) if known else None
