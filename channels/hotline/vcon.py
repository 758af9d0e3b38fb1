"""vCon, the IETF container of a conversation (draft-ietf-vcon-vcon-core), tolerant of its drafts' drift."""

from __future__ import annotations

from datetime import datetime

from channels.document import Node, load
from channels.errors import UnsupportedPayload
from channels.hotline.call import MAX_TURNS, Call, Side, Turn, side
from channels.instants import from_iso

# Extensions whose meaning we take into account; any other one marked critical forbids reading the rest.
KNOWN_EXTENSIONS = frozenset({"CC", "contact_center"})


def is_vcon(node: Node) -> bool:
    return node.has("vcon") or (node.has("parties") and node.has("dialog")) or _is_sealed(node)


def _is_sealed(node: Node) -> bool:
    return node.has("ciphertext") or (node.has("payload") and node.has("signatures"))


def read(node: Node) -> Call:
    """Raises UnsupportedPayload: sealed, an unknown critical extension, or no words."""
    if _is_sealed(node):
        raise UnsupportedPayload("vCon đã ký hoặc mã hoá chưa được hỗ trợ")
    unknown = set(node.texts("critical")) - KNOWN_EXTENSIONS
    if unknown:
        raise UnsupportedPayload("vCon có phần mở rộng bắt buộc chưa được hỗ trợ")
    sides = _sides(node)
    turns = _transcript(node, sides) or _text_dialogs(node, sides)
    plain = _plain_transcript(node)
    if not turns and plain is None:
        raise UnsupportedPayload("vCon không có bản ghi lời nói")
    return _call(node, sides, turns, plain)


def _call(node: Node, sides: tuple[Side, ...], turns: tuple[Turn, ...], plain: str | None) -> Call:
    parties = node.nodes("parties")
    caller = _party(parties, sides, Side.CALLER)
    agent = _party(parties, sides, Side.AGENT)
    analysis = _analysis(node, "transcript")
    return Call(
        call_id=node.text("uuid"),
        turns=turns,
        full_text=plain,
        summary=_summary(node),
        caller_number=_tel(caller),
        caller_name=caller.text("name"),
        called_number=_tel(agent),
        branch=_keys(node),
        agent=agent.text("name"),
        engine=" ".join(
            part for entry in analysis[:1] for name in ("vendor", "product") if (part := entry.text(name))
        ),
        started_at=_started(node),
    )


def _started(node: Node) -> datetime | None:
    starts = [entry.text("start") for entry in node.nodes("dialog") if entry.text("start")]
    return from_iso(starts[0] if starts else node.text("created_at"))


def _tel(party: Node) -> str | None:
    number = party.text("tel")
    return number.removeprefix("tel:").split(";")[0] if number else None


def _sides(node: Node) -> tuple[Side, ...]:
    """One side per party: by role, else the originator (or the first party) is the caller."""
    known = [side(party.text("role")) for party in node.nodes("parties")]
    if Side.CALLER not in known:
        origin = next(
            (n for entry in node.nodes("dialog") if (n := entry.number("originator")) is not None), 0.0
        )
        if 0 <= origin < len(known) and known[int(origin)] is Side.UNKNOWN:
            known[int(origin)] = Side.CALLER
    if len(known) == 2 and Side.CALLER in known:
        known = [found if found is Side.CALLER else Side.AGENT for found in known]
    return tuple(known)


def _party(parties: tuple[Node, ...], sides: tuple[Side, ...], wanted: Side) -> Node:
    return next((party for party, found in zip(parties, sides, strict=True) if found is wanted), Node({}))


def _analysis(node: Node, kind: str) -> tuple[Node, ...]:
    return tuple(entry for entry in node.nodes("analysis") if entry.text("type") == kind)


def _body(entry: Node) -> object:
    """An analysis body may be text, JSON in a string, or JSON itself."""
    body = entry.value.get("body")
    if isinstance(body, str) and body.lstrip()[:1] in {"{", "["}:
        try:
            return load(f'{{"turns": {body}}}').value["turns"]
        except UnsupportedPayload:
            return body
    return body


def _transcript(node: Node, sides: tuple[Side, ...]) -> tuple[Turn, ...]:
    for entry in _analysis(node, "transcript"):
        body = _body(entry)
        holder = Node(body) if isinstance(body, dict) else Node({"turns": body})
        for name in ("turns", "segments", "utterances", "transcript"):
            if items := holder.nodes(name)[:MAX_TURNS]:
                return tuple(
                    Turn(_speaker(item, sides), item.text("text", "message") or "") for item in items
                )
    return ()


def _speaker(item: Node, sides: tuple[Side, ...]) -> Side:
    index = item.number("party", "speaker", "originator")
    if index is not None:
        return sides[int(index)] if 0 <= index < len(sides) else Side.UNKNOWN
    return side(item.text("speaker", "role"))


def _text_dialogs(node: Node, sides: tuple[Side, ...]) -> tuple[Turn, ...]:
    entries = [entry for entry in node.nodes("dialog") if entry.text("type") == "text"][:MAX_TURNS]
    return tuple(Turn(_dialog_side(entry, sides), entry.text("body") or "") for entry in entries)


def _dialog_side(entry: Node, sides: tuple[Side, ...]) -> Side:
    index = entry.number("originator")
    parties = entry.value.get("parties")
    if index is None:
        first = parties[0] if isinstance(parties, list) and parties else parties
        index = float(first) if isinstance(first, int) and 0 <= first < len(sides) else None
    return sides[int(index)] if index is not None and 0 <= index < len(sides) else Side.UNKNOWN


def _plain_transcript(node: Node) -> str | None:
    bodies = (_body(entry) for entry in _analysis(node, "transcript"))
    for body in bodies:
        found = body if isinstance(body, str) else None
        if isinstance(body, dict):
            found = Node(body).text("text", "transcript")
        if found:
            return Node({"text": found}).text("text")
    return None


def _summary(node: Node) -> str | None:
    return next((text for entry in _analysis(node, "summary") if (text := entry.text("body"))), None)


def _keys(node: Node) -> str | None:
    """The keys pressed in the voice menu, joined by `-`."""
    events = (event for entry in node.nodes("dialog") for event in entry.nodes("party_history"))
    pressed = [event.text("button", "key") or "" for event in events if event.text("event") == "keydown"]
    return "-".join(found for found in pressed if found) or None
