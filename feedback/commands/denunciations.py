"""`feedback denunciations …`"""

from __future__ import annotations

import sys

from feedback import bootstrap
from feedback.services import rekey as rekeying
from feedback.settings import Settings


def seal(settings: Settings) -> int:
    """Put under seal every denunciation that still stands in the open."""
    print(f"{rekeying.seal_all(bootstrap.build(settings, pool_size=1))} put under seal")
    return 0


def rekey(settings: Settings) -> int:
    """Encrypt the restricted store with the newest key. Exit code 1 where no key opens a piece; it is left as it was."""
    app = bootstrap.build(settings, pool_size=1)
    total, done = rekeying.waiting(app), 0
    unreadable: set[tuple[str, int]] = set()
    for step in rekeying.steps(app):
        done += step.done
        unreadable |= set(step.unreadable)
        print(f"{done} of {total} pieces", file=sys.stderr)
    print(f"{done} pieces encrypted with the newest key, {len(unreadable)} not readable with any key given")
    if unreadable:
        print("keep the old keys in FEEDBACK_DENUNCIATION_KEY and run this again", file=sys.stderr)
    return 1 if unreadable else 0
