"""`feedback status`"""

from __future__ import annotations

import json
from dataclasses import asdict

from feedback.services import status
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.engine import connect

TITLES = {
    "received": "deliveries received",
    "tickets": "  opened a ticket",
    "joined": "  joined a ticket",
    "duplicates": "  repeated",
    "rejected": "  rejected unread",
    "quarantined": "  in quarantine",
    "ignored": "  no citizen's message",
    "routed": "tickets routed to a desk",
    "review": "tickets waiting for a decision",
    "replies_sent": "replies sent",
    "replies_waiting": "replies waiting",
    "dead": "given up, needing a person",
}


def show(settings: Settings, *, as_json: bool) -> int:
    values = asdict(status.current(Store(connect(settings.database_url, pool_size=1))))
    if as_json:
        print(json.dumps(values))
    else:
        for name, title in TITLES.items():
            print(f"{title:<34}{values[name]:>9}")
    return 0
