"""How long and how much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`rate` is in messages per second. `durable=False` is for trying the harness out: its figures mean nothing."""

    name: str
    webhook_seconds: float
    rival_rows: int
    triage_messages: int
    journey_seconds: float
    journey_rate: float
    tickets: int
    page_requests: int
    durable: bool = True


QUICK = Size(
    name="quick",
    webhook_seconds=8,
    rival_rows=3_000,
    triage_messages=600,
    journey_seconds=20,
    journey_rate=20,
    tickets=50_000,
    page_requests=60,
)
FULL = Size(
    name="full",
    webhook_seconds=30,
    rival_rows=10_000,
    triage_messages=2_000,
    journey_seconds=60,
    journey_rate=20,
    tickets=50_000,
    page_requests=400,
)
TINY = Size(
    name="tiny",
    webhook_seconds=0.5,
    rival_rows=20,
    triage_messages=20,
    journey_seconds=2,
    journey_rate=5,
    tickets=300,
    page_requests=2,
    durable=False,
)
BY_NAME = {size.name: size for size in (QUICK, FULL, TINY)}
