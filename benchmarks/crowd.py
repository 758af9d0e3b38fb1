"""A year of a city's matters: tickets over all wards, states and deadlines, with valid audit chains, written by COPY."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.load import user
from benchmarks.texts import text
from feedback.domain import codes, fields
from feedback.domain.permissions import Actor
from feedback.domain.search import fold
from feedback.store import audit
from feedback.store.tables import AuditEvent

SEED = 11
BUSY_WARD = "00160"
"""Nghĩa Đô, whose demo officer opens the inbox, gets the largest share: the slowest list there is."""
TERM = timedelta(days=14)
CHANNELS = (("zalo", 40), ("ihanoi", 30), ("hotline", 15), ("email", 8), ("web", 7))
AGED = (("closed", 88), ("answered", 4), ("rejected", 4), ("handed_over", 1), ("open", 3))
RECENT = (("open", 55), ("answered", 18), ("closed", 18), ("review", 6), ("rejected", 3))
NEW_FOR = timedelta(days=21)
CONTACT = ("id", "channel", "account", "address_hash", "created_at", "last_seen_at")
MESSAGE = ("id", "ticket_id", "direction", "text", "created_at")
EVENT = ("chain", "seq", "at", "actor", "action", "before", "after", "prev_hash", "hash")
INSTANTS = ("received_at", "last_citizen_at", "receive_due_at", "answer_due_at")
PROGRESS = (
    *("accepted_at", "first_answer_at", "answered_at", "closed_at", "answer_worked_seconds"),
    *("answered_on_time", "answered_ward"),
)
PLACE = ("state", "queue", "ward_code", "field_id", "kind", "level")
TICKET = (
    *("id", "code", "contact_id", "channel", "account", "conversation", "version"),
    *(*PLACE, *INSTANTS, *PROGRESS),
    *("review_reasons", "summary", "search"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in the order of `TICKET`, with what its other rows need."""

    number: int
    channel: str
    code: str
    received: datetime
    said: str
    values: tuple[Any, ...]


def fill(superuser_url: str, count: int) -> None:
    """Write `count` tickets with contact, message and two audit rows each; statistics are up to date afterwards."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        rows = tickets(wards(connection), count, _now(connection))
        copy(connection, "contact", CONTACT, map(_contact, rows))
        copy(connection, "ticket", TICKET, (row.values for row in rows))
        copy(connection, "message", MESSAGE, map(_message, rows))
        copy(connection, "audit_event", EVENT, (event for row in rows for event in _trail(row)))
        for table in ("contact", "ticket", "message"):
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})")
        connection.execute("VACUUM ANALYZE")


def copy(
    connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def wards(connection: psycopg.Connection) -> list[str]:
    """Every ward's code, the busy one first."""
    found = [str(row[0]) for row in connection.execute("SELECT code FROM ward ORDER BY code")]
    return [BUSY_WARD, *(code for code in found if code != BUSY_WARD)]


def tickets(ward_codes: Sequence[str], count: int, now: datetime) -> list[Row]:
    """The same for the same seed and instant. Wards are uneven in size (ten to one) and in pace."""
    rng = random.Random(SEED)
    weights = [(1 + place) ** -0.5 for place in range(len(ward_codes))]
    homes = rng.choices(ward_codes, weights, k=count)
    ids = [field.id for field in fields.shipped().fields]
    seconds = sorted(rng.uniform(60, 365 * 86_400) for _ in range(count))[::-1]
    drawn = list(dict.fromkeys(codes.new_code(now.year, rng) for _ in range(count + count // 4 + 10)))[:count]
    paces = {ward: rng.lognormvariate(0.0, 0.35) for ward in ward_codes}
    found = []
    for number in range(1, count + 1):
        home = homes[number - 1]
        received = now - timedelta(seconds=seconds[number - 1])
        found.append(
            _ticket(rng, number, drawn[number - 1], home, rng.choice(ids), now, received, paces[home])
        )
    return found


def _ticket(
    rng: random.Random,
    number: int,
    code: str,
    ward: str,
    field: str,
    now: datetime,
    received: datetime,
    pace: float,
) -> Row:
    channel = pick(rng, CHANNELS)
    state = pick(rng, RECENT if now - received < NEW_FOR else AGED)
    queue, home = ("dispatcher", None) if state == "review" else ("ward", ward)
    if field in ("official_conduct", "admin_procedure") and state != "review":
        queue = "centre"
    said = text(number)
    level = "urgent" if rng.random() < 0.04 else "normal"
    values = (
        *(number, code, number, channel, "bench", user(number), 2),
        *(state, queue, home, field, "report", level),
        *(received, received, received + timedelta(hours=8), received + TERM),
        *_progress(rng, state, received, now, pace, home if queue == "ward" else None),
        *(Jsonb(["low_confidence"] if state == "review" else []), said[:159], fold(said)),
    )
    return Row(number, channel, code, received, said, values)


def _progress(
    rng: random.Random, state: str, received: datetime, now: datetime, pace: float, desk: str | None
) -> tuple[Any, ...]:
    """Accepted, first answered, answered, closed, working seconds until the answer, on time, by the ward of `desk`.

    A high `pace` is a slow ward.
    """
    accepted = None if state == "review" else min(now, received + timedelta(minutes=rng.uniform(0, 600)))
    if state not in ("answered", "closed", "rejected", "handed_over"):
        return (accepted, None, None, None, None, None, None)
    worked = min(pace * rng.lognormvariate(11.4, 0.9), 60 * 28_800)
    answered = min(now, received + timedelta(seconds=3 * worked))
    closed = None if state == "answered" else answered
    return (accepted, answered, answered, closed, int(worked), answered <= received + TERM, desk)


def pick(rng: random.Random, shares: Sequence[tuple[str, int]]) -> str:
    return rng.choices([name for name, _ in shares], [share for _, share in shares])[0]


def _contact(row: Row) -> tuple[Any, ...]:
    return (row.number, row.channel, "bench", f"bench-{row.number}", row.received, row.received)


def _message(row: Row) -> tuple[Any, ...]:
    return (row.number, row.number, "in", row.said, row.received)


def _trail(row: Row) -> list[tuple[Any, ...]]:
    """Received and triaged, hashed as the service hashes."""
    chain, previous, found = audit.ticket_chain(row.number), audit.GENESIS, []
    after = {"code": row.code, "channel": row.channel, "message": row.number, "attachments": 0}
    for seq, (action, change) in enumerate((("received", after), ("triaged", {"state": "open"})), start=1):
        event = AuditEvent(
            chain=chain,
            seq=seq,
            at=row.received,
            actor=Actor.system("bench").name,
            actor_id=None,
            action=action,
            reason=None,
            before={},
            after=change,
            prev_hash=previous,
        )
        event.hash = previous = audit.digest(event)
        found.append(
            (chain, seq, event.at, event.actor, action, Jsonb({}), Jsonb(change), event.prev_hash, event.hash)
        )
    return found


def _now(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT now()").fetchone()
    assert row is not None
    return datetime.fromtimestamp(row[0].timestamp(), UTC)
