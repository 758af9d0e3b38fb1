"""What a member of staff was told, at the desk."""

from __future__ import annotations

from feedback.domain.permissions import Action, Actor, allowed
from feedback.services.app import App
from feedback.services.change import facts
from feedback.store import reminders
from feedback.store.reminders import Told

SHOWN = 300


def told(app: App, actor: Actor) -> list[Told]:
    """The newest reminder of each waiting ticket that the actor may still read, the newest `SHOWN` of them."""
    if actor.user_id is None:
        return []
    with app.store.reading() as session:
        rows = reminders.of_person(session, actor.user_id, SHOWN)
    newest: dict[int, Told] = {}
    for row in rows:
        if allowed(actor, Action.READ, facts(row.ticket)):
            newest.setdefault(row.ticket.id, row)
    return list(newest.values())


def unseen(app: App, actor: Actor) -> int:
    """How many reminders wait to be seen."""
    with app.store.reading() as session:
        return reminders.unseen(session, actor)


def mark(app: App, actor: Actor, up_to: int) -> None:
    """The actor has seen every reminder up to this one. Other people's reminders are not touched."""
    if actor.user_id is None:
        return
    with app.store.transaction(actor) as tx:
        reminders.mark_seen(tx.session, actor.user_id, up_to, tx.now)
        tx.commit()
