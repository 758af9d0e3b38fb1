"""A call as every transcript format is first read, and its one translation into a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from channels.errors import UnsupportedPayload
from channels.hotline.config import HotlineConfig
from channels.identity import key
from channels.message import InboundMessage, RawDelivery, Sender
from channels.place import phone
from channels.text import bounded, line

CHANNEL = "hotline"
OVERSIZE = "x-oversize"
MAX_TURNS = 5_000


class Side(Enum):
    CALLER = "caller"
    AGENT = "agent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """`full_text` is the transcript without speakers, used where no turn is the caller's."""

    call_id: str | None
    turns: tuple[Turn, ...] = ()
    full_text: str | None = None
    summary: str | None = None
    caller_number: str | None = None
    caller_name: str | None = None
    called_number: str | None = None
    branch: str | None = None
    agent: str | None = None
    engine: str | None = None
    confidence: float | None = None
    started_at: datetime | None = None


def side(speaker: str | None) -> Side:
    """Who speaks, from the words recorders use."""
    word = (speaker or "").strip().lower()
    if word in {"caller", "customer", "citizen", "contact", "client", "người gọi", "khách hàng", "công dân"}:
        return Side.CALLER
    if word in {"agent", "operator", "bot", "ivr", "system", "tổng đài", "tổng đài viên", "nhân viên"}:
        return Side.AGENT
    return Side.UNKNOWN


def to_message(config: HotlineConfig, delivery: RawDelivery, call: Call) -> InboundMessage:
    """The caller's words are the text; the agent's go into hints, lest they blur the classification."""
    if call.call_id is None:
        raise UnsupportedPayload("bản ghi cuộc gọi không có mã cuộc gọi")
    call_id = key(call.call_id)
    number = phone(call.caller_number)
    text, cut = bounded(_text(call))
    return InboundMessage(
        channel=CHANNEL,
        account=delivery.account,
        external_id=call_id,
        conversation=call_id,
        # A withheld number must not make strangers one contact.
        sender=Sender(address=number or f"call:{call_id}", name=call.caller_name, phone=number),
        text=text,
        sent_at=call.started_at,
        hints={**cut, **_hints(config, call)},
    )


def _said(call: Call, *sides: Side) -> str:
    return "\n".join(turn.text for turn in call.turns if turn.side in sides and turn.text)


def _text(call: Call) -> str:
    if any(turn.side is Side.CALLER for turn in call.turns):
        return _said(call, Side.CALLER)
    return _said(call, Side.UNKNOWN) or call.full_text or ""


def _hints(config: HotlineConfig, call: Call) -> dict[str, str]:
    branch = line(call.branch or "", 40)
    found = {
        "agent": bounded(_said(call, Side.AGENT), 20_000)[0],
        "summary": bounded(call.summary or "", 5_000)[0],
        "branch": branch,
        "branch_title": config.branches.get(branch, ""),
        "called_number": line(call.called_number or "", 40),
        "agent_name": line(call.agent or "", 100),
        "asr_engine": line(call.engine or "", 100),
        "asr_confidence": "" if call.confidence is None else f"{call.confidence:.2f}",
    }
    return {name: text for name, text in found.items() if text}
