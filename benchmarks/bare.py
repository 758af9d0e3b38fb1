"""The rival of the webhook: the rows of one delivery, inserted by bare psycopg with one commit each."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.load import THREADS, user
from benchmarks.texts import text
from feedback.domain import codes
from feedback.domain.search import fold
from tests.fakes.zalo import ZaloAccount

RAW = """INSERT INTO raw_event
 (channel, account, external_id, body, headers, received_at, outcome, last_delivery_at)
 VALUES ('zalo', %s, %s, %s, %s, now(), 'ticket', now()) RETURNING id"""
CONTACT = """INSERT INTO contact (channel, account, address_hash, address, created_at, last_seen_at)
 VALUES ('zalo', %s, %s, %s, now(), now()) RETURNING id"""
TICKET = """INSERT INTO ticket
 (code, contact_id, channel, account, conversation, received_at, last_citizen_at, summary, search)
 VALUES (%s, %s, 'zalo', %s, %s, now(), now(), %s, %s) RETURNING id"""
MESSAGE = """INSERT INTO message (ticket_id, raw_event_id, direction, text, external_id, created_at)
 VALUES (%s, %s, 'in', %s, %s, now()) RETURNING id"""
AUDIT = """INSERT INTO audit_event (chain, seq, at, actor, action, before, after, prev_hash, hash)
 VALUES (%s, 1, now(), 'intake', 'received', '{}', %s, %s, %s)"""
OUTBOX = """INSERT INTO outbox (task, dedup_key, ticket_id, message_id, available_at, created_at)
 VALUES ('triage', %s, %s, %s, now(), now())"""
HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything that stands in the rows, computed before the clock runs."""

    account: str
    user: str
    external_id: str
    body: bytes
    headers: Jsonb
    code: str
    text: str
    search: str
    after: Jsonb


def deliveries(count: int) -> list[Delivery]:
    account, rng, year = ZaloAccount(), random.Random(1), datetime.now(UTC).year
    drawn = iter(dict.fromkeys(codes.new_code(year, rng) for _ in range(2 * count + 10)))
    return [_delivery(account, number, next(drawn)) for number in range(count)]


def _delivery(account: ZaloAccount, number: int, code: str) -> Delivery:
    said = text(number)
    call = account.text(user(number), said, msg_id=f"bare-{number}")
    return Delivery(
        account=account.oa_id,
        user=user(number),
        external_id=f"bare-{number}",
        body=call.body,
        headers=Jsonb(dict(call.headers)),
        code=code,
        text=said,
        search=fold(said),
        after=Jsonb({"code": code, "channel": "zalo", "message": number, "attachments": 0}),
    )


def per_second(url: str, count: int) -> float:
    """Deliveries per second with as many threads and connections as the webhook's load has."""
    prepared = deliveries(count)
    connections = [psycopg.connect(url, options="-c role=feedback_app") for _ in range(THREADS)]
    threads = [
        threading.Thread(target=_insert_all, args=(connection, prepared[index::THREADS]))
        for index, connection in enumerate(connections)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    for connection in connections:
        connection.close()
    with psycopg.connect(url) as connection:
        stored = connection.execute("SELECT count(*) FROM outbox").fetchone()
    if stored != (count,):
        raise RuntimeError(f"the rival stored {stored} of {count} deliveries")
    return count / seconds


def _insert_all(connection: psycopg.Connection, share: Sequence[Delivery]) -> None:
    for row in share:
        _insert(connection, row)
        connection.commit()


def _insert(connection: psycopg.Connection, row: Delivery) -> None:
    raw = _id(connection, RAW, (row.account, row.external_id, row.body, row.headers))
    contact = _id(connection, CONTACT, (row.account, row.user, row.user))
    ticket = _id(connection, TICKET, (row.code, contact, row.account, row.user, row.text[:160], row.search))
    message = _id(connection, MESSAGE, (ticket, raw, row.text, row.external_id))
    connection.execute(AUDIT, (f"ticket:{ticket}", row.after, HASH, HASH))
    connection.execute(OUTBOX, (f"triage:{message}", ticket, message))


def _id(connection: psycopg.Connection, statement: str, values: tuple[object, ...]) -> int:
    found = connection.execute(statement, values).fetchone()
    assert found is not None
    return int(found[0])
