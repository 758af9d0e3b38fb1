"""A local Zalo that remembers its tokens and citizens, so that a second start can answer tickets of the first."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from feedback.embedded.home import write_private
from tests.fakes.server import Call, Reply, json_reply
from tests.fakes.zalo import ZaloFake

CITIZEN_WROTE = "/demo/citizen-wrote"


class RememberingZalo(ZaloFake):
    """Also learns from the player who has just written (a real Zalo carries that message itself)."""

    def __init__(self, memory: Path) -> None:
        super().__init__()
        self._memory = memory
        if memory.exists():
            self._recall(json.loads(memory.read_text(encoding="utf-8")))

    def first_refresh_token(self) -> str:
        """Where the service begins; spent after its first use, and then the service has its own."""
        with self.lock:
            return next(iter(self.state.refresh), None) or self.issue()[1]

    def handle(self, call: Call) -> Reply:
        if call.path == CITIZEN_WROTE:
            self.interact(json.loads(call.body)["user_id"])
            reply = json_reply({"noted": True})
        else:
            reply = super().handle(call)
        self._remember()
        return reply

    def _deliver(self, user: str, text: str, quote: str | None) -> Reply:
        """Whom the service answers has written to it: a webhook sent by hand counts like one of the player."""
        if user not in self.state.seen:
            self.interact(user)
        return super()._deliver(user, text, quote)

    def _remember(self) -> None:
        with self.lock:
            known = {
                "access": {token: until.isoformat() for token, until in self.state.access.items()},
                "refresh": sorted(self.state.refresh),
                "seen": {user: at.isoformat() for user, at in self.state.seen.items()},
            }
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            write_private(self._memory, json.dumps(known))

    def _recall(self, known: dict[str, dict[str, str]]) -> None:
        self.state.access = {token: datetime.fromisoformat(at) for token, at in known["access"].items()}
        self.state.refresh = set(known["refresh"])
        self.state.seen = {user: datetime.fromisoformat(at) for user, at in known["seen"].items()}
