"""What a seal says is signed to the letter; a copy of it reads back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from feedback.domain import sealing
from feedback.domain.sealing import NotAKey, NotASeal, Seal, Signer, Statement

KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I="
OTHER = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktISE="
SIGNER = Signer(KEY)
SAID = Statement(
    day=date(2026, 11, 21),
    rows=3,
    first_id=7,
    last_id=9,
    root="ab" * 32,
    previous=sealing.GENESIS,
    version=1,
    key_id=SIGNER.key_id,
    sealed_at=datetime(2026, 11, 21, 17, 10, tzinfo=UTC),
)
SEAL = SIGNER.sign(SAID)
KEYS = sealing.keyring([SIGNER.public])


def test_the_signed_bytes_are_these() -> None:
    assert SAID.canonical() == (
        b'{"day":"2026-11-21","first_id":7,"key_id":"%s","last_id":9,"previous":"%s","root":"%s","rows":3,'
        b'"sealed_at":"2026-11-21T17:10:00.000000+00:00","service":"hanoi-feedback audit trail","version":1}'
        % (SIGNER.key_id.encode(), b"0" * 64, b"ab" * 32)
    )


def test_a_seal_holds_under_its_own_key_only() -> None:
    assert sealing.holds(SEAL, KEYS) is True
    assert sealing.holds(SEAL, sealing.keyring([Signer(OTHER).public])) is None
    resigned = Signer(OTHER).sign(SAID)
    assert sealing.holds(resigned, KEYS) is False


@pytest.mark.parametrize(
    "change",
    [
        {"day": date(2026, 11, 20)},
        {"rows": 4},
        {"first_id": 6},
        {"last_id": None},
        {"root": "ac" * 32},
        {"previous": "1" * 64},
        {"version": 2},
        {"sealed_at": SAID.sealed_at + timedelta(microseconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_word_of_a_seal_is_signed(change: dict[str, object]) -> None:
    changed = replace(SAID, **change)  # type: ignore[arg-type]
    assert sealing.holds(Seal(changed, SEAL.signature), KEYS) is False
    assert changed.link() != SAID.link()


@pytest.mark.parametrize("signature", ["", "zz", SEAL.signature[:-2], SEAL.signature.upper(), "00" * 64])
def test_another_spelling_of_the_signature_does_not_hold(signature: str) -> None:
    assert sealing.holds(Seal(SAID, signature), KEYS) is False


@pytest.mark.parametrize("key", ["", "short", "đ" * 43, KEY + KEY, KEY[:-4]])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(NotAKey):
        Signer(key)
    with pytest.raises(NotAKey):
        sealing.keyring([key])


def test_the_key_is_never_shown() -> None:
    assert KEY[:10] not in repr(SIGNER)


def test_a_copied_line_reads_back_as_it_was() -> None:
    assert sealing.from_json(json.loads(json.dumps(SEAL.as_json()))) == SEAL
    empty = SIGNER.sign(replace(SAID, rows=0, first_id=None, last_id=None))
    assert sealing.from_json(empty.as_json()) == empty


@pytest.mark.parametrize(
    "change",
    [
        {"rows": "3"},
        {"rows": True},
        {"first_id": None},
        {"last_id": "9"},
        {"root": 5},
        {"day": "21.11.2026"},
        {"sealed_at": "2026-11-21T17:10:00"},
        {"signature": None},
        {"more": 1},
    ],
    ids=str,
)
def test_a_line_that_is_no_seal_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(NotASeal):
        sealing.from_json({**SEAL.as_json(), **change})
    with pytest.raises(NotASeal):
        sealing.from_json(["no", "object"])


def test_a_hanoi_day_begins_at_seventeen_hours_utc() -> None:
    begin, end = sealing.bounds(date(2026, 11, 22))
    assert (begin.isoformat(), end.isoformat()) == (
        "2026-11-21T17:00:00+00:00",
        "2026-11-22T17:00:00+00:00",
    )
    assert sealing.last_ended(end) == date(2026, 11, 22)
    assert sealing.last_ended(end - timedelta(microseconds=1)) == date(2026, 11, 21)
    assert sealing.last_ended(end + timedelta(minutes=9), sealing.SETTLED_AFTER) == date(2026, 11, 21)
