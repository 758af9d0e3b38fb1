"""A trail with a past: tickets of earlier days, sealed as the clock process seals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import psycopg

from feedback.clock import HANOI, in_hanoi, utc_now
from feedback.domain import row_hash, sealing
from feedback.services import seal_trail
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import Store, audit
from tests.feedback.matters import routed
from tests.servers import DatabaseUrls

TABLES = ("audit_event", "audit_head", "audit_day", "audit_seal")


@dataclass(frozen=True)
class Past:
    """Days counted back from today. Days 4 and 2 hold two tickets each, day 3 none; two tickets more are of today."""

    app: App
    settings: Settings

    def day(self, ago: int) -> date:
        return in_hanoi(utc_now()).date() - timedelta(days=ago)

    def at(self, ago: int, hour: int = 9) -> App:
        """The application as it was then."""
        when = datetime.combine(self.day(ago), time(hour), HANOI).astimezone(UTC)
        return replace(self.app, store=Store(self.app.store.engine, clock=lambda: when))

    def live(self) -> None:
        for ago in (4, 4, 2, 2):
            routed(self.at(ago), self.settings)
        for _ in range(2):
            routed(self.app, self.settings)

    def seal(self) -> list[sealing.Seal]:
        assert self.app.signer is not None
        return seal_trail.seal_until(self.app.store, self.app.signer, self.day(1))

    @property
    def keys(self) -> Mapping[str, str]:
        assert self.app.signer is not None
        return sealing.keyring([self.app.signer.public])

    def verify(self) -> audit.Verified:
        with self.app.store.reading() as session:
            return audit.verify(session, self.keys)

    def sentences(self) -> list[str]:
        return [finding.sentence() for finding in self.verify().findings]


def write_anew(urls: DatabaseUrls) -> None:
    """A perfect forgery: another officer in every row, all hashes and heads computed again, no seals."""
    statements = [
        "TRUNCATE audit_seal, audit_day",
        "DELETE FROM audit_event WHERE chain = 'seals'",
        "TRUNCATE audit_head",
    ]
    with psycopg.connect(urls.superuser) as connection:
        rows = connection.execute(
            f"SELECT {', '.join(row_hash.COLUMNS)} FROM audit_event WHERE chain <> 'seals' ORDER BY chain, seq"
        ).fetchall()
    heads: dict[str, tuple[int, str]] = {}
    for chain, seq, at, _, *others, _ in rows:
        previous = heads.get(chain, (0, sealing.GENESIS))[1]
        hashed = row_hash.of([chain, seq, row_hash.stamp(at), "Ai đó", *others, previous])
        heads[chain] = (seq, hashed)
        changed = f"actor = 'Ai đó', prev_hash = '{previous}', hash = '{hashed}'"
        statements.append(f"UPDATE audit_event SET {changed} WHERE chain = '{chain}' AND seq = {seq}")
    statements += [
        f"INSERT INTO audit_head VALUES ('{chain}', {seq}, '{hashed}')"
        for chain, (seq, hashed) in heads.items()
    ]
    tamper(urls, *statements)


def tamper(urls: DatabaseUrls, *statements: str) -> None:
    """What somebody with the superuser's password could do."""
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            connection.execute(statement)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
