"""`feedback audit verify`"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from feedback.commands import progress
from feedback.domain import seal_copy
from feedback.domain.seal_copy import Copy
from feedback.domain.sealing import NotASeal, Signer, keyring
from feedback.settings import Settings
from feedback.store import Store, audit
from feedback.store.audit import parallel, seals
from feedback.store.audit.findings import Finding
from feedback.store.engine import connect

MOST_WORKERS = 2


def verify(settings: Settings, against: str | None = None, workers: int | None = None) -> int:
    """Recompute every chain, head and seal, and compare with a copy of the seals where one is given.

    Exit code 1 and one sentence for each finding where the trail does not hold, 2 where the copy cannot be read.
    """
    try:
        copy = read_copy(against) if against else None
    except (OSError, NotASeal) as fault:
        said = fault.strerror if isinstance(fault, OSError) else fault
        print(f"{against}: {said}", file=sys.stderr)
        return 2
    try:
        result = _verified(settings, workers or min(MOST_WORKERS, os.cpu_count() or 1))
    except BrokenProcessPool:
        print("a process of the verification was killed; try again with --workers 1", file=sys.stderr)
        return 1
    differing = _against(settings, copy) if copy else []
    for day in result.late[:5]:
        print(f"warning: {day} ended more than 26 hours ago and is not sealed", file=sys.stderr)
    if len(result.late) > 5:
        print(f"warning: {len(result.late)} finished days are not sealed", file=sys.stderr)
    if not result.count and not differing:
        print(_holds(result, copy))
        return 0
    _tell(result, differing)
    return 1


def trusted(settings: Settings) -> Mapping[str, str]:
    """The public keys of this installation, by their short names."""
    own = (Signer(settings.seal_key).public,) if settings.seal_key else ()
    return keyring((*own, *settings.seal_public_keys))


def read_copy(name: str) -> Copy:
    """Raises OSError and NotASeal."""
    try:
        with Path(name).open(encoding="utf-8") as file:
            return seal_copy.read(file)
    except UnicodeDecodeError:
        raise NotASeal("no text") from None


def _verified(settings: Settings, workers: int) -> audit.Verified:
    store = Store(connect(settings.database_url, pool_size=2, timeout_ms=0))
    counter = parallel.Counter()
    with (
        store.reading() as session,
        parallel.walking(settings.database_url, workers, counter) as walk,
        # Each row is looked at in its chain, and again in its day.
        progress.shown(
            parallel.count(seals.driver(session)) + seals.rows(session), lambda: counter.rows, "checks"
        ),
    ):
        return audit.verify(session, trusted(settings), walk, counter.tick)


def _against(settings: Settings, copy: Copy) -> list[Finding]:
    store = Store(connect(settings.database_url, pool_size=1, timeout_ms=0))
    with store.reading() as session:
        stored = seals.every(session)
    return [Finding(why, day=day) for day, why in seal_copy.differences(copy, stored)]


def _holds(result: audit.Verified, copy: Copy | None) -> str:
    beside = f"; {len(copy.seals)} days are those of the copy" if copy else ""
    return f"audit trail holds: {result.rows} rows in {result.chains} chains, {result.sealed} sealed days{beside}"


def _tell(result: audit.Verified, differing: list[Finding]) -> None:
    print(f"AUDIT TRAIL BROKEN: {result.count + len(differing)} findings in {result.rows} rows")
    for finding in (*result.findings, *differing[:20]):
        print(f"  {finding.sentence()}")
    shown = len(result.findings) + len(differing[:20])
    if shown < result.count + len(differing):
        print(f"  and {result.count + len(differing) - shown} more")
