"""A note between members of staff. It never reaches the citizen and never resets a clock."""

from __future__ import annotations

from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services.answer import checked
from feedback.services.app import App
from feedback.services.change import changing
from feedback.store.tables import Message


def add(app: App, actor: Actor, code: str, version: int, text: str) -> None:
    """Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange."""
    words = checked(text)
    with changing(app, actor, Action.COMMENT, code, version) as change:
        note = Message(
            ticket_id=change.ticket.id,
            direction="note",
            author_id=actor.user_id,
            author_name=actor.name,
            text=words,
            created_at=change.tx.now,
        )
        change.tx.session.add(note)
        change.tx.session.flush()
        change.audit(AuditAction.COMMENTED, after={"message": note.id})
