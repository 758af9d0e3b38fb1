"""`feedback audit seal`, `seals`, `key`, `proof` and `check-proof`"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from feedback.commands.audit import read_copy, trusted
from feedback.domain import proof as proofs
from feedback.domain import seal_copy
from feedback.domain.errors import DomainError
from feedback.domain.sealing import NotAKey, NotASeal, Signer, keyring, last_ended
from feedback.services import prove, seal_trail
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.audit import seals
from feedback.store.engine import connect
from feedback.store.faults import DatabaseFault


def seal(settings: Settings, until: date | None) -> int:
    """Seal every finished day up to `until` (default: yesterday) that has no seal."""
    signer = _signer(settings)
    if signer is None:
        return 2
    store = _store(settings)
    try:
        made = seal_trail.seal_until(store, signer, until or last_ended(store.now()))
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    except DatabaseFault as fault:
        print(
            f"not sealed ({type(fault).__name__}): somebody writes just now, or the database is away; try again",
            file=sys.stderr,
        )
        return 1
    for each in made:
        print(f"sealed {each.statement.day}: {each.statement.rows} rows, root {each.statement.root}")
    if not made:
        print("nothing to seal: every finished day has its seal")
    return 0


def key(settings: Settings) -> int:
    """Print the public key, to be kept where the copies are."""
    signer = _signer(settings)
    if signer is None:
        return 2
    print(f"public key {signer.public}")
    print(f"key id     {signer.key_id}")
    return 0


def export(settings: Settings, target: str) -> int:
    """Write all seals with the public keys to a new file, or to standard output for `-`."""
    with _store(settings).reading() as session:
        every = seals.every(session)
    lines = [f"{line}\n" for line in seal_copy.lines(every, trusted(settings))]
    if target == "-":
        sys.stdout.writelines(lines)
        return 0
    try:
        # "x": an earlier copy is a witness and never written over.
        with Path(target).open("x", encoding="utf-8") as file:
            file.writelines(lines)
    except OSError as fault:
        print(f"{target}: {fault.strerror}", file=sys.stderr)
        return 1
    print(f"{len(every)} seals written to {target}", file=sys.stderr)
    return 0


def proof(settings: Settings, code: str) -> int:
    """Print the proof of a ticket's rows as JSON."""
    try:
        found = prove.ticket(_store(settings), code)
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    print(found.text())
    return 0


def check_proof(name: str, copy_name: str, keys: Sequence[str]) -> int:
    """Check a proof against a copy of the seals: two files, no database. Exit code 2 where one cannot be read."""
    try:
        found = proofs.read(Path(name).read_text(encoding="utf-8"))
        copy = read_copy(copy_name)
        known = keyring(keys) if keys else copy.keys
    except (OSError, UnicodeDecodeError) as fault:
        print(f"cannot be read: {fault}", file=sys.stderr)
        return 2
    except (proofs.NotAProof, NotASeal) as fault:
        print(fault, file=sys.stderr)
        return 2
    except NotAKey:
        print("--key: not a public key as `feedback audit key` prints it", file=sys.stderr)
        return 2
    faults = [*seal_copy.faults(copy, known), *proofs.faults(found, copy)]
    for sentence in faults:
        print(f"  {sentence}")
    if faults:
        print(f"NOT PROVEN: {len(faults)} faults")
        return 1
    if not keys:
        names = ", ".join(sorted(known)) or "none"
        print(f"note: the keys are those of the copy itself; compare their ids: {names}", file=sys.stderr)
    print(
        f"proven: {len(found.rows)} rows of {found.ticket} stand in sealed days; {found.unsealed} not sealed yet"
    )
    return 0


def _signer(settings: Settings) -> Signer | None:
    if settings.seal_key is None:
        print("FEEDBACK_SEAL_KEY is not set: nothing can be sealed from here", file=sys.stderr)
        return None
    return Signer(settings.seal_key)


def _store(settings: Settings) -> Store:
    return Store(connect(settings.database_url, pool_size=1, timeout_ms=0))
