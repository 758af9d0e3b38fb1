"""`feedback quarantine …`"""

from __future__ import annotations

from feedback import bootstrap
from feedback.domain.errors import DomainError
from feedback.domain.permissions import Actor, Role
from feedback.services import quarantine
from feedback.settings import Settings

OPERATOR = Actor(None, "command line", frozenset({Role.ADMIN}))


def listing(settings: Settings) -> int:
    """What lies in quarantine: never the content, which is somebody's words."""
    rows = quarantine.waiting(bootstrap.build(settings, pool_size=1), OPERATOR)
    for row in rows:
        print(
            f"{row.id:>8}  {row.received_at:%Y-%m-%d %H:%M}  {row.channel:<8} {row.size:>9} bytes  {row.reason}"
        )
    print(f"{len(rows)} in quarantine")
    return 0


def replay(settings: Settings, raw_id: int) -> int:
    try:
        outcome = quarantine.replay(bootstrap.build(settings, pool_size=1), OPERATOR, raw_id)
    except DomainError as refusal:
        print(refusal.message_vi)
        return 1
    print(f"{outcome.kind}{f' {outcome.code}' if outcome.code else ''}")
    return 0
