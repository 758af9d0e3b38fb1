"""A citizen's text cut where the classifier's evidence begins and ends. Offsets are Unicode code points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of one message's text (or subject), and why it counts."""

    start: int
    end: int
    why: str
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; `whys` is empty outside any evidence."""

    text: str
    whys: tuple[str, ...] = ()


def segments(text: str, spans: Iterable[Span]) -> list[Segment]:
    """`text` in order, each piece with every reason that covers it. Together the pieces are `text` again."""
    inside = [span for span in spans if span.start < span.end and span.start < len(text) and span.end > 0]
    edges = sorted(
        {0, len(text), *(edge for s in inside for edge in (max(0, s.start), min(len(text), s.end)))}
    )
    pieces = []
    for start, end in pairwise(edges):
        whys = tuple(dict.fromkeys(s.why for s in inside if s.start <= start and end <= s.end))
        pieces.append(Segment(text[start:end], whys))
    return pieces


def spans_of(result: Mapping[str, Any], message_id: int, length: int) -> Sequence[Span]:
    """The evidence of a stored prediction that lies in one message, counted from that message's first character."""
    starts = {part["message"]: part["start"] for part in result.get("parts", ())}
    first = next(iter(starts), None)
    begin = starts.get(message_id)
    found = []
    for item in result.get("evidence", ()):
        if item.get("in") == "subject":
            if message_id == first:
                found.append(Span(item["start"], item["end"], item["why"], in_subject=True))
        elif begin is not None and item["start"] < begin + length and item["end"] > begin:
            found.append(Span(item["start"] - begin, item["end"] - begin, item["why"]))
    return found
