"""The daily seal: what is signed, and whether a signature holds. Keys are Ed25519 (RFC 8032), written as URL-safe base64."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from feedback.clock import HANOI, in_hanoi

SERVICE = "hanoi-feedback audit trail"
VERSION = 1
GENESIS = "0" * 64
SETTLED_AFTER = timedelta(minutes=10)
"""How long after midnight a day is sealed of itself: what began before has ended or is told to begin again."""
LATE_AFTER = timedelta(hours=26)
"""A finished day that is not sealed after so long is worth a warning."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a seal says of one Hanoi day. Hashes in hexadecimal; `first_id` and `last_id` are None for a day without rows.

    `previous` is the `link` of the seal before, so that each seal stands for all days before it.
    """

    day: date
    rows: int
    first_id: int | None
    last_id: int | None
    root: str
    previous: str
    version: int
    key_id: str
    sealed_at: datetime

    def canonical(self) -> bytes:
        """The bytes that are signed: one JSON object, keys in order, no spaces, instants in UTC."""
        return json.dumps(
            {"service": SERVICE, **self.as_json()}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
        ).encode()

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "day": self.day.isoformat(),
            "rows": self.rows,
            "first_id": self.first_id,
            "last_id": self.last_id,
            "root": self.root,
            "previous": self.previous,
            "version": self.version,
            "key_id": self.key_id,
            "sealed_at": self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }

    def link(self) -> str:
        """What the next seal names as the one before it."""
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True)
class Seal:
    """A statement with its signature in hexadecimal."""

    statement: Statement
    signature: str

    def as_json(self) -> dict[str, str | int | None]:
        return {**self.statement.as_json(), "signature": self.signature}


class NotASeal(ValueError):
    """A line that should hold a seal and does not."""


def from_json(found: object) -> Seal:
    """The seal in a parsed line of an export. Raises NotASeal."""
    names = {field.name for field in fields(Statement)} | {"signature"}
    if not isinstance(found, dict) or set(found) != names:
        raise NotASeal("not the fields of a seal")
    numbers = ("rows", "version") if found["rows"] == 0 else ("rows", "version", "first_id", "last_id")
    if not all(type(found[name]) is int for name in numbers):
        raise NotASeal("a number is missing")
    if not all(isinstance(found[name], str) for name in names - {"rows", "version", "first_id", "last_id"}):
        raise NotASeal("a text is missing")
    try:
        day, sealed_at = date.fromisoformat(found["day"]), datetime.fromisoformat(found["sealed_at"])
    except ValueError:
        raise NotASeal("a date that is none") from None
    if sealed_at.tzinfo is None:
        raise NotASeal("an instant without its zone")
    values = {name: value for name, value in found.items() if name != "signature"}
    return Seal(Statement(**{**values, "day": day, "sealed_at": sealed_at}), found["signature"])


class NotAKey(ValueError):
    """Not 32 bytes in URL-safe base64."""


def _bytes_of(text: str) -> bytes:
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise NotAKey from None
    if len(found) != 32:
        raise NotAKey
    return found


class Signer:
    """The private key. Neither printed nor logged: it has no repr of its own."""

    def __init__(self, key: str) -> None:
        """Raises NotAKey."""
        self._key = Ed25519PrivateKey.from_private_bytes(_bytes_of(key))
        self.public = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).decode()
        self.key_id = key_id(self.public)

    def sign(self, statement: Statement) -> Seal:
        return Seal(statement, self._key.sign(statement.canonical()).hex())


def key_id(public: str) -> str:
    """A short name of a public key: the first 16 hexadecimal digits of its SHA-256. Raises NotAKey."""
    return hashlib.sha256(_bytes_of(public)).hexdigest()[:16]


def keyring(public: Iterable[str]) -> Mapping[str, str]:
    """Public keys by their short names. Raises NotAKey."""
    return {key_id(each): each for each in public}


def holds(seal: Seal, keys: Mapping[str, str]) -> bool | None:
    """Whether the signature is that of the key the seal names; None where the key is not among `keys`."""
    public = keys.get(seal.statement.key_id)
    if public is None:
        return None
    try:
        signature = bytes.fromhex(seal.signature)
        if signature.hex() != seal.signature:
            return False  # the same bytes in other letters: not what was written
        Ed25519PublicKey.from_public_bytes(_bytes_of(public)).verify(signature, seal.statement.canonical())
    except (InvalidSignature, ValueError):
        return False
    return True


def bounds(day: date) -> tuple[datetime, datetime]:
    """Begin (counted) and end (not counted) of a Hanoi day."""
    begin, end = (datetime.combine(each, time(), HANOI) for each in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def last_ended(now: datetime, settle: timedelta = timedelta()) -> date:
    """The newest Hanoi day that ended at least `settle` before `now`."""
    return in_hanoi(now - settle).date() - timedelta(days=1)
