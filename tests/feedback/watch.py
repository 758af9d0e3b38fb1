"""A service whose time the test sets, and staff with accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from feedback.clock import HANOI
from feedback.domain.permissions import Actor
from feedback.services.app import App
from feedback.store import Store
from feedback.store.tables import User


def at(text: str) -> datetime:
    """ "2026-03-02T08:00" on a Hanoi clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@dataclass
class Watch:
    """What the service takes for the database's time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = at(text)


def watched(app: App, watch: Watch) -> App:
    """The same service by another clock."""
    return replace(app, store=Store(app.store.engine, clock=watch))


def hired(app: App, actor: Actor) -> Actor:
    """The person with an account, so that it can be told who did what."""
    with app.store.transaction(Actor.system("test")) as tx:
        user = User(
            email=f"{len(actor.name)}-{actor.name.lower()}@example.test".encode("ascii", "ignore").decode(),
            name=actor.name,
            password="-",
            fs_uniquifier=f"test-{actor.name}",
            ward_code=actor.ward_code,
            created_at=tx.now,
            roles=[],
        )
        tx.session.add(user)
        tx.session.flush()
        tx.audit(f"account:{user.id}", "user_created")
        tx.commit()
    return replace(actor, user_id=user.id)
