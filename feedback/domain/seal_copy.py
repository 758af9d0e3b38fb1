"""A copy of the seals outside: JSON lines, first the public keys, then one seal a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from feedback.domain.sealing import NotAKey, NotASeal, Seal, from_json, holds, keyring

KIND = "hanoi-feedback audit seals"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Copy:
    """`keys`: public keys by their short names, as the copy itself names them. `seals` by day."""

    keys: Mapping[str, str]
    seals: tuple[Seal, ...]

    def by_day(self) -> dict[date, Seal]:
        return {seal.statement.day: seal for seal in self.seals}


def lines(seals: Iterable[Seal], keys: Mapping[str, str]) -> Iterator[str]:
    """The lines of a copy, without their ends."""
    yield json.dumps({"kind": KIND, "format": FORMAT, "keys": sorted(keys.values())})
    for seal in seals:
        yield json.dumps(seal.as_json(), sort_keys=True)


def read(text: Iterable[str]) -> Copy:
    """Raises NotASeal that names the line."""
    parsed = [(number, _parse(number, line)) for number, line in enumerate(text, start=1) if line.strip()]
    if not parsed:
        raise NotASeal("the copy is empty")
    keys = _keys(parsed[0][1])
    return Copy(keys, tuple(_seal(number, found) for number, found in parsed[1:]))


def _parse(number: int, line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        raise NotASeal(f"line {number}: no JSON") from None


def _keys(head: object) -> Mapping[str, str]:
    if not isinstance(head, dict) or (head.get("kind"), head.get("format")) != (KIND, FORMAT):
        raise NotASeal("line 1: not the first line of a copy of seals")
    keys = head.get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise NotASeal("line 1: no list of keys")
    try:
        return keyring(keys)
    except NotAKey:
        raise NotASeal("line 1: a key that is none") from None


def _seal(number: int, found: object) -> Seal:
    try:
        return from_json(found)
    except NotASeal as fault:
        raise NotASeal(f"line {number}: {fault}") from None


def faults(copy: Copy, keys: Mapping[str, str]) -> Iterator[str]:
    """What does not hold in the copy itself, each in one sentence. `keys`: the public keys that are trusted."""
    before: Seal | None = None
    for seal in copy.seals:
        day = seal.statement.day
        good = holds(seal, keys)
        if good is None:
            yield f"day {day}: signed with the key {seal.statement.key_id}, which is not among the trusted ones"
        elif not good:
            yield f"day {day}: the signature does not hold"
        if before is not None:
            if day != before.statement.day + timedelta(days=1):
                yield f"day {day}: does not follow {before.statement.day}"
            elif seal.statement.previous != before.statement.link():
                yield f"day {day}: does not continue the seal before it"
        before = seal


def differences(copy: Copy, stored: Iterable[Seal]) -> Iterator[tuple[date, str]]:
    """The days of the copy that are no longer those days, and why; the sentence begins with the day."""
    now = {seal.statement.day: seal for seal in stored}
    for seal in copy.seals:
        found = now.get(seal.statement.day)
        if found is None:
            yield seal.statement.day, "has a seal in the copy and none here"
        elif found.statement.root != seal.statement.root:
            yield seal.statement.day, "has another root than in the copy: its rows were written anew"
        elif found != seal:
            yield seal.statement.day, "has another seal than in the copy"
