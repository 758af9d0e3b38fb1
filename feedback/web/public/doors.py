"""Which providers may push to us, and what each must be told: one row a webhook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.services.intake import Fault, Kind, Outcome
from feedback.settings import Settings

RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Door:
    """`unsigned` and `unreadable` are the statuses for a bad signature and for a payload that went to quarantine."""

    channel: str
    account: str
    unsigned: int
    unreadable: int
    answers_get: bool = False


def doors(settings: Settings) -> Mapping[str, Door]:
    """The webhooks of the configured channels, by the last part of their path."""
    found = []
    channels = settings.channels
    if channels.zalo is not None:
        # Anything but 200 is retried five times and then ends the webhook; what we cannot read we keep.
        found.append(Door("zalo", channels.zalo.oa_id, channels.zalo.unsigned_status, 200, answers_get=True))
    if channels.ihanoi is not None:
        # A 2xx would let the city's system believe that a report arrived which has no ticket: its people must see it.
        found.append(Door("ihanoi", "ihanoi", 401, 422))
    return {door.channel: door for door in found}


def status(door: Door, outcome: Outcome) -> int:
    """The answer to a delivery; the same for every repeat of it."""
    if outcome.fault is Fault.SIGNATURE:
        return door.unsigned
    if outcome.fault is Fault.PAYLOAD:
        # Authentic, unread and not kept: only the sender still has it, so it must come again.
        return 503 if outcome.kind is Kind.REJECTED else door.unreadable
    return 200
