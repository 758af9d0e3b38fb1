"""What every use case needs, wired once in `feedback.bootstrap` and passed in."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.port import Adapter
from feedback.domain.sealing import Signer
from feedback.domain.worktime import WorkCalendar
from feedback.services.rulebook import Rulebook
from feedback.store import Store
from feedback.store.raw import QuarantineLimits
from feedback.store.sealed import Box, Tracer


@dataclass(frozen=True, slots=True)
class App:
    """`calendar` is the one this version ships.

    `contact_key` is the secret under which addresses are hashed; `box` opens the restricted store; `portal_url` is what
    citizens are told, `desk_url` where staff work.
    """

    store: Store
    adapters: Mapping[str, Adapter]
    calendar: WorkCalendar
    contact_key: bytes
    box: Box
    quarantine: QuarantineLimits
    portal_url: str
    desk_url: str
    rules: Rulebook = field(default_factory=Rulebook)
    signer: Signer | None = None
    """Signs the daily seals; None where this process seals nothing."""
    rng: random.Random = field(default_factory=secrets.SystemRandom)

    @property
    def tracer(self) -> Tracer:
        """Recognises the writers of sealed tickets."""
        return Tracer(self.contact_key)

    @property
    def follow_url(self) -> str:
        """Where a citizen looks a ticket up."""
        return f"{self.portal_url}/tra-cuu"
